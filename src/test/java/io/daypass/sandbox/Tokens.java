package io.daypass.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.json.JsonObject;
import java.text.ParseException;

/** Reads tokens, once their signature is found good. */
final class Tokens {

  private Tokens() {}

  static JsonObject claims(String token, String jwks) {
    try {
      var jws = JWSObject.parse(token);
      var key = JWKSet.parse(jwks).getKeyByKeyId(jws.getHeader().getKeyID());
      if (key == null || !jws.verify(new RSASSAVerifier(key.toRSAKey()))) {
        throw new AssertionError("the token is not signed by a key of the set");
      }
      return new JsonObject(jws.getPayload().toString());
    } catch (ParseException | JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
