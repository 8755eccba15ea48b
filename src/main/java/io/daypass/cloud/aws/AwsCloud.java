package io.daypass.cloud.aws;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Secret;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mints by AssumeRoleWithWebIdentity: Daypass vouches for the grant with an assertion of its own,
 * and needs no identity in AWS. A mint takes at most {@link AwsConfig.Limits#total}, and a failure
 * is one event in the log.
 */
public final class AwsCloud implements Cloud, Console, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AwsCloud.class);

  private final AwsConfig config;
  private final Assertions assertions;
  private final Gates gates;
  private final Effort effort;
  private final Wire wire;
  private final StsClients clients;
  private final ConsoleLinks links;

  /**
   * @param jitter spreads repeated calls; need not be unpredictable
   * @param consolePaths the path, below a partition's console, of each destination that a policy
   *     may name
   */
  public AwsCloud(
      AwsConfig config,
      Assertions assertions,
      RandomGenerator jitter,
      Function<String, Optional<String>> consolePaths) {
    this.config = config;
    this.assertions = assertions;
    this.gates = new Gates(config.limits());
    this.effort = new Effort(config.limits(), jitter);
    this.wire = new Wire(config.limits().connect());
    this.clients = new StsClients(config, wire);
    this.links = new ConsoleLinks(config, wire, consolePaths);
  }

  /**
   * Makes the client of the partition nearly everybody uses, which else the first mint pays for.
   */
  public void warmUp() {
    clients.of(AwsPartition.AWS);
  }

  @Override
  public boolean serves(Target target) {
    return target instanceof Target.Aws;
  }

  @Override
  public Credential mint(RecordedGrant grant) throws MintException {
    if (!(grant.role().target() instanceof Target.Aws target)) {
      throw new IllegalArgumentException("not a role in AWS");
    }
    var wanted = WantedSession.of(grant, target, config);
    var partition = AwsPartition.of(wanted.role());
    try {
      return gates.pass(
          "sts." + partition, wanted.role().account(), () -> assume(partition, wanted));
    } catch (Failure failure) {
      report("cloud.mint.failed", wanted.role().toString(), failure)
          .addKeyValue("issuance", grant.issuance())
          .log();
      throw failure.asMintException();
    }
  }

  private AwsSession assume(AwsPartition partition, WantedSession wanted) throws Failure {
    var client = clients.of(partition);
    var request = wanted.request(assertions.sign(wanted.assertion(), Algorithm.ES256));
    var answer = effort.make(deadline -> StsCall.make(client, request, deadline));
    return ReceivedSession.of(answer, wanted, config.issuer().value());
  }

  @Override
  public Secret link(Target.Aws target, AwsSession session, String destination)
      throws MintException {
    var wanted = links.wanted(target, session, destination);
    var partition = AwsPartition.of(target.roleArn());
    try {
      return gates.pass(
          "signin." + partition,
          target.roleArn().account(),
          () -> effort.make(deadline -> links.link(partition, wanted, deadline)));
    } catch (Failure failure) {
      report("cloud.console.failed", target.roleArn().toString(), failure).log();
      throw failure.asMintException();
    }
  }

  private static org.slf4j.spi.LoggingEventBuilder report(
      String event, String role, Failure failure) {
    return log.atWarn()
        .setMessage(event)
        .addKeyValue("role_arn", role)
        .addKeyValue("reason", failure.reason().code())
        .addKeyValue("detail", failure.detail());
  }

  @Override
  public void close() {
    clients.close();
    wire.close();
  }
}
