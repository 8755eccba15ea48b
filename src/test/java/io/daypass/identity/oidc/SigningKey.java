package io.daypass.identity.oidc;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A key of a test issuer, made for one run. */
public record SigningKey(String kid, String algorithm, KeyPair pair) {

  public static SigningKey es256(String kid) {
    return ec(kid, "ES256", "secp256r1");
  }

  static SigningKey ec(String kid, String algorithm, String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return new SigningKey(kid, algorithm, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static SigningKey rsa(String kid, String algorithm, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return new SigningKey(kid, algorithm, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  SigningKey named(String otherKid) {
    return new SigningKey(otherKid, algorithm, pair);
  }

  /** The entry of a JWK set. */
  Map<String, Object> jwk() {
    var jwk =
        switch (pair.getPublic()) {
          case ECPublicKey key ->
              new ECKey.Builder(Curve.forECParameterSpec(key.getParams()), key)
                  .build()
                  .toJSONObject();
          case RSAPublicKey key -> new RSAKey.Builder(key).build().toJSONObject();
          default -> throw new IllegalStateException();
        };
    var entry = new LinkedHashMap<String, Object>(jwk);
    entry.put("kid", kid);
    entry.put("use", "sig");
    entry.put("alg", algorithm);
    return entry;
  }

  Map<String, Object> header() {
    var header = new LinkedHashMap<String, Object>();
    header.put("alg", algorithm);
    header.put("kid", kid);
    header.put("typ", "JWT");
    return header;
  }

  public String token(Map<String, Object> claims) {
    return token(header(), claims);
  }

  String token(Map<String, Object> header, Map<String, Object> claims) {
    return token(JSONObjectUtils.toJSONString(header), JSONObjectUtils.toJSONString(claims));
  }

  /** Signs what is given, however wrong it is. */
  String token(String header, String claims) {
    return sealed(encode(header) + "." + encode(claims));
  }

  String sealed(String signingInput) {
    try {
      var signature = Signature.getInstance(jcaName());
      signature.initSign(pair.getPrivate());
      signature.update(signingInput.getBytes(StandardCharsets.US_ASCII));
      return signingInput + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private String jcaName() {
    var size = algorithm.substring(2);
    return pair.getPublic() instanceof RSAPublicKey
        ? "SHA" + size + "withRSA"
        : "SHA" + size + "withECDSAinP1363Format";
  }
}
