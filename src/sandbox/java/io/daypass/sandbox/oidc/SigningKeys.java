package io.daypass.sandbox.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.daypass.sandbox.Files600;
import io.daypass.sandbox.Native;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RS256 keys of a provider: the last one signs, all of them are published. */
public final class SigningKeys {

  private final @Nullable Path file;
  private List<RSAKey> keys;
  private volatile @Nullable Current current;

  private record Current(String jwks, RSAKey key, JWSSigner signer) {}

  private SigningKeys(List<RSAKey> keys, @Nullable Path file) {
    this.keys = List.copyOf(keys);
    this.file = file;
  }

  /** New keys, forgotten at the end. They cost a moment, so they are made when first needed. */
  public static SigningKeys fresh() {
    return new SigningKeys(List.of(), null);
  }

  /** The keys kept in {@code file}, so that tokens survive a restart. */
  public static SigningKeys kept(Path file) throws IOException {
    if (Files.exists(file)) {
      try {
        var read = JWKSet.parse(Files.readString(file)).getKeys();
        return new SigningKeys(read.stream().map(key -> key.toRSAKey()).toList(), file);
      } catch (ParseException e) {
        throw new IOException(file + " is not a key set: delete it", e);
      }
    }
    var keys = new SigningKeys(List.of(generate()), file);
    keys.save();
    return keys;
  }

  /** From now on a new key signs; the old ones stay published. */
  public synchronized void rotate() {
    current();
    var more = new ArrayList<>(keys);
    more.add(generate());
    keys = List.copyOf(more);
    current = signWithLast();
    saveIfKept();
  }

  /** The old keys are published no longer: their tokens are dead. */
  public synchronized void withdrawOld() {
    current();
    keys = List.of(keys.getLast());
    current = signWithLast();
    saveIfKept();
  }

  /** The public keys as a JWK set. */
  public String jwks() {
    return current().jwks();
  }

  public String keyId() {
    return current().key().getKeyID();
  }

  /** A compact JWS over {@code claims}. */
  public String sign(Map<String, Object> claims) {
    var now = current();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(now.key().getKeyID())
            .type(JOSEObjectType.JWT)
            .build();
    // Not a JWTClaimsSet: it would turn an audience list of one into a text.
    var jwt =
        new JWSObject(header, new Payload(new JsonObject(new LinkedHashMap<>(claims)).encode()));
    try {
      jwt.sign(now.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign", e);
    }
    return jwt.serialize();
  }

  private Current current() {
    var now = current;
    return now == null ? begun() : now;
  }

  private synchronized Current begun() {
    var now = current;
    if (now == null) {
      keys = keys.isEmpty() ? List.of(generate()) : keys;
      now = signWithLast();
      current = now;
    }
    return now;
  }

  private Current signWithLast() {
    try {
      var key = keys.getLast();
      var signer = new RSASSASigner(fast(key));
      Native.provider().ifPresent(signer.getJCAContext()::setProvider);
      return new Current(new JWKSet(new ArrayList<>(keys)).toString(true), key, signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot use the key", e);
    }
  }

  // Corretto signs at half its speed with a key object of the JDK's.
  private static PrivateKey fast(RSAKey key) throws JOSEException {
    var plain = key.toRSAPrivateKey();
    var provider = Native.provider();
    if (provider.isEmpty()) {
      return plain;
    }
    try {
      return KeyFactory.getInstance("RSA", provider.get())
          .generatePrivate(new PKCS8EncodedKeySpec(plain.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("cannot convert the key", e);
    }
  }

  private static RSAKey generate() {
    try {
      var generator =
          new RSAKeyGenerator(2048)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.RS256)
              .keyIDFromThumbprint(true);
      Native.provider().ifPresent(generator::provider);
      return generator.generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot make a key", e);
    }
  }

  private void saveIfKept() {
    try {
      save();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void save() throws IOException {
    if (file != null) {
      Files600.write(file, new JWKSet(new ArrayList<>(keys)).toString(false));
    }
  }
}
