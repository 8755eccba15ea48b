package io.daypass.app;

import io.daypass.identity.oidc.IssuerHealth;
import io.daypass.identity.oidc.OidcProof;
import io.daypass.issuer.SigningKeys;
import io.daypass.policy.yaml.WatchedPolicies;
import io.daypass.postgres.DatabaseClock;
import io.daypass.web.Metrics;
import io.daypass.web.Readiness;
import io.daypass.web.Server;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What must hold for a replica to be sent work. */
final class Health {

  private static final Duration DATABASE_SILENCE = Duration.ofSeconds(10);

  private Health() {}

  static Readiness of(
      DatabaseClock clock,
      Preparation preparation,
      SigningKeys keys,
      OidcProof proof,
      List<Server> servers) {
    var checks = new LinkedHashMap<String, Readiness.Check>();
    checks.put("database", holds(() -> clock.answeredWithin(DATABASE_SILENCE), "does not answer"));
    checks.put("tables", holds(preparation::isDone, "not prepared"));
    checks.put("keys", holds(keys::ready, "not loaded"));
    checks.put(
        "clock", holds(clock::isTrustworthy, "differs from the database's by more than 5 s"));
    checks.put(
        "issuers",
        holds(
            () -> proof.health().stream().anyMatch(IssuerHealth::usable),
            "no issuer's keys could be had"));
    checks.put("serving", holds(() -> servers.stream().noneMatch(Server::isDraining), "draining"));
    return new Readiness(checks);
  }

  /** Metrics that also say what an operator should look into, ready or not. */
  static Metrics measured(DatabaseClock clock, WatchedPolicies policies, OidcProof proof) {
    var metrics = new Metrics();
    var version = Health.class.getPackage().getImplementationVersion();
    metrics.process(version == null ? "unknown" : version);
    metrics.gauge(
        "daypass.policies.problems",
        "Problems for which the policies on disk are not in force",
        () -> policies.refusedFor().size());
    metrics.gauge(
        "daypass.issuers.unusable",
        "Issuers whose keys are missing or too old",
        () -> proof.health().stream().filter(issuer -> !issuer.usable()).count());
    metrics.gauge(
        "daypass.clock.difference.seconds",
        "How far the database's clock is ahead of this machine's",
        () -> clock.difference().toMillis() / 1000.0);
    return metrics;
  }

  private static Readiness.Check holds(BooleanSupplier fact, String otherwise) {
    return () -> fact.getAsBoolean() ? Optional.empty() : Optional.of(otherwise);
  }
}
