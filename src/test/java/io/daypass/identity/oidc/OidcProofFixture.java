package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static io.daypass.identity.oidc.TestIssuer.PATIENT;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof.Proof;
import java.security.Provider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Two issuers that are believed, with keys of one name, and the proof of their tokens. */
@NullUnmarked // hands in nulls on purpose
abstract class OidcProofFixture {

  static final SigningKey EC = SigningKey.es256("ec-1");
  static final SigningKey RSA = SigningKey.rsa("rsa-1", "RS256", 2048);
  static final Provider CORRETTO = AmazonCorrettoCryptoProvider.INSTANCE;

  static TestIssuer issuer;
  static TestIssuer other;

  OidcProof proof =
      OidcProof.idle(
          List.of(issuer.trusted(), other.trusted("other", null)), CORRETTO, () -> NOW, PATIENT);

  @BeforeAll
  static void start() {
    issuer = new TestIssuer(EC, RSA);
    other = new TestIssuer(EC.named("other-1"), SigningKey.es256("ec-1"));
  }

  @AfterEach
  void stop() {
    proof.close();
  }

  @AfterAll
  static void stopIssuers() {
    issuer.close();
    other.close();
  }

  Rejection refusal(String token) {
    return ((Proof.Unsigned) proof.prove(token)).reason();
  }

  static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
    var changed = new LinkedHashMap<>(map);
    changed.put(name, value);
    return changed;
  }

  static String input(Map<String, Object> header, Map<String, Object> claims) {
    return SigningKey.encode(JSONObjectUtils.toJSONString(header))
        + "."
        + SigningKey.encode(JSONObjectUtils.toJSONString(claims));
  }

  /** A list that is {@code depth} deep. */
  static Object nested(int depth) {
    return depth == 0 ? "x" : List.of(nested(depth - 1));
  }
}
