package io.daypass.cloud.azure;

import io.daypass.cloud.Binding;
import io.daypass.cloud.BindingStore.Held;
import io.daypass.cloud.Bindings;
import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.AzureToken;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Remover;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.cloud.azure.Entra.Wanted;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.cloud.wire.PlacedTurn;
import io.daypass.cloud.wire.Wire;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mints by Entra's client credentials, with an assertion in place of a secret: Daypass vouches for
 * the grant and keeps no identity in Azure. How long a token lives is Entra's choice and nobody can
 * end it; so a role names a role assignment that is made for the grant and removed at its end, or
 * accepts that its tokens outlive the approval.
 */
public final class AzureCloud implements Cloud, Remover, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AzureCloud.class);

  /** Less than this is over before it can be used. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  // Microsoft.IdentityModel, "TokenValidationParameters.DefaultClockSkew": a service may take a
  // token for 5 minutes after its end; a minute for the database's clock.
  private static final Duration BELIEVED_ON = Duration.ofMinutes(6);

  /**
   * What a role agrees to that accepts tokens which outlive the approval: Entra gives an
   * application's 60 to 90 minutes ("Access tokens in the Microsoft identity platform"), and twenty
   * more would be no surprise.
   */
  static final Duration ACCEPTED = Duration.ofHours(2);

  private final AzureConfig config;
  private final Bindings bindings;
  private final Gates gates;
  private final Wire wire;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Entra entra;
  private final Binder binder;
  private final ResourceManager resourceManager;
  private final RoleAssignments assignments;
  private final ScopeLocks locks;
  private final AzureTrials trials;

  /**
   * @param jitter spreads repeated calls; need not be unpredictable
   */
  public AzureCloud(
      AzureConfig config,
      Assertions assertions,
      Bindings bindings,
      InstantSource clock,
      RandomGenerator jitter) {
    this.config = config;
    this.bindings = bindings;
    this.gates = new Gates(config.limits());
    var trust = config.trust();
    var connect = config.limits().connect();
    this.wire = trust == null ? new Wire(connect) : new Wire(connect, trust);
    var effort = new Effort(config.limits(), jitter);
    this.entra = new Entra(config, assertions, wire, gates, effort, threads);
    this.binder = new Binder(config, entra, clock);
    this.resourceManager = new ResourceManager(config.resourceManager(), wire, gates, effort);
    this.assignments = new RoleAssignments(resourceManager);
    var probe = new ScopeProbe(resourceManager);
    this.locks = new ScopeLocks(resourceManager);
    this.trials = new AzureTrials(config, entra, binder, probe, locks, wire);
  }

  @Override
  public boolean serves(Target target) {
    return target instanceof Target.Azure;
  }

  @Override
  public Optional<Turn> turn(Target target) {
    if (!(target instanceof Target.Azure azure)) {
      throw new IllegalArgumentException("not a role in Azure");
    }
    return azure.assignment() != null && resourceManager.isShut(azure.tenant())
        ? Optional.empty()
        : entra.place(azure.tenant()).map(place -> new PlacedTurn(place, this::mint));
  }

  @Override
  public int heldBack() {
    return gates.closed();
  }

  private Credential mint(RecordedGrant grant, Gates.Place place) throws MintException {
    if (!(grant.role().target() instanceof Target.Azure target)) {
      throw new IllegalArgumentException("not a role in Azure");
    }
    if (Duration.between(grant.recordedAt(), grant.endsAt()).compareTo(SHORTEST) < 0) {
      throw new MintException(Reason.GRANT_TOO_SHORT);
    }
    try {
      binder.keptFrom(target);
      var assignment = target.assignment();
      return assignment == null
          ? accepted(grant, target, place)
          : assigned(grant, target, assignment, place);
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (Failure failure) {
      report("cloud.mint.failed", target.tenant(), failure, grant.issuance());
      throw failure.asMintException();
    }
  }

  AzureTrials trials() {
    return trials;
  }

  private Credential accepted(RecordedGrant grant, Target.Azure target, Gates.Place place)
      throws MintException, Failure {
    var client = target.clientId();
    var token = entra.token(Wanted.under(grant, target, client, config), place);
    token.livesNoLongerThan(ACCEPTED, grant.recordedAt());
    bindings.confirmUnbound(AssignedRole.holder(target.tenant(), client), deadAt(token));
    return credential(grant, target, token, true);
  }

  private Credential assigned(
      RecordedGrant grant,
      Target.Azure target,
      Target.Azure.RoleAssignment assignment,
      Gates.Place place)
      throws MintException, Failure {
    var held = bindings.hold(grant, AssignedRole.wanted(target, assignment));
    var role = new AssignedRole(held.binding());
    ReceivedToken token;
    try {
      token = entra.token(Wanted.under(grant, target, role.client(), config), place);
    } catch (Failure | KeysUnavailableException e) {
      bindings.giveUp(held, grant);
      throw e;
    }
    try {
      if (!held.made()) {
        make(held, grant, assigning(held, grant, token));
      }
      bindings.confirm(held.binding(), grant, deadAt(token));
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e).afterCredential();
    } catch (Failure failure) {
      report("cloud.mint.failed", target.tenant(), failure, grant.issuance());
      throw failure.asMintException().afterCredential();
    } catch (MintException e) {
      throw e.afterCredential();
    }
    return credential(grant, target, token, false);
  }

  private static Instant deadAt(ReceivedToken token) {
    return token.expiresAt().plus(BELIEVED_ON);
  }

  /** What it takes to assign a role: to whom, where, and in whose name. */
  private record Assigning(RoleAssignments.Place place, String principal, Secret by) {}

  private Assigning assigning(Held.Ready held, RecordedGrant grant, ReceivedToken token)
      throws Failure {
    try {
      var principal =
          token
              .principal()
              .orElseThrow(() ->
                  Failure.lasting(
                      Reason.CLOUD_ANSWER_WRONG,
                      "entra: the token does not say whose it is, so nothing can be assigned"));
      var place = new AssignedRole(held.binding()).place();
      var by = binder.token(place.tenant(), held.binding().id());
      locks.keepOut(place, by);
      return new Assigning(place, principal, by);
    } catch (Failure | KeysUnavailableException e) {
      bindings.giveUp(held, grant);
      throw e;
    }
  }

  private void make(Held.Ready held, RecordedGrant grant, Assigning assigning)
      throws MintException, Failure {
    var place = assigning.place();
    bindings.make(
        held,
        grant,
        () -> {
          try {
            var said = AssignedRole.description(grant);
            assignments.put(place, assigning.principal(), said, assigning.by());
          } catch (Failure failure) {
            report("cloud.mint.failed", place.tenant(), failure, grant.issuance());
            throw failure.asMintException();
          }
        });
    assignments.awaitShown(place, assigning.principal(), assigning.by(), config.readyWithin());
  }

  @Override
  public String cloud() {
    return AssignedRole.CLOUD;
  }

  @Override
  public String told(MintException failure) {
    var said = failure.said();
    return said != null && said.code().equals(ScopeLocks.CODE)
        ? "scope_locked"
        : Remover.super.told(failure);
  }

  @Override
  public void remove(Binding binding) throws MintException {
    var place = new AssignedRole(binding).place();
    try {
      assignments.delete(place, binder.token(place.tenant(), binding.id()));
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (Failure failure) {
      if (failure.reason() == Reason.CLOUD_REFUSED) {
        binder.forget(place.tenant());
      }
      report("cloud.removal.failed", place.tenant(), failure, binding.id());
      throw failure.asMintException();
    }
  }

  static AzureToken credential(
      RecordedGrant grant, Target.Azure target, ReceivedToken token, boolean outlives) {
    var ends = grant.endsAt();
    Instant lives = token.expiresAt();
    return new AzureToken(
        token.value(),
        target.scope(),
        lives.isBefore(ends) ? lives : ends,
        lives,
        token.id().orElseGet(() -> grant.issuance().toString()),
        outlives);
  }

  private static void report(String event, String tenant, Failure failure, Object about) {
    log.atWarn()
        .addKeyValue("tenant", tenant)
        .addKeyValue("reason", failure.reason().code())
        .addKeyValue("detail", failure.detail())
        .addKeyValue("about", about)
        .log(event);
  }

  @Override
  public void close() {
    wire.close();
    threads.shutdownNow();
  }
}
