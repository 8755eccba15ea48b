package io.daypass.cloud.aws;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.cloud.wire.CloudTime;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.cloud.wire.Limits;
import io.daypass.cloud.wire.PlacedTurn;
import io.daypass.cloud.wire.Wire;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mints by AssumeRoleWithWebIdentity: Daypass vouches for the grant with an assertion of its own,
 * and needs no identity in AWS. A mint takes at most {@link Limits#total}, once its turn has come,
 * and a failure is one event in the log. Without a signing key {@link
 * Assertions.KeysUnavailableException} comes through: nothing was sent then.
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
  public int heldBack() {
    return gates.closed();
  }

  @Override
  public Optional<Turn> turn(Target target) {
    if (!(target instanceof Target.Aws aws)) {
      throw new IllegalArgumentException("not a role in AWS");
    }
    var role = aws.roleArn();
    return gates
        .place(sts(AwsPartition.of(role)), role.account())
        .map(place -> new PlacedTurn(place, this::mint));
  }

  private static String sts(AwsPartition partition) {
    return "sts." + partition;
  }

  private Credential mint(RecordedGrant grant, Gates.Place place) throws MintException {
    if (!(grant.role().target() instanceof Target.Aws target)) {
      throw new IllegalArgumentException("not a role in AWS");
    }
    var role = target.roleArn();
    try {
      var wanted = WantedSession.of(grant, target, config);
      var partition = AwsPartition.of(role);
      return place.pass(() -> assume(partition, wanted));
    } catch (KeysUnavailableException e) {
      throw new MintException(MintException.Reason.KEYS_UNAVAILABLE, e);
    } catch (MintException refusal) {
      var said = refusal.said();
      var why = said == null ? "not asked" : said.text();
      report("cloud.mint.failed", role, refusal.reason(), why, grant.issuance());
      throw refusal;
    } catch (Failure failure) {
      report("cloud.mint.failed", role, failure.reason(), failure.detail(), grant.issuance());
      throw failure.asMintException();
    }
  }

  private AwsSession assume(AwsPartition partition, WantedSession wanted) throws Failure {
    var client = clients.of(partition);
    var request = wanted.request(assertions.sign(wanted.assertion(), Algorithm.ES256));
    var answer = effort.make(deadline -> StsCall.make(client, request, deadline));
    return ReceivedSession.of(answer, wanted, config.issuer().value());
  }

  /** A session by {@code trial}, which does nothing; it is for a checkup, never for a caller. */
  AwsSession trial(RecordedGrant grant, Target.Aws target, Trial trial) throws MintException {
    var partition = AwsPartition.of(target.roleArn());
    try {
      var wanted = WantedSession.of(grant, target, config);
      var assertion = assertions.sign(trial.assertion(wanted), Algorithm.ES256);
      var request = trial.request(wanted, grant, target, assertion);
      var client = clients.of(partition);
      var answer = effort.make(deadline -> StsCall.make(client, request, deadline));
      return ReceivedSession.ofTrial(answer, wanted);
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (Failure failure) {
      throw failure.asMintException();
    }
  }

  /** The audience that {@code role}'s account must know as a client id. */
  String audienceFor(RoleArn role) {
    return config.audienceFor(role);
  }

  /** How far STS's clock is ahead of {@code ours}; empty if it does not say what time it is. */
  Optional<Duration> clockAhead(RoleArn role, InstantSource ours) {
    return CloudTime.ahead(wire, clients.endpoint(AwsPartition.of(role)), ours);
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
      report("cloud.console.failed", target.roleArn(), failure.reason(), failure.detail(), "none");
      throw failure.asMintException();
    }
  }

  /** Asks for what a link would sign {@code session} in with, and drops it. */
  void tryConsole(Target.Aws target, AwsSession session) throws MintException {
    var partition = AwsPartition.of(target.roleArn());
    try {
      effort.make(deadline -> links.token(partition, session, deadline));
    } catch (Failure failure) {
      throw failure.asMintException();
    }
  }

  private static void report(
      String event, RoleArn role, Reason reason, String detail, Object issuance) {
    log.atWarn()
        .addKeyValue("role_arn", role)
        .addKeyValue("reason", reason.code())
        .addKeyValue("detail", detail)
        .addKeyValue("issuance", issuance)
        .log(event);
  }

  @Override
  public void close() {
    clients.close();
    wire.close();
  }
}
