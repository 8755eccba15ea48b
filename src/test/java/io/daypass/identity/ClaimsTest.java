package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Which claims a token must have and which it may have, and of what type. */
@NullUnmarked // hands in nulls on purpose
class ClaimsTest extends ClaimsFixture {

  @Test
  void a_token_with_good_claims_names_its_bearer() {
    var caller = caller(good());
    assertThat(caller.id()).isEqualTo(new CallerId("ci", "job-1"));
    assertThat(caller.token().issuedAt()).isEqualTo(NOW);
    assertThat(caller.token().expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(caller.token().use()).isEqualTo(TokenUse.SINGLE_USE);
    assertThat(caller.token().signedInAt()).isNull();
    assertThat(caller.token().strength()).isEmpty();
    assertThat(caller.identity().groups()).isEmpty();
    assertThat(caller.isHuman()).isFalse();
  }

  @Test
  void a1_the_audience_must_be_there_exactly_as_a_string_or_in_an_array() {
    caller(with("aud", AUDIENCE));
    caller(with("aud", List.of("https://other.example.com", AUDIENCE)));
    for (var audience :
        List.of(
            "https://other.example.com",
            AUDIENCE + "/",
            AUDIENCE + "x",
            " " + AUDIENCE,
            "HTTPS://DAYPASS.EXAMPLE.COM",
            List.of("https://other.example.com"),
            List.of(AUDIENCE + "/"))) {
      assertThat(refusal(with("aud", audience))).isEqualTo(Rejection.AUDIENCE_MISMATCH);
    }
    assertThat(refusal(without("aud"))).isEqualTo(Rejection.CLAIM_MISSING);
    assertThat(refusal(with("aud", List.of()))).isEqualTo(Rejection.CLAIM_EMPTY);
    assertThat(refusal(with("aud", ""))).isEqualTo(Rejection.CLAIM_EMPTY);
    assertThat(refusal(with("aud", List.of(AUDIENCE, "")))).isEqualTo(Rejection.CLAIM_EMPTY);
  }

  @Test
  void a14_a_claim_of_the_wrong_type_is_refused_and_never_taken_for_absent() {
    var wrong = new LinkedHashMap<String, List<?>>();
    wrong.put("aud", Arrays.asList(1L, true, Map.of(AUDIENCE, 1L), null, List.of(1L)));
    for (var time : List.of("exp", "iat", "nbf", "auth_time")) {
      var later = NOW.plusSeconds(300).getEpochSecond();
      wrong.put(time, Arrays.asList("" + later, (double) later, true, List.of(later), null, -1L));
    }
    for (var text : List.of("sub", "jti", "acr")) {
      wrong.put(text, Arrays.asList(1L, 1.5, true, List.of("x"), Map.of(), null));
    }
    wrong.put(
        "amr", Arrays.asList("pwd", 1L, Map.of(), List.of(1L), null, Arrays.asList("a", null)));
    wrong.put("groups", Arrays.asList("leads", 1L, Map.of("leads", true), List.of(1L), null));
    wrong.put("email", Arrays.asList(1L, List.of("a@example.com"), null));
    wrong.put("email_verified", Arrays.asList("true", "false", 1L, null));
    wrong.put("name", Arrays.asList(1L, List.of(), null));
    wrong.forEach((name, values) ->
        values.forEach(value ->
            assertThat(refusal(with(name, value)))
                .as("%s = %s", name, value)
                .isEqualTo(Rejection.CLAIM_WRONG_TYPE)));
  }

  @Test
  void a17_logout_event_and_access_tokens_are_refused() {
    var logout = Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of());
    assertThat(refusal(with("events", logout))).isEqualTo(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    kind = Kind.HUMAN;
    for (var type : List.of("Bearer", "Refresh", "Offline", "Logout")) {
      assertThat(refusal(with("typ", type))).isEqualTo(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    }
    caller(with("typ", "ID"));
  }

  @Test
  void a18_empty_and_blank_claims_are_refused() {
    for (var blank : List.of("", " ", "\t\n", "\u00a0", "\u200b", "\u2003\u2060", "\u0000")) {
      for (var claim : List.of("sub", "aud", "jti", "acr")) {
        assertThat(refusal(with(claim, blank))).as(claim).isEqualTo(Rejection.CLAIM_EMPTY);
      }
      assertThat(refusal(with("groups", List.of("leads", blank)))).isEqualTo(Rejection.CLAIM_EMPTY);
    }
  }

  @Test
  void json_nulls_do_not_stay_among_the_claims() {
    var inner = new LinkedHashMap<String, Object>();
    inner.put("a", null);
    inner.put("b", 1L);
    inner.put("c", Arrays.asList(null, "x", List.of()));
    var claims = with("custom", inner);
    claims.put("gone", null);
    assertThat(caller(claims).identity().claims())
        .doesNotContainKey("gone")
        .containsEntry("custom", Map.of("b", 1L, "c", List.of("x", List.of())));
  }

  @Test
  void an_issuer_that_names_no_claims_gets_none_read() {
    var bare =
        new TrustedIssuer(
            "ci",
            issuerUrl,
            AUDIENCE,
            kind,
            preset,
            TokenUse.REUSABLE,
            Duration.ofHours(1),
            new TrustedIssuer.ClaimNames(null, null, null, null));
    var claims = with("groups", "leads");
    claims.put("email_verified", "maybe");
    var proof = new TokenProof.Proof.Signed(bare, claims, bytesHash);
    var identity =
        ((Verification.Verified) new IdentityVerifier(_ -> proof, () -> now).verify("t"))
            .caller()
            .identity();
    assertThat(identity.groups()).isEmpty();
    assertThat(identity.email()).isNull();
  }

  @Test
  void an_outage_and_a_refusal_pass_through_as_what_they_are() {
    var unsigned = new TokenProof.Proof.Unsigned(Rejection.SIGNATURE_INVALID);
    assertThat(new IdentityVerifier(_ -> unsigned, () -> now).verify("t"))
        .isEqualTo(new Verification.Rejected(Rejection.SIGNATURE_INVALID));
    var outage = new TokenProof.Proof.KeysUnavailable("ci");
    assertThat(new IdentityVerifier(_ -> outage, () -> now).verify("t"))
        .isEqualTo(new Verification.Unavailable("ci"));
  }

  @Test
  void every_rejection_has_a_code_and_a_sentence() {
    var codes = new ArrayList<String>();
    for (var rejection : Rejection.values()) {
      assertThat(rejection.code()).matches("[a-z_]+");
      assertThat(rejection.detail()).isNotBlank();
      codes.add(rejection.code());
    }
    assertThat(codes).doesNotHaveDuplicates();
  }
}
