package io.daypass.sandbox.aws;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The trust policy of a role, read as IAM reads it (IAM user guide, "Create a role for OpenID
 * Connect federation"), and no laxer than a role of Daypass's should be: one statement for one
 * federated principal, on an exact audience and an exact subject.
 */
final class TrustPolicy {

  private static final Set<String> TOP = Set.of("Version", "Statement");
  private static final Set<String> STATEMENT =
      Set.of("Sid", "Effect", "Principal", "Action", "Condition");
  private static final Set<String> ACTIONS =
      Set.of("sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity");

  private TrustPolicy() {}

  /**
   * The role that {@code json} lets in.
   *
   * @param issuer whose provider the account has, without its scheme
   * @throws Refused MalformedPolicyDocument
   */
  static StandInRole role(
      String account, String name, Duration longest, String json, String issuer) {
    var statement = statement(json);
    var principal = object(statement, "Principal");
    PolicyDocument.require(principal.keySet().equals(Set.of("Federated")), "Invalid principal");
    var provider = "arn:aws:iam::" + account + ":oidc-provider/" + issuer;
    PolicyDocument.require(
        provider.equals(principal.get("Federated")),
        "Federated principals must be valid identity providers");
    var condition = object(statement, "Condition");
    PolicyDocument.require(
        condition.keySet().equals(Set.of("StringEquals")), "Daypass's conditions are exact");
    var equal = object(condition, "StringEquals");
    PolicyDocument.require(
        equal.keySet().equals(Set.of(issuer + ":aud", issuer + ":sub")),
        "an audience and a subject, and nothing else");
    var actions = actions(statement.get("Action"));
    return new StandInRole(
        account,
        name,
        longest,
        exact(equal.get(issuer + ":aud")),
        exact(equal.get(issuer + ":sub")),
        actions.contains("sts:TagSession"),
        actions.contains("sts:SetSourceIdentity"),
        false);
  }

  private static Map<?, ?> statement(String json) {
    var top =
        Json.object(json)
            .orElseThrow(() -> PolicyDocument.malformed("This policy contains invalid Json"));
    PolicyDocument.require(top.keySet().equals(TOP), "Syntax errors in policy: unknown element");
    PolicyDocument.require("2012-10-17".equals(top.get("Version")), "Version");
    if (!(top.get("Statement") instanceof List<?> all)
        || all.size() != 1
        || !(all.getFirst() instanceof Map<?, ?> found)
        || !STATEMENT.containsAll(found.keySet())) {
      throw PolicyDocument.malformed("Syntax errors in policy: Statement");
    }
    PolicyDocument.require("Allow".equals(found.get("Effect")), "Effect");
    return found;
  }

  private static Set<String> actions(@Nullable Object raw) {
    var actions = new HashSet<String>();
    for (var one : raw instanceof List<?> many ? many : List.of(String.valueOf(raw))) {
      PolicyDocument.require(
          one instanceof String action && ACTIONS.contains(action),
          "AssumeRole policy may only specify STS AssumeRole actions.");
      actions.add((String) one);
    }
    PolicyDocument.require(
        actions.contains("sts:AssumeRoleWithWebIdentity"), "the action that lets somebody in");
    return actions;
  }

  private static Map<?, ?> object(Map<?, ?> of, String name) {
    if (of.get(name) instanceof Map<?, ?> found) {
      return found;
    }
    throw PolicyDocument.malformed("Syntax errors in policy: " + name);
  }

  private static String exact(@Nullable Object value) {
    if (value instanceof String text
        && !text.isBlank()
        && text.indexOf('*') < 0
        && text.indexOf('?') < 0) {
      return text;
    }
    throw PolicyDocument.malformed("an exact value");
  }
}
