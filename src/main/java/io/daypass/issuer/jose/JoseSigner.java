package io.daypass.issuer.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import io.daypass.issuer.Assertion;
import io.daypass.issuer.Keysmith.Signer;
import java.util.LinkedHashMap;

/**
 * Signs with one key. The header says {@code typ: JWT}, because Entra's page on client assertions
 * asks for exactly that and the other clouds take it. So the header cannot tell our assertions from
 * foreign ID tokens; what keeps them out of our own door is that this deployment's URL is never
 * configured as an issuer, and that each names one cloud as its audience.
 */
final class JoseSigner implements Signer {

  private final JWSHeader header;
  private final JWSSigner signer;

  JoseSigner(String kid, JWSAlgorithm algorithm, JWSSigner signer) {
    this.header = new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(kid).build();
    this.signer = signer;
  }

  @Override
  public String sign(String issuer, Assertion assertion) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", issuer);
    claims.put("sub", assertion.subject());
    claims.put("aud", assertion.audience());
    claims.put("jti", assertion.id());
    // Whole seconds: STS refuses times that are not integers.
    claims.put("iat", assertion.issuedAt().getEpochSecond());
    claims.put("nbf", assertion.issuedAt().getEpochSecond());
    claims.put("exp", assertion.expiresAt().getEpochSecond());
    claims.putAll(assertion.claims());
    return signed(header, new Payload(claims));
  }

  @Override
  public String attest(String type, String text) {
    var typed = new JWSHeader.Builder(header).type(new JOSEObjectType(type)).build();
    return signed(typed, new Payload(text));
  }

  private String signed(JWSHeader head, Payload payload) {
    var jws = new JWSObject(head, payload);
    try {
      jws.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("the signing key does not sign", e);
    }
    return jws.serialize();
  }
}
