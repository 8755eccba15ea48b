package io.daypass.cloud.azure;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.Failure;
import io.daypass.issuer.Assertion;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Daypass's own identity in a tenant, which may assign and unassign the roles of grants and do
 * nothing else. Its tokens are kept while they live, in this process only: what must be removed is
 * removed also while Entra is away.
 */
final class Binder {

  private static final Duration MARGIN = Duration.ofMinutes(5);

  private final AzureConfig config;
  private final Entra entra;
  private final InstantSource clock;
  private final Map<String, ReceivedToken> byTenant = new ConcurrentHashMap<>();

  Binder(AzureConfig config, Entra entra, InstantSource clock) {
    this.config = config;
    this.entra = entra;
    this.clock = clock;
  }

  /**
   * A token for Resource Manager.
   *
   * @param about what it is wanted for, the assertion's jti
   */
  Secret token(String tenant, UUID about) throws Failure {
    var now = clock.instant();
    var kept = byTenant.get(tenant);
    if (kept != null && now.plus(MARGIN).isBefore(kept.expiresAt())) {
      return kept.value();
    }
    var token = entra.token(wanted(tenant, about, now.truncatedTo(ChronoUnit.SECONDS)));
    byTenant.put(tenant, token);
    return token.value();
  }

  /** Whether {@code target} names it as an identity of a role. */
  boolean isIn(Target.Azure target) {
    var client = config.binder();
    return client != null && target.clientIds().stream().anyMatch(client::equalsIgnoreCase);
  }

  /**
   * Its tokens are never handed out, whatever the policies call an identity of theirs.
   *
   * @throws Failure if {@code target} would do that
   */
  void keptFrom(Target.Azure target) throws Failure {
    if (isIn(target)) {
      throw Failure.lasting(
          Reason.CLOUD_REFUSED,
          "the role's client id is clouds.azure.binder: whoever had it could assign roles");
    }
  }

  /** Resource Manager would not have it: the next one is new. */
  void forget(String tenant) {
    byTenant.remove(tenant);
  }

  private Entra.Wanted wanted(String tenant, UUID about, Instant from) throws Failure {
    var client = config.binder();
    if (client == null) {
      throw Failure.lasting(
          Reason.CLOUD_REFUSED, "clouds.azure.binder is not set: nobody may assign roles");
    }
    return new Entra.Wanted(
        tenant,
        client,
        config.resourceManagerScope(),
        Assertion.toCloud(
            "daypass:binder", config.assertionAudience(), about.toString(), from, Map.of()));
  }
}
