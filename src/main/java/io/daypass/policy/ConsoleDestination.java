package io.daypass.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a console link may lead. A closed list: a destination that is not on it could be a way out
 * of the console to a site of somebody's choice.
 */
public enum ConsoleDestination {
  HOME("/console/home"),
  ATHENA("/athena/home"),
  BACKUP("/backup/home"),
  BATCH("/batch/home"),
  BILLING("/billing/home"),
  CLOUDFORMATION("/cloudformation/home"),
  CLOUDFRONT("/cloudfront/v4/home"),
  CLOUDTRAIL("/cloudtrail/home"),
  CLOUDWATCH("/cloudwatch/home"),
  COST_MANAGEMENT("/cost-management/home"),
  DYNAMODB("/dynamodbv2/home"),
  EC2("/ec2/home"),
  ECR("/ecr/home"),
  ECS("/ecs/v2/home"),
  EKS("/eks/home"),
  ELASTICACHE("/elasticache/home"),
  EVENTS("/events/home"),
  GLUE("/glue/home"),
  IAM("/iam/home"),
  KMS("/kms/home"),
  LAMBDA("/lambda/home"),
  LOGS("/cloudwatch/home#logsV2:log-groups"),
  RDS("/rds/home"),
  ROUTE53("/route53/v2/home"),
  S3("/s3/home"),
  SECRETS_MANAGER("/secretsmanager/home"),
  SNS("/sns/v3/home"),
  SQS("/sqs/v3/home"),
  STATES("/states/home"),
  SYSTEMS_MANAGER("/systems-manager/home"),
  VPC("/vpc/home");

  private final String path;

  ConsoleDestination(String path) {
    this.path = path;
  }

  /** The destination policies call {@code key}. */
  public static Optional<ConsoleDestination> of(String key) {
    return Stream.of(values()).filter(destination -> destination.key().equals(key)).findFirst();
  }

  /** What policies call it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The path under {@code https://console.aws.amazon.com}, or the console of another partition. */
  public String path() {
    return path;
  }
}
