package io.daypass.identity.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a verifying key of an entry of an issuer's key set (RFC 7517 section 4, RFC 7518 section
 * 6), or says why the entry is none. Keys are made by the provider that verifies with them:
 * Corretto takes twice as long with a key object of the JDK's.
 */
final class KeyReader {

  /** Members of private and symmetric keys: who publishes those has lost the key. */
  private static final Set<String> SECRET_MEMBERS =
      Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private final @Nullable Provider crypto;

  KeyReader(@Nullable Provider crypto) {
    this.crypto = crypto;
  }

  Entry read(Map<?, ?> entry) {
    if (SECRET_MEMBERS.stream().anyMatch(entry::containsKey)) {
      return new Entry.Skipped("it is a secret key");
    }
    if (!(entry.get("kid") instanceof String kid) || !TokenHeader.isKid(kid)) {
      return new Entry.Skipped("it has no kid of 1 to 128 printable ASCII characters");
    }
    if (!isForVerifying(entry)) {
      return new Entry.Skipped("it is not for signatures");
    }
    try {
      return switch (text(entry.get("kty"))) {
        case "RSA" -> rsa(kid, entry);
        case "EC" -> ec(kid, entry);
        case null, default -> new Entry.Skipped("its type is not known here");
      };
    } catch (GeneralSecurityException | JOSEException | RuntimeException e) {
      return new Entry.Skipped("its numbers make no key");
    }
  }

  private static boolean isForVerifying(Map<?, ?> entry) {
    return (!entry.containsKey("use") || "sig".equals(entry.get("use")))
        && (!entry.containsKey("key_ops")
            || (entry.get("key_ops") instanceof List<?> uses && uses.contains("verify")))
        && (!entry.containsKey("alg") || entry.get("alg") instanceof String);
  }

  private Entry rsa(String kid, Map<?, ?> entry) throws GeneralSecurityException {
    var algorithm = Algorithms.ofRsaKey((String) entry.get("alg"));
    var modulus = number(entry.get("n"));
    var exponent = number(entry.get("e"));
    if (algorithm.isEmpty() || modulus.isEmpty() || exponent.isEmpty()) {
      return new Entry.Skipped("it is not a whole RSA key with an algorithm of RSA");
    }
    if (!RsaStrength.suffices(modulus.get(), exponent.get())) {
      return new Entry.Skipped("it is a weak RSA key");
    }
    var spec = new RSAPublicKeySpec(modulus.get(), exponent.get());
    var verifier = new RSASSAVerifier((RSAPublicKey) factory("RSA").generatePublic(spec));
    verifier.getJCAContext().setProvider(crypto);
    return new Entry.Usable(key(kid, algorithm.get(), verifier, entry));
  }

  private Entry ec(String kid, Map<?, ?> entry) throws GeneralSecurityException, JOSEException {
    if (!(entry.get("crv") instanceof String name)) {
      return new Entry.Skipped("it has no curve");
    }
    var curve = new Curve(name);
    var algorithm = Algorithms.ofCurve(curve, (String) entry.get("alg"));
    var x = number(entry.get("x"));
    var y = number(entry.get("y"));
    if (algorithm.isEmpty() || x.isEmpty() || y.isEmpty()) {
      return new Entry.Skipped("it is not a whole key of a known curve with the curve's algorithm");
    }
    var parameters = curve.toECParameterSpec();
    if (!ECChecks.isPointOnCurve(x.get(), y.get(), parameters)) {
      return new Entry.Skipped("its point is not on its curve");
    }
    var spec = new ECPublicKeySpec(new ECPoint(x.get(), y.get()), parameters);
    var verifier = new ECDSAVerifier((ECPublicKey) factory("EC").generatePublic(spec));
    verifier.getJCAContext().setProvider(crypto);
    return new Entry.Usable(key(kid, algorithm.get(), verifier, entry));
  }

  private static VerifyingKey key(
      String kid, JWSAlgorithm algorithm, JWSVerifier verifier, Map<?, ?> entry) {
    return new VerifyingKey(
        kid, algorithm, verifier, text(entry.get("x5t")), text(entry.get("x5t#S256")));
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  private static Optional<BigInteger> number(@Nullable Object value) {
    return value instanceof String text
        ? Base64Url.decode(text).map(bytes -> new BigInteger(1, bytes))
        : Optional.empty();
  }

  private KeyFactory factory(String algorithm) throws GeneralSecurityException {
    return crypto == null
        ? KeyFactory.getInstance(algorithm)
        : KeyFactory.getInstance(algorithm, crypto);
  }

  /** What became of an entry. */
  sealed interface Entry {

    /** Tokens may be verified with it. */
    record Usable(VerifyingKey key) implements Entry {}

    /** It is left out; the reason is a fixed text. */
    record Skipped(String reason) implements Entry {}
  }
}
