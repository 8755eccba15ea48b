package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.identity.IdentityVerifier;
import io.daypass.identity.Verification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Changed at random, with a fixed seed: whatever becomes of a token, it is not believed. */
class MutatedTokensTest {

  private static final int ROUNDS = 4000;

  private final Random random = new Random(20261121);
  private final SigningKey key = SigningKey.es256("key");

  @Test
  void a_token_changed_anywhere_is_never_verified_and_never_throws() {
    try (var issuer = new TestIssuer(key);
        var proof =
            OidcProof.idle(
                List.of(issuer.trusted()),
                AmazonCorrettoCryptoProvider.INSTANCE,
                () -> NOW,
                PATIENT)) {
      var verifier = new IdentityVerifier(proof, () -> NOW);
      var token = key.token(issuer.claims());
      assertThat(verifier.verify(token)).isInstanceOf(Verification.Verified.class);
      for (var i = 0; i < ROUNDS; i++) {
        var changed = changed(token);
        if (!changed.equals(token)) {
          assertThat(verifier.verify(changed))
              .as(changed)
              .isInstanceOf(Verification.Rejected.class);
        }
      }
      assertThat(issuer.fetches()).isEqualTo(1);
    }
  }

  @Test
  void claims_and_headers_of_any_shape_never_throw_even_when_they_are_signed() {
    try (var issuer = new TestIssuer(key);
        var proof =
            OidcProof.idle(
                List.of(issuer.trusted()),
                AmazonCorrettoCryptoProvider.INSTANCE,
                () -> NOW,
                PATIENT)) {
      var verifier = new IdentityVerifier(proof, () -> NOW);
      var header = JSONObjectUtils.toJSONString(key.header());
      var claims = JSONObjectUtils.toJSONString(issuer.claims());
      for (var i = 0; i < ROUNDS / 4; i++) {
        assertThat(verifier.verify(key.token(header, changed(claims)))).isNotNull();
        assertThat(verifier.verify(key.token(changed(header), claims))).isNotNull();
      }
    }
  }

  private String changed(String text) {
    var at = random.nextInt(text.length());
    var other = random.nextInt(text.length());
    return switch (random.nextInt(6)) {
      case 0 -> text.substring(0, at) + (char) random.nextInt(0x20, 0x7f) + text.substring(at + 1);
      case 1 -> text.substring(0, at) + text.substring(at + 1);
      case 2 -> text.substring(0, at) + (char) random.nextInt(0x3000) + text.substring(at);
      case 3 -> text.substring(0, at);
      case 4 -> text.substring(Math.min(at, other), Math.max(at, other)) + text;
      default -> {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        bytes[other] ^= (byte) (1 << random.nextInt(8));
        yield new String(bytes, StandardCharsets.ISO_8859_1);
      }
    };
  }
}
