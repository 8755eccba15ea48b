package io.daypass.issuer.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.KeyStore.StoredKey;
import io.daypass.issuer.Keysmith;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * Keys by JOSE: P-256 and RSA of 2048 bits (RFC 7518, sections 3.3 and 3.4), named by their
 * thumbprint (RFC 7638).
 */
public final class JoseKeysmith implements Keysmith {

  private static final int RSA_BITS = 2048;

  private final MasterKeys masters;
  private final CryptoProvider crypto;
  private final SecureRandom random;

  public JoseKeysmith(MasterKeys masters, CryptoProvider crypto, SecureRandom random) {
    this.masters = masters;
    this.crypto = crypto;
    this.random = random;
  }

  @Override
  public Forged forge(Algorithm algorithm) {
    try {
      var pair = generate(algorithm);
      var jwk = publicJwk(algorithm, pair);
      var encoded = pair.getPrivate().getEncoded();
      try {
        var text = jwk.toJSONString();
        var wrapped = masters.wrap(encoded, purpose(jwk.getKeyID(), algorithm, text));
        return new Forged(jwk.getKeyID(), algorithm, wrapped, text);
      } finally {
        Arrays.fill(encoded, (byte) 0);
      }
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("no key could be made", e);
    }
  }

  @Override
  public Signer open(StoredKey key) throws UnopenedKeyException {
    var purpose = purpose(key.id(), key.algorithm(), key.publicJwk());
    var encoded = masters.unwrap(key.wrapped(), purpose);
    try {
      return new JoseSigner(key.id(), jws(key.algorithm()), signer(key.algorithm(), encoded));
    } catch (GeneralSecurityException | JOSEException e) {
      throw new UnopenedKeyException("not a private key for its algorithm", e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  @Override
  public Optional<String> rewrap(StoredKey key) throws UnopenedKeyException {
    return masters.rewrap(key.wrapped(), purpose(key.id(), key.algorithm(), key.publicJwk()));
  }

  /**
   * What the wrapping vouches for besides the private key. The public half is part of it: else
   * whoever can write to the table could have a key of their own published.
   */
  private static byte[] purpose(String kid, Algorithm algorithm, String publicJwk) {
    return String.join("\n", "daypass signing key", kid, algorithm.name(), publicJwk)
        .getBytes(StandardCharsets.UTF_8);
  }

  private KeyPair generate(Algorithm algorithm) throws GeneralSecurityException {
    return switch (algorithm) {
      case ES256 -> {
        var generator = crypto.keyPairGenerator("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        yield generator.generateKeyPair();
      }
      case RS256 -> {
        var generator = crypto.keyPairGenerator("RSA");
        generator.initialize(RSA_BITS, random);
        yield generator.generateKeyPair();
      }
    };
  }

  private static JWK publicJwk(Algorithm algorithm, KeyPair pair) throws JOSEException {
    return switch (algorithm) {
      case ES256 ->
          new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .keyIDFromThumbprint()
              .build();
      case RS256 ->
          new RSAKey.Builder((RSAPublicKey) pair.getPublic())
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.RS256)
              .keyIDFromThumbprint()
              .build();
    };
  }

  private JWSSigner signer(Algorithm algorithm, byte[] encoded)
      throws GeneralSecurityException, JOSEException {
    return switch (algorithm) {
      case ES256 -> {
        var signer = new ECDSASigner((ECPrivateKey) privateKey("EC", encoded));
        crypto.provider().ifPresent(signer.getJCAContext()::setProvider);
        yield signer;
      }
      case RS256 -> {
        var signer = new RSASSASigner(privateKey("RSA", encoded));
        crypto.provider().ifPresent(signer.getJCAContext()::setProvider);
        yield signer;
      }
    };
  }

  private PrivateKey privateKey(String family, byte[] encoded) throws GeneralSecurityException {
    return crypto.keyFactory(family).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static JWSAlgorithm jws(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> JWSAlgorithm.ES256;
      case RS256 -> JWSAlgorithm.RS256;
    };
  }
}
