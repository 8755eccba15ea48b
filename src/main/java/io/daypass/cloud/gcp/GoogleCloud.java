package io.daypass.cloud.gcp;

import com.google.auth.oauth2.AccessToken;
import io.daypass.cloud.Binding;
import io.daypass.cloud.Bindings;
import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.GoogleToken;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Remover;
import io.daypass.cloud.Turn;
import io.daypass.cloud.wire.CloudTime;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.cloud.wire.PlacedTurn;
import io.daypass.cloud.wire.Wire;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mints by workload identity federation and impersonation: Daypass vouches for the grant with an
 * assertion of its own, and needs no identity in Google Cloud. A token cannot be ended before its
 * time, so none is asked for that would outlive its grant, and one that would is dropped.
 */
public final class GoogleCloud implements Cloud, Remover, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GoogleCloud.class);

  private static final String HOST = "google";

  // Google names no leeway for its own tokens: a minute by which its clock and the database's may
  // differ (ReceivedToken), and one by which those of its servers may.
  private static final Duration BELIEVED_ON = Duration.ofMinutes(2);

  private final Assertions assertions;
  private final Bindings bindings;
  private final Gates gates;
  private final Effort effort;
  private final Wire wire;
  private final GoogleSteps steps;
  private final PolicyEditor policies;
  private final PolicyProbe probe;
  private final GoogleConfig.Endpoints endpoints;

  /**
   * @param clock the database's, for what is done when no grant's record says the time
   * @param jitter spreads repeated calls; need not be unpredictable
   */
  public GoogleCloud(
      GoogleConfig config,
      Assertions assertions,
      Bindings bindings,
      InstantSource clock,
      RandomGenerator jitter) {
    var limits = config.limits();
    this.assertions = assertions;
    this.bindings = bindings;
    this.gates = new Gates(limits);
    this.effort = new Effort(limits, jitter);
    this.wire = new Wire(limits.connect());
    this.steps = new GoogleSteps(wire, config.endpoints());
    var edits = new Effort(GoogleConfig.forEdits(limits), jitter);
    this.policies = new PolicyEditor(steps, assertions, gates, edits, clock);
    this.probe = new PolicyProbe(steps, assertions, gates, effort, clock);
    this.endpoints = config.endpoints();
  }

  @Override
  public boolean serves(Target target) {
    return target instanceof Target.Google;
  }

  @Override
  public Optional<Turn> turn(Target target) {
    if (!(target instanceof Target.Google google)) {
      throw new IllegalArgumentException("not a role in Google Cloud");
    }
    return placeFor(google).map(place -> new PlacedTurn(place, this::mint));
  }

  /** Where a mint for {@code target} passes first. */
  private Optional<Gates.Place> placeFor(Target.Google target) {
    var line = target.binding();
    if (line == null) {
      return gates.place(HOST, project(target));
    }
    return gates.isShut(HOST, project(target)) ? Optional.empty() : policies.place(line.resource());
  }

  @Override
  public int heldBack() {
    return gates.closed();
  }

  private Credential mint(RecordedGrant grant, Gates.Place place) throws MintException {
    if (!(grant.role().target() instanceof Target.Google target)) {
      throw new IllegalArgumentException("not a role in Google Cloud");
    }
    var begun = System.nanoTime();
    var line = target.binding();
    return minted(
        grant,
        target,
        () ->
            line == null
                ? unbound(WantedToken.of(grant, target, target.serviceAccount(), begun), place)
                : bound(grant, target, line, begun, place));
  }

  /** A token of {@code account}, with nothing made for its grant. */
  GoogleToken trial(RecordedGrant grant, Target.Google target, String account)
      throws MintException {
    var begun = System.nanoTime();
    return minted(
        grant,
        target,
        () ->
            gates.pass(
                HOST, project(target), passage(WantedToken.of(grant, target, account, begun))));
  }

  /** How far Google's clock is ahead of {@code ours}; empty if it does not say what time it is. */
  Optional<Duration> clockAhead(InstantSource ours) {
    return CloudTime.ahead(wire, endpoints.of(GoogleCall.exchange()), ours);
  }

  /** What the binder may do to a policy, and who has the role without Daypass. */
  PolicyProbe.Seen look(Target.Google target, Target.Google.IamBinding line, UUID about)
      throws MintException {
    try {
      return probe.look(target, line, about);
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (Failure failure) {
      throw failure.asMintException();
    }
  }

  @FunctionalInterface
  private interface Minting {
    GoogleToken make() throws MintException, Failure;
  }

  private static GoogleToken minted(RecordedGrant grant, Target.Google target, Minting minting)
      throws MintException {
    try {
      return minting.make();
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (MintException refusal) {
      report(target, refusal.reason(), refusal.mayExist() ? "dropped" : "not asked", grant);
      throw refusal;
    } catch (Failure failure) {
      report(target, failure.reason(), failure.detail(), grant);
      throw failure.asMintException();
    }
  }

  /** A token whose rights are its account's for good. */
  private GoogleToken unbound(WantedToken wanted, Gates.Place place) throws MintException, Failure {
    var token = place.pass(passage(wanted));
    bindings.confirmUnbound(PolicyLine.holder(wanted.account()), deadAt(token));
    return token;
  }

  private static Instant deadAt(GoogleToken token) {
    return token.expiresAt().plus(BELIEVED_ON);
  }

  private Gates.Passage<GoogleToken> passage(WantedToken wanted) {
    var way = new Way(wanted, assertions.sign(wanted.assertion(), Algorithm.ES256));
    return () -> effort.make(way::attempt);
  }

  /** A token whose rights are made for its grant, and confirmed before it leaves. */
  private GoogleToken bound(
      RecordedGrant grant,
      Target.Google target,
      Target.Google.IamBinding wanted,
      long begun,
      Gates.Place place)
      throws MintException, Failure {
    // Nothing is made for a grant too short to get a token.
    WantedToken.of(grant, target, target.serviceAccount(), begun);
    var held = bindings.hold(grant, PolicyLine.wanted(target, wanted));
    var line = new PolicyLine(held.binding());
    bindings.make(held, grant, () -> edited(() -> policies.add(line, grant.endsAt(), place), line));
    if (held.made()) {
      // Of this grant, or of one that this one extends.
      policies.prolong(line, grant.endsAt(), place);
    }
    var asked = WantedToken.of(grant, target, line.account(), begun);
    var token = gates.pass(HOST, project(target), passage(asked));
    bindings.confirm(held.binding(), grant, deadAt(token));
    return token;
  }

  @Override
  public String cloud() {
    return PolicyLine.CLOUD;
  }

  @Override
  public void remove(Binding binding) throws MintException {
    var line = new PolicyLine(binding);
    edited(() -> policies.remove(line), line);
  }

  @FunctionalInterface
  private interface Editing {
    void make() throws Failure;
  }

  private static void edited(Editing editing, PolicyLine line) throws MintException {
    try {
      editing.make();
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (Failure failure) {
      log.atWarn()
          .addKeyValue("resource", line.resource())
          .addKeyValue("reason", failure.reason().code())
          .addKeyValue("detail", failure.detail())
          .addKeyValue("binding", line.binding().id())
          .log("cloud.binding.failed");
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
      var got = steps.impersonate(token, wanted.account(), target.scopes(), lifetime, deadline);
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
