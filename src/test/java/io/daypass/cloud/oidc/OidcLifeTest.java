package io.daypass.cloud.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.daypass.cloud.Credential.OidcToken;
import io.daypass.cloud.Grants;
import io.daypass.cloud.LifeCases;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.issuer.Signing;
import io.daypass.policy.Target;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Random grants: no token of ours outlives its own. */
class OidcLifeTest {

  private static final long SEED = 20_261_122;

  private final OidcTokens tokens = new OidcTokens(Signing.ready(InstantSource.fixed(Grants.NOW)));

  @Test
  void p2_no_token_outlives_its_grant() {
    var audience =
        new Target.Oidc("https://vault.acme.example", Map.of(), Target.Oidc.Signing.ES256);
    var minted = LifeCases.of(SEED, Grants.standard().to(audience)).filter(this::holds).count();
    assertThat(minted).isGreaterThan(LifeCases.EACH / 3);
  }

  /** Whether a token was minted; fails if it should not have been. */
  private boolean holds(Grants grant) {
    try {
      var token = (OidcToken) tokens.mint(grant.recorded());
      var claims = SignedJWT.parse(token.idToken().reveal()).getJWTClaimsSet();
      var expires = claims.getExpirationTime().toInstant();
      assertThat(expires)
          .as(grant.toString())
          .isEqualTo(token.expiresAt())
          .isBeforeOrEqualTo(grant.endsAt())
          .isBeforeOrEqualTo(grant.recordedAt().plus(grant.lifetime()))
          .isBeforeOrEqualTo(grant.recordedAt().plus(Duration.ofMinutes(10)));
      return true;
    } catch (MintException e) {
      assertThat(e.reason()).as(grant.toString()).isEqualTo(Reason.GRANT_TOO_SHORT);
      return false;
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }
}
