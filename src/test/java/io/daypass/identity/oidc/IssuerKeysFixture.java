package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof.Proof;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;

/** An issuer with a key, and the proof of its tokens on a clock that a test moves. */
@NullUnmarked // hands in nulls on purpose
abstract class IssuerKeysFixture {

  static final Proof UNAVAILABLE = new Proof.KeysUnavailable("staff");
  static final Proof KEY_UNKNOWN = new Proof.Unsigned(Rejection.KEY_UNKNOWN);

  final SigningKey first = SigningKey.es256("first");
  final SigningKey second = SigningKey.es256("second");
  final SettableClock clock = new SettableClock();
  final TestIssuer issuer = new TestIssuer(first);
  OidcProof proof = proof(PATIENT);

  @AfterEach
  void stop() {
    proof.close();
    issuer.close();
  }

  OidcProof proof(Limits limits) {
    return OidcProof.idle(
        List.of(issuer.trusted()), AmazonCorrettoCryptoProvider.INSTANCE, clock, limits);
  }

  void assertSigned(SigningKey key) {
    assertThat(prove(key)).isInstanceOf(Proof.Signed.class);
  }

  Proof prove(SigningKey key) {
    return proof.prove(key.token(new LinkedHashMap<>(issuer.claims())));
  }

  static String jwks(SigningKey... keys) {
    var entries = List.of(keys).stream().map(SigningKey::jwk).toList();
    return JSONObjectUtils.toJSONString(Map.of("keys", entries));
  }

  static void wait(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
