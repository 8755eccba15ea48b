package io.daypass.issuer.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.util.Objects;
import java.util.Optional;

/** What Daypass has attested, looked at by whoever has its JWKS. */
public final class Attestation {

  private Attestation() {}

  /**
   * The text that {@code jws} is over; empty unless an ES256 key of {@code jwks} signed it as a
   * {@code type}.
   */
  public static Optional<String> text(String jwks, String type, String jws) {
    try {
      var object = JWSObject.parse(jws);
      var kid = object.getHeader().getKeyID();
      var key = kid == null ? null : JWKSet.parse(jwks).getKeyByKeyId(kid);
      return key != null && isOf(object, type, key) && isSigned(object, key)
          ? Optional.of(object.getPayload().toString())
          : Optional.empty();
    } catch (ParseException | JOSEException _) {
      return Optional.empty();
    }
  }

  private static boolean isOf(JWSObject object, String type, JWK key) {
    var header = object.getHeader();
    return new JOSEObjectType(type).equals(header.getType())
        && Objects.equals(header.getAlgorithm(), key.getAlgorithm());
  }

  private static boolean isSigned(JWSObject object, JWK key) throws JOSEException {
    return key instanceof ECKey ec && object.verify(new ECDSAVerifier(ec));
  }
}
