package io.daypass.cloud.gcp;

import com.google.auth.oauth2.AccessToken;
import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.GoogleToken;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Turn;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.cloud.wire.Wire;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mints by workload identity federation and impersonation: Daypass vouches for the grant with an
 * assertion of its own, and needs no identity in Google Cloud. A token cannot be ended before its
 * time, so none is asked for that would outlive its grant, and one that would is dropped.
 */
public final class GoogleCloud implements Cloud, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GoogleCloud.class);

  private static final String HOST = "google";

  private final Assertions assertions;
  private final Gates gates;
  private final Effort effort;
  private final Wire wire;
  private final GoogleSteps steps;

  /**
   * @param jitter spreads repeated calls; need not be unpredictable
   */
  public GoogleCloud(GoogleConfig config, Assertions assertions, RandomGenerator jitter) {
    this.assertions = assertions;
    this.gates = new Gates(config.limits());
    this.effort = new Effort(config.limits(), jitter);
    this.wire = new Wire(config.limits().connect());
    this.steps = new GoogleSteps(wire, config.endpoints());
  }

  @Override
  public boolean serves(Target target) {
    return target instanceof Target.Google;
  }

  @Override
  public Optional<Turn> turn(Target target) {
    return target instanceof Target.Google google
        ? gates.turn(HOST, project(google))
        : Optional.empty();
  }

  @Override
  public int heldBack() {
    return gates.closed();
  }

  @Override
  public Credential mint(RecordedGrant grant) throws MintException {
    if (!(grant.role().target() instanceof Target.Google target)) {
      throw new IllegalArgumentException("not a role in Google Cloud");
    }
    try {
      var wanted = WantedToken.of(grant, target, System.nanoTime());
      var assertion = assertions.sign(wanted.assertion(), Algorithm.ES256);
      var way = new Way(wanted, assertion);
      return gates.pass(HOST, project(target), () -> effort.make(way::attempt));
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (MintException refusal) {
      report(target, refusal.reason(), "not asked", grant);
      throw refusal;
    } catch (Failure failure) {
      report(target, failure.reason(), failure.detail(), grant);
      throw failure.asMintException();
    }
  }

  /** Whose quota the calls count against, and whose trouble they share. */
  private static String project(Target.Google target) {
    var account = target.serviceAccount();
    return account.substring(account.indexOf('@') + 1);
  }

  /** One mint: what an attempt has got stands for the next, and the life is reckoned anew. */
  private final class Way {

    private final WantedToken wanted;
    private final String assertion;
    private @Nullable AccessToken federated;

    Way(WantedToken wanted, String assertion) {
      this.wanted = wanted;
      this.assertion = assertion;
    }

    GoogleToken attempt(Deadline deadline) throws Failure {
      var target = wanted.target();
      var token = federated;
      if (token == null) {
        token = steps.exchange(target.workloadIdentityProvider(), assertion, deadline);
        federated = token;
      }
      if (!wanted.isWorthAsking()) {
        throw Failure.lasting(Reason.GRANT_TOO_SHORT, "the exchange took the rest of it");
      }
      var lifetime = wanted.lifetime();
      var got =
          steps.impersonate(token, target.serviceAccount(), target.scopes(), lifetime, deadline);
      return ReceivedToken.of(got, wanted, lifetime);
    }
  }

  private static void report(
      Target.Google target, Reason reason, String detail, RecordedGrant grant) {
    log.atWarn()
        .addKeyValue("service_account", target.serviceAccount())
        .addKeyValue("reason", reason.code())
        .addKeyValue("detail", detail)
        .addKeyValue("issuance", grant.issuance())
        .log("cloud.mint.failed");
  }

  @Override
  public void close() {
    wire.close();
  }
}
