package io.daypass.issuer.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTParser;
import io.daypass.issuer.Assertion;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttestationTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final String TYPE = "daypass-checkpoint";

  private final SigningKeys keys = Signing.ready(() -> NOW);
  private final String jwks = keys.jwks().body();

  @Test
  void what_was_attested_is_read_by_whoever_has_the_jwks() {
    var jws = keys.attest(TYPE, "a\n1\nb\n");
    assertThat(Attestation.text(jwks, TYPE, jws)).contains("a\n1\nb\n");
  }

  @Test
  void another_broker_another_type_and_another_text_are_not() {
    var jws = keys.attest(TYPE, "a\n1\nb\n");
    var parts = jws.split("\\.", -1);
    var other = keys.attest(TYPE, "a\n2\nb\n").split("\\.", -1);
    assertThat(Attestation.text(Signing.ready(() -> NOW).jwks().body(), TYPE, jws)).isEmpty();
    assertThat(Attestation.text(jwks, "JWT", jws)).isEmpty();
    for (var wrong :
        List.of(
            parts[0] + "." + other[1] + "." + parts[2],
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1],
            "",
            "a.b.c")) {
      assertThat(Attestation.text(jwks, TYPE, wrong)).as(wrong).isEmpty();
    }
    assertThat(Attestation.text("no keys", TYPE, jws)).isEmpty();
    assertThat(Attestation.text("{\"keys\":[]}", TYPE, jws)).isEmpty();
  }

  @Test
  void a17_an_attestation_is_no_token_and_a_token_no_attestation() throws Exception {
    var attested = keys.attest(TYPE, "a\n1\nb\n");
    var parsed = JWTParser.parse(attested);
    assertThatThrownBy(parsed::getJWTClaimsSet).isInstanceOf(ParseException.class);
    var assertion = new Assertion("role:r", "a", "id", NOW, NOW.plusSeconds(60), Map.of());
    for (var algorithm : Algorithm.values()) {
      var token = keys.sign(assertion, algorithm);
      assertThat(Attestation.text(jwks, TYPE, token)).isEmpty();
      assertThat(Attestation.text(jwks, "JWT", token).isPresent())
          .isEqualTo(algorithm == Algorithm.ES256);
    }
  }
}
