package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof.Proof;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A header says which key it was, and nothing else that counts. */
@NullUnmarked // hands in nulls on purpose
@Timeout(60)
class TokenHeaderTest extends OidcProofFixture {

  @Test
  void a3_algorithm_confusion_is_refused() throws Exception {
    var input = input(with(EC.header(), "alg", "HS256"), issuer.claims());
    var publicKeyAsSecret = Arrays.copyOf(EC.pair().getPublic().getEncoded(), 64);
    var mac =
        new MACSigner(publicKeyAsSecret)
            .sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(StandardCharsets.US_ASCII));
    assertThat(refusal(input + "." + mac)).isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void a3_the_algorithm_comes_from_the_key_and_not_from_the_header() {
    assertThat(refusal(RSA.token(with(RSA.header(), "alg", "RS512"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    assertThat(refusal(RSA.token(with(RSA.header(), "alg", "PS256"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    assertThat(refusal(RSA.token(with(RSA.header(), "kid", "ec-1"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void a6_a_header_that_brings_or_points_to_a_key_is_refused_and_nothing_is_dialled() {
    try (var trap = new TestIssuer(EC)) {
      var brought =
          Map.<String, Object>of(
              "jku",
              trap.url() + "/keys",
              "x5u",
              trap.url() + "/keys",
              "jwk",
              EC.jwk(),
              "x5c",
              List.of("MIIB"),
              "crit",
              List.of("exp"),
              "b64",
              false,
              "zip",
              "DEF",
              "anything",
              "else");
      brought.forEach((name, value) ->
          assertThat(refusal(EC.token(with(EC.header(), name, value), issuer.claims())))
              .as(name)
              .isEqualTo(Rejection.HEADER_NOT_ALLOWED));
      assertThat(trap.fetches() + trap.discoveries()).isZero();
    }
  }

  @Test
  void a6_a_thumbprint_is_refused_unless_the_issuers_own_entry_for_the_key_has_it() {
    for (var name : List.of("x5t", "x5t#S256")) {
      assertThat(refusal(EC.token(with(EC.header(), name, "abc"), issuer.claims())))
          .isEqualTo(Rejection.HEADER_NOT_ALLOWED);
      try (var withCertificate = new TestIssuer()) {
        withCertificate.publish(List.of(with(EC.jwk(), name, "abc")));
        var keys = OidcProof.idle(List.of(withCertificate.trusted()), CORRETTO, () -> NOW, PATIENT);
        var claims = withCertificate.claims();
        assertThat(keys.prove(EC.token(with(EC.header(), name, "abc"), claims)))
            .isInstanceOf(Proof.Signed.class);
        assertThat(keys.prove(EC.token(with(EC.header(), name, "abd"), claims)))
            .isEqualTo(new Proof.Unsigned(Rejection.HEADER_NOT_ALLOWED));
        keys.close();
      }
    }
  }

  @Test
  void a7_a_kid_is_1_to_128_printable_ascii_and_never_missing() {
    var before = issuer.fetches();
    var kids =
        List.of(
            "", " ", "k".repeat(129), "../../etc/passwd\u0001", "ключ", "a\nb", "' OR 1=1 --\t");
    for (var kid : kids) {
      assertThat(refusal(EC.named(kid).token(issuer.claims()))).isEqualTo(Rejection.KEY_UNKNOWN);
    }
    var without = EC.header();
    without.remove("kid");
    assertThat(refusal(EC.token(without, issuer.claims()))).isEqualTo(Rejection.KEY_UNKNOWN);
    assertThat(refusal(EC.token(with(EC.header(), "kid", 1), issuer.claims())))
        .isEqualTo(Rejection.TOKEN_MALFORMED);
    assertThat(issuer.fetches()).as("none of them asks the issuer").isEqualTo(before);
  }

  @Test
  void a13_compression_and_passwords_are_refused() {
    for (var header :
        List.of(
            with(EC.header(), "zip", "DEF"),
            with(with(EC.header(), "alg", "PBES2-HS256+A128KW"), "p2c", 1_000_000_000))) {
      assertThat(refusal(EC.token(header, issuer.claims())))
          .isEqualTo(Rejection.HEADER_NOT_ALLOWED);
    }
    assertThat(refusal(EC.token(with(EC.header(), "alg", "PBES2-HS256+A128KW"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void a14_a_header_or_issuer_of_the_wrong_type_is_refused() {
    for (var name : List.of("alg", "typ", "kid", "x5t")) {
      for (var value : Arrays.asList(1, true, List.of("JWT"), Map.of(), null)) {
        assertThat(refusal(EC.token(headerText(name, value), claimsText())))
            .isEqualTo(Rejection.TOKEN_MALFORMED);
      }
    }
    assertThat(refusal(EC.token(with(issuer.claims(), "iss", List.of(issuer.url())))))
        .isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    var without = issuer.claims();
    without.remove("iss");
    assertThat(refusal(EC.token(without))).isEqualTo(Rejection.CLAIM_MISSING);
  }

  @Test
  void a17_tokens_of_another_kind_are_refused() {
    for (var type :
        List.of(
            "at+jwt",
            "application/at+jwt",
            "logout+jwt",
            "secevent+jwt",
            "dpop+jwt",
            "daypass-assertion+jwt",
            "JOSE",
            "")) {
      assertThat(refusal(EC.token(with(EC.header(), "typ", type), issuer.claims())))
          .isEqualTo(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    }
    var without = EC.header();
    without.remove("typ");
    assertThat(proof.prove(EC.token(without, issuer.claims()))).isInstanceOf(Proof.Signed.class);
    for (var type : List.of("jwt", "application/jwt")) {
      assertThat(proof.prove(EC.token(with(EC.header(), "typ", type), issuer.claims())))
          .isInstanceOf(Proof.Signed.class);
    }
  }

  @Test
  void a23_an_unknown_algorithm_is_refused() {
    for (var algorithm : List.of("ES256K", "EdDSA", "RS1", "ES257", "es256", "", "HS512", "*")) {
      assertThat(refusal(EC.token(with(EC.header(), "alg", algorithm), issuer.claims())))
          .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    }
    // Before the key is looked for: no such token makes the broker ask the issuer.
    assertThat(refusal(EC.token(with(EC.named("new").header(), "alg", "HS256"), issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
    var without = EC.header();
    without.remove("alg");
    assertThat(refusal(EC.token(without, issuer.claims())))
        .isEqualTo(Rejection.ALGORITHM_NOT_ALLOWED);
  }

  private static String headerText(String name, Object value) {
    var header = with(EC.header(), name, value == null ? "null!" : value);
    return JSONObjectUtils.toJSONString(header).replace("\"null!\"", "null");
  }

  private String claimsText() {
    return JSONObjectUtils.toJSONString(issuer.claims());
  }
}
