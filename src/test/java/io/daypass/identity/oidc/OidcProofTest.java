package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.identity.IdentityVerifier;
import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof.Proof;
import io.daypass.identity.Verification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose tokens are proved, and by which keys. */
@NullUnmarked // hands in nulls on purpose
@Timeout(60)
class OidcProofTest extends OidcProofFixture {

  @Test
  void a_token_signed_by_its_issuers_key_is_proved() {
    assertThat(proof.prove(EC.token(issuer.claims()))).isInstanceOf(Proof.Signed.class);
    assertThat(proof.prove(RSA.token(issuer.claims()))).isInstanceOf(Proof.Signed.class);
  }

  @Test
  void the_jdks_own_provider_proves_the_same() {
    proof.close();
    proof = OidcProof.idle(List.of(issuer.trusted()), null, () -> NOW, PATIENT);
    assertThat(proof.prove(EC.token(issuer.claims()))).isInstanceOf(Proof.Signed.class);
    assertThat(proof.prove(RSA.token(issuer.claims()))).isInstanceOf(Proof.Signed.class);
    var forged = SigningKey.es256("ec-1").token(issuer.claims());
    assertThat(refusal(forged)).isEqualTo(Rejection.SIGNATURE_INVALID);
  }

  @Test
  void every_asymmetric_algorithm_verifies_with_its_own_key_and_no_other() {
    var keys = new ArrayList<SigningKey>();
    for (var algorithm : List.of("RS256", "RS384", "RS512")) {
      keys.add(new SigningKey(algorithm, algorithm, RSA.pair()));
    }
    keys.add(EC.named("ES256"));
    keys.add(SigningKey.ec("ES384", "ES384", "secp384r1"));
    keys.add(SigningKey.ec("ES512", "ES512", "secp521r1"));
    try (var many = new TestIssuer(keys.toArray(SigningKey[]::new));
        var all = OidcProof.idle(List.of(many.trusted()), CORRETTO, () -> NOW, PATIENT)) {
      for (var key : keys) {
        assertThat(all.prove(key.token(many.claims()))).isInstanceOf(Proof.Signed.class);
        for (var wrong : keys) {
          var header = with(key.header(), "kid", wrong.kid());
          if (!wrong.equals(key)) {
            assertThat(all.prove(key.token(header, many.claims())))
                .isEqualTo(new Proof.Unsigned(Rejection.ALGORITHM_NOT_ALLOWED));
          }
        }
      }
    }
  }

  @Test
  void rsa_pss_verifies_where_the_key_says_so() throws Exception {
    var pss = new SigningKey("pss", "PS256", RSA.pair());
    try (var psIssuer = new TestIssuer(pss);
        var pssProof = OidcProof.idle(List.of(psIssuer.trusted()), CORRETTO, () -> NOW, PATIENT)) {
      var input = input(pss.header(), psIssuer.claims());
      var signature =
          new RSASSASigner(RSA.pair().getPrivate())
              .sign(new JWSHeader(JWSAlgorithm.PS256), input.getBytes(StandardCharsets.US_ASCII));
      assertThat(pssProof.prove(input + "." + signature)).isInstanceOf(Proof.Signed.class);
      assertThat(pssProof.prove(pss.sealed(input)))
          .isEqualTo(new Proof.Unsigned(Rejection.SIGNATURE_INVALID));
    }
  }

  @Test
  void a7_a_kid_is_looked_up_in_memory_with_its_issuer() {
    // Both issuers have an "ec-1": the key of the one proves nothing of the other.
    assertThat(refusal(EC.token(other.claims()))).isEqualTo(Rejection.SIGNATURE_INVALID);
    assertThat(refusal(EC.named("other-1").token(issuer.claims())))
        .isEqualTo(Rejection.KEY_UNKNOWN);
  }

  @Test
  void a10_an_issuer_is_believed_only_byte_for_byte_and_nothing_else_is_fetched() {
    try (var stranger = new TestIssuer(EC)) {
      var url = issuer.url();
      for (var iss :
          List.of(
              stranger.url(),
              url + "/",
              url + "x",
              url.replace("127.0.0.1", "127.0.0.1."),
              url.toUpperCase(Locale.ROOT),
              url.replace("http", "https"),
              " " + url,
              url + "\u200b",
              ".*",
              "staff")) {
        assertThat(refusal(EC.token(with(issuer.claims(), "iss", iss))))
            .isEqualTo(Rejection.ISSUER_UNKNOWN);
      }
      assertThat(stranger.fetches() + stranger.discoveries()).isZero();
    }
  }

  @Test
  void a19_claims_are_those_of_the_verified_bytes() {
    var signed = (Proof.Signed) proof.prove(EC.token(with(issuer.claims(), "n", nested(2))));
    assertThat(signed.claims())
        .containsEntry("sub", "job-1")
        .containsEntry("exp", NOW.plusSeconds(300).getEpochSecond());
    var token = EC.token(issuer.claims());
    var others = SigningKey.encode(JSONObjectUtils.toJSONString(with(issuer.claims(), "sub", "x")));
    var mixed =
        token.substring(0, token.indexOf('.') + 1)
            + others
            + token.substring(token.lastIndexOf('.'));
    assertThat(refusal(mixed)).isEqualTo(Rejection.SIGNATURE_INVALID);
  }

  @Test
  void a20_a_token_is_either_verified_or_refused_and_never_both() {
    var verifier = new IdentityVerifier(proof, () -> NOW);
    assertThat(verifier.verify(EC.token(issuer.claims())))
        .isInstanceOf(Verification.Verified.class);
    assertThat(verifier.verify(EC.token(with(issuer.claims(), "aud", "elsewhere"))))
        .isEqualTo(new Verification.Rejected(Rejection.AUDIENCE_MISMATCH));
    assertThat(Verification.class.isSealed()).isTrue();
    assertThat(Proof.class.isSealed()).isTrue();
  }

  @Test
  void a21_a_proof_names_the_issuer_whose_key_it_was() {
    var signed = (Proof.Signed) proof.prove(EC.named("other-1").token(other.claims()));
    assertThat(signed.issuer().name()).isEqualTo("other");
    assertThat(refusal(EC.named("other-1").token(issuer.claims())))
        .isEqualTo(Rejection.KEY_UNKNOWN);
  }

  @Test
  void two_entries_of_one_issuer_do_not_start() {
    assertThatThrownBy(() ->
            OidcProof.idle(
                List.of(issuer.trusted(), issuer.trusted("again", null)), null, () -> NOW, PATIENT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void f34_an_error_does_not_end_the_look_at_the_issuers_keys() throws Exception {
    var looks = new AtomicInteger();
    var again = new CountDownLatch(5);
    InstantSource clock =
        () -> {
          again.countDown();
          if (looks.getAndIncrement() < 3) {
            throw new StackOverflowError();
          }
          return NOW;
        };
    try (var watching = OidcProof.idle(List.of(issuer.trusted()), CORRETTO, clock, PATIENT)) {
      watching.look(Duration.ofMillis(1));
      assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
