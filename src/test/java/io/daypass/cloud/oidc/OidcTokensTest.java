package io.daypass.cloud.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.daypass.cloud.Credential.OidcToken;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.issuer.MemoryKeyStore;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OidcTokensTest {

  private static final Instant SECOND = Instant.parse("2026-11-21T10:00:00Z");
  private static final String AUDIENCE = "https://kubernetes.example.com";

  private final SigningKeys keys = Signing.ready(InstantSource.fixed(Grants.NOW));
  private final OidcTokens tokens = new OidcTokens(keys);

  private static Grants grant(Map<String, Object> claims, Target.Oidc.Signing signing) {
    return Grants.standard().to(new Target.Oidc(AUDIENCE, claims, signing)).called("cluster-view");
  }

  private static Grants grant() {
    return grant(Map.of(), Target.Oidc.Signing.RS256);
  }

  private OidcToken mint(Grants grant) throws MintException {
    return (OidcToken) tokens.mint(grant.recorded());
  }

  /** What a receiver reads that knows nothing of Daypass but its published keys. */
  private JWTClaimsSet verified(OidcToken token, JWSAlgorithm algorithm) throws Exception {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            algorithm, new ImmutableJWKSet<>(JWKSet.parse(keys.jwks().body()))));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            AUDIENCE,
            new JWTClaimsSet.Builder().issuer(Signing.ISSUER.value()).build(),
            Set.of("sub", "iat", "nbf", "exp", "jti")) {
          @Override
          protected Date currentTime() {
            return Date.from(Grants.NOW);
          }
        });
    return processor.process(token.idToken().reveal(), null);
  }

  @Test
  void a_receiver_that_trusts_the_published_keys_takes_it() throws Exception {
    var token =
        mint(grant(Map.of("groups", List.of("viewers"), "tier", 2), Target.Oidc.Signing.RS256));
    var claims = verified(token, JWSAlgorithm.RS256);
    assertThat(claims.getSubject()).isEqualTo("role:cluster-view");
    assertThat(claims.getAudience()).containsExactly(AUDIENCE);
    assertThat(claims.getJWTID()).isEqualTo(Grants.ISSUANCE.toString()).isEqualTo(token.id());
    assertThat(claims.getIssueTime()).isEqualTo(SECOND).isEqualTo(claims.getNotBeforeTime());
    assertThat(claims.getExpirationTime().toInstant())
        .isEqualTo(SECOND.plus(Duration.ofMinutes(10)))
        .isEqualTo(token.expiresAt());
    assertThat(claims.getStringListClaim("groups")).containsExactly("viewers");
    assertThat(claims.getJSONObjectClaim("daypass"))
        .containsOnly(
            Map.entry("role", "cluster-view"),
            Map.entry("request", Grants.REQUEST.value()),
            Map.entry("issuance", Grants.ISSUANCE.toString()),
            Map.entry("requester", "staff=8c1b2e-4f"),
            Map.entry("session", "alice@example.com-" + Grants.REQUEST.value()));
  }

  @ParameterizedTest
  @EnumSource(Target.Oidc.Signing.class)
  void it_is_signed_as_the_role_says(Target.Oidc.Signing signing) throws Exception {
    var token = mint(grant(Map.of(), signing));
    var header = SignedJWT.parse(token.idToken().reveal()).getHeader();
    assertThat(header.getAlgorithm().getName()).isEqualTo(signing.name());
    assertThat(header.getKeyID()).isNotBlank();
    assertThat(verified(token, JWSAlgorithm.parse(signing.name())).getSubject()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    // What the role gives, what is left of the grant, what the token gets.
    "PT1H,  PT8H,       PT10M",
    "PT10M, PT8H,       PT10M",
    "PT2M,  PT8H,       PT2M",
    "PT1H,  PT5M,       PT5M",
    "PT1H,  PT9M59.9S,  PT9M59S",
    "PT1H,  PT6.5S,     PT6S",
  })
  void p2_it_ends_with_the_first_of_ten_minutes_the_role_s_lifetime_and_the_grant(
      Duration lifetime, Duration left, Duration expected) throws Exception {
    var token = mint(grant().lifetime(lifetime).ending(SECOND.plus(left)));
    assertThat(token.expiresAt()).isEqualTo(SECOND.plus(expected));
    assertThat(verified(token, JWSAlgorithm.RS256).getExpirationTime())
        .isEqualTo(token.expiresAt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1H", "PT0S", "PT1S", "PT5S"})
  void p2_a_grant_that_is_over_or_nearly_so_gets_nothing(Duration left) {
    assertThatThrownBy(() -> mint(grant().ending(SECOND.plus(left))))
        .isInstanceOfSatisfying(
            MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.GRANT_TOO_SHORT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "sub", "aud", "exp", "iat", "nbf", "jti"})
  void no_claim_of_a_role_stands_in_the_place_of_a_registered_one(String name) {
    // The policies refuse such a role already; whatever got past them is not signed.
    assertThatThrownBy(
            () -> mint(grant(Map.of(name, "role:prod-admin"), Target.Oidc.Signing.RS256)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void no_claim_of_a_role_stands_in_the_place_of_daypass_s_own() throws Exception {
    var claims = Map.<String, Object>of("daypass", Map.of("requester", "staff=root"));
    var token = mint(grant(claims, Target.Oidc.Signing.RS256));
    assertThat(verified(token, JWSAlgorithm.RS256).getJSONObjectClaim("daypass"))
        .containsEntry("requester", "staff=8c1b2e-4f");
  }

  @Test
  void without_a_key_nothing_is_signed() {
    var none =
        new OidcTokens(Signing.keys(new MemoryKeyStore(), Signing.masterKey(), () -> SECOND));
    assertThatThrownBy(() -> none.mint(grant().recorded()))
        .isInstanceOfSatisfying(
            MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KEYS_UNAVAILABLE));
  }

  @Test
  void it_serves_its_own_targets_only() {
    assertThat(tokens.serves(grant().target())).isTrue();
    assertThat(tokens.serves(Grants.standard().target())).isFalse();
    assertThatThrownBy(() -> tokens.mint(Grants.standard().recorded()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void p7_a_token_does_not_print_itself() throws Exception {
    var token = mint(grant());
    assertThat(token.toString()).doesNotContain("eyJ").contains("[secret]");
    assertThat(token.fingerprint()).matches("[0-9a-f]{64}");
  }
}
