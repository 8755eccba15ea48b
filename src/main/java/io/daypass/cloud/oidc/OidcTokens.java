package io.daypass.cloud.oidc;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.OidcToken;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.SessionName;
import io.daypass.cloud.SourceIdentity;
import io.daypass.cloud.Turn;
import io.daypass.issuer.Assertion;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Mints by signing: a token in Daypass's own name for Kubernetes, Vault, a registry or a service,
 * which trust it as they trust any OIDC issuer. Nobody is asked over a network, and nobody can be
 * told to stop believing a token, so it lives ten minutes at most.
 */
public final class OidcTokens implements Cloud {

  /** The longest life: the keys in the JWKS outlast it, and a revocation waits no longer. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  /** Less than this is over before it can be used. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private final Assertions assertions;

  public OidcTokens(Assertions assertions) {
    this.assertions = assertions;
  }

  @Override
  public boolean serves(Target target) {
    return target instanceof Target.Oidc;
  }

  @Override
  public Optional<Turn> turn(Target target) {
    return Optional.of(Turn.atOnce(this::signed));
  }

  @Override
  public int heldBack() {
    return 0;
  }

  private Credential signed(RecordedGrant grant) throws MintException {
    if (!(grant.role().target() instanceof Target.Oidc target)) {
      throw new IllegalArgumentException("not a role of an OIDC audience");
    }
    var from = grant.recordedAt().truncatedTo(ChronoUnit.SECONDS);
    var expires = expiry(grant);
    if (Duration.between(grant.recordedAt(), expires).compareTo(SHORTEST) < 0) {
      throw new MintException(Reason.GRANT_TOO_SHORT);
    }
    try {
      var token = assertions.sign(assertion(grant, target, from, expires), algorithm(target));
      return new OidcToken(new Secret(token), expires, grant.issuance().toString());
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    }
  }

  /** Whole seconds, and never later than the exact instant: exp is a number of seconds. */
  private static Instant expiry(RecordedGrant grant) {
    var lifetime = grant.role().credentialLifetime();
    var longest = lifetime.compareTo(LONGEST) < 0 ? lifetime : LONGEST;
    // From the second that iat names, for a life is judged by exp less iat.
    var latest = grant.recordedAt().truncatedTo(ChronoUnit.SECONDS).plus(longest);
    var ends = grant.endsAt();
    return (ends.isBefore(latest) ? ends : latest).truncatedTo(ChronoUnit.SECONDS);
  }

  private static Algorithm algorithm(Target.Oidc target) {
    return switch (target.signing()) {
      case RS256 -> Algorithm.RS256;
      case ES256 -> Algorithm.ES256;
    };
  }

  private static Assertion assertion(
      RecordedGrant grant, Target.Oidc target, Instant from, Instant expires) {
    var claims = new LinkedHashMap<String, Object>(target.claims());
    // Last, so that nothing a role says stands in their place; the policies refuse it besides.
    claims.put(
        "daypass",
        Map.of(
            "role", grant.role().name(),
            "request", grant.request().value(),
            "issuance", grant.issuance().toString(),
            "requester", SourceIdentity.of(grant.requester().id()).value(),
            "session", SessionName.of(grant.requester(), grant.request()).value()));
    return new Assertion(
        "role:" + grant.role().name(),
        target.audience(),
        grant.issuance().toString(),
        from,
        expires,
        claims);
  }
}
