package io.daypass.sandbox.aws;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import io.daypass.sandbox.Native;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Optional;

/**
 * A key of a JWK set with the algorithms that may be used with it: AWS takes RS256, RS384, RS512,
 * ES256, ES384 and ES512, and RSA from 2048 bits on.
 *
 * @param algorithms JOSE name to JCA name
 */
record VerificationKey(PublicKey key, Map<String, String> algorithms) {

  private static final Map<String, String> RSA =
      Map.of("RS256", "SHA256withRSA", "RS384", "SHA384withRSA", "RS512", "SHA512withRSA");

  static Optional<VerificationKey> of(JWK jwk) {
    if (jwk.getKeyID() == null || KeyUse.ENCRYPTION.equals(jwk.getKeyUse())) {
      return Optional.empty();
    }
    try {
      return switch (jwk) {
        case RSAKey rsa when rsa.size() >= 2048 -> of(jwk, rsa.toRSAPublicKey(), RSA);
        case ECKey ec -> of(jwk, ec.toECPublicKey(), ec(ec.getCurve()));
        default -> Optional.empty();
      };
    } catch (JOSEException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static Optional<VerificationKey> of(
      JWK jwk, PublicKey key, Map<String, String> algorithms) throws GeneralSecurityException {
    var named = jwk.getAlgorithm();
    var allowed = algorithms;
    if (named != null) {
      var jca = algorithms.get(named.getName());
      allowed = jca == null ? Map.of() : Map.of(named.getName(), jca);
    }
    return Optional.of(new VerificationKey(fast(key), allowed));
  }

  private static Map<String, String> ec(Curve curve) {
    if (curve.equals(Curve.P_256)) {
      return Map.of("ES256", "SHA256withECDSAinP1363Format");
    }
    if (curve.equals(Curve.P_384)) {
      return Map.of("ES384", "SHA384withECDSAinP1363Format");
    }
    return curve.equals(Curve.P_521) ? Map.of("ES512", "SHA512withECDSAinP1363Format") : Map.of();
  }

  // Corretto verifies at half its speed with a key object of the JDK's.
  private static PublicKey fast(PublicKey key) throws GeneralSecurityException {
    var provider = Native.provider();
    return provider.isEmpty()
        ? key
        : KeyFactory.getInstance(key.getAlgorithm(), provider.get())
            .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
  }

  /** Whether {@code signature} over {@code signed} is this key's, by an algorithm it is for. */
  boolean verifies(String algorithm, String signed, byte[] signature) {
    var jca = algorithms.get(algorithm);
    if (jca == null) {
      return false;
    }
    try {
      var provider = Native.provider();
      var verifier =
          provider.isEmpty()
              ? Signature.getInstance(jca)
              : Signature.getInstance(jca, provider.get());
      verifier.initVerify(key);
      verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot verify " + algorithm, e);
    }
  }
}
