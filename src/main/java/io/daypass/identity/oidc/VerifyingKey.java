package io.daypass.identity.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import org.jspecify.annotations.Nullable;

/** A public key of an issuer with the one algorithm it verifies; made once, used by all threads. */
final class VerifyingKey {

  private final String kid;
  private final JWSHeader header;
  private final JWSVerifier verifier;
  private final @Nullable String x5t;
  private final @Nullable String x5tS256;

  VerifyingKey(
      String kid,
      JWSAlgorithm algorithm,
      JWSVerifier verifier,
      @Nullable String x5t,
      @Nullable String x5tS256) {
    this.kid = kid;
    // Nimbus takes the algorithm from the header it is given: this one, never the token's.
    this.header = new JWSHeader(algorithm);
    this.verifier = verifier;
    this.x5t = x5t;
    this.x5tS256 = x5tS256;
  }

  String kid() {
    return kid;
  }

  boolean isFor(String algorithm) {
    return header.getAlgorithm().getName().equals(algorithm);
  }

  /** A token may repeat the thumbprints that the issuer published for this key, and no others. */
  boolean hasThumbprints(TokenHeader token) {
    return (token.x5t() == null || token.x5t().equals(x5t))
        && (token.x5tS256() == null || token.x5tS256().equals(x5tS256));
  }

  boolean verifies(CompactToken token) {
    try {
      return verifier.verify(header, token.signedBytes(), new Base64URL(token.signature()));
    } catch (JOSEException | RuntimeException e) {
      // A signature that a provider chokes on is a signature that does not verify.
      return false;
    }
  }
}
