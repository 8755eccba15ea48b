package io.daypass.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // hands in nulls on purpose
class KeyReaderTest {

  private static final SigningKey EC = SigningKey.es256("ec");
  private static final SigningKey RSA = SigningKey.rsa("rsa", "RS256", 2048);
  private static final BigInteger MODULUS = ((RSAPublicKey) RSA.pair().getPublic()).getModulus();
  private static final BigInteger F4 = BigInteger.valueOf(65537);

  private final KeyReader reader = new KeyReader(AmazonCorrettoCryptoProvider.INSTANCE);

  @Test
  void a_key_has_the_algorithm_of_its_entry_or_the_usual_one_of_its_type() {
    assertThat(usable(RSA.jwk()).isFor("RS256")).isTrue();
    assertThat(usable(with(RSA.jwk(), "alg", "PS512")).isFor("PS512")).isTrue();
    assertThat(usable(with(RSA.jwk(), "alg", "PS512")).isFor("RS256")).isFalse();
    assertThat(usable(without(RSA.jwk(), "alg")).isFor("RS256")).isTrue();
    assertThat(usable(without(RSA.jwk(), "alg")).isFor("RS512")).isFalse();
    assertThat(usable(without(EC.jwk(), "alg")).isFor("ES256")).isTrue();
    var p384 = SigningKey.ec("ec", "ES384", "secp384r1");
    assertThat(usable(without(p384.jwk(), "alg")).isFor("ES384")).isTrue();
  }

  @Test
  void a3_a_key_whose_algorithm_is_not_of_its_type_is_left_out() {
    for (var algorithm : List.of("HS256", "none", "ES256", "RSA-OAEP", "rs256", "")) {
      assertSkipped(with(RSA.jwk(), "alg", algorithm));
    }
    for (var algorithm : List.of("HS256", "none", "RS256", "ES384", "ES256K", "ECDH-ES")) {
      assertSkipped(with(EC.jwk(), "alg", algorithm));
    }
    assertSkipped(with(EC.jwk(), "alg", 1L));
    assertSkipped(with(EC.jwk(), "alg", null));
  }

  @Test
  void a12_weak_rsa_keys_are_left_out() {
    var small = SigningKey.rsa("small", "RS256", 1024);
    assertThat(reason(small.jwk())).contains("weak");
    for (var exponent : List.of(BigInteger.ONE, BigInteger.TWO, F4.add(BigInteger.ONE))) {
      assertThat(reason(with(RSA.jwk(), "e", number(exponent)))).contains("weak");
    }
    assertThat(reason(with(RSA.jwk(), "e", number(BigInteger.TWO.pow(33).add(BigInteger.ONE)))))
        .contains("weak");
    assertThat(reason(with(RSA.jwk(), "n", number(MODULUS.add(BigInteger.ONE))))).contains("weak");
    var huge = BigInteger.TWO.pow(8192).add(BigInteger.ONE);
    assertThat(reason(with(RSA.jwk(), "n", number(huge)))).contains("weak");
    assertThat(RsaStrength.suffices(MODULUS, F4)).isTrue();
    var largest = BigInteger.TWO.pow(8192).subtract(BigInteger.ONE);
    assertThat(RsaStrength.suffices(largest.subtract(BigInteger.valueOf(4)), F4)).isTrue();
    assertThat(RsaStrength.suffices(MODULUS.shiftRight(1).setBit(0), F4)).isFalse();
    assertThat(RsaStrength.suffices(MODULUS, BigInteger.valueOf(3))).isTrue();
  }

  @Test
  void a12_a_modulus_with_the_fingerprint_of_roca_is_left_out() {
    var product = BigInteger.ONE;
    for (var prime = BigInteger.TWO; prime.intValue() <= 167; prime = prime.nextProbablePrime()) {
      product = product.multiply(prime);
    }
    // What the flawed library made: a power of 65537 modulo the product of the small primes.
    var roca =
        product
            .multiply(BigInteger.TWO.pow(2048 - product.bitLength()))
            .add(F4.modPow(BigInteger.valueOf(12345), product));
    assertThat(roca.bitLength()).isGreaterThanOrEqualTo(2048);
    assertThat(RsaStrength.suffices(roca, F4)).isFalse();
    assertThat(RsaStrength.suffices(roca.add(BigInteger.TWO), F4)).isTrue();
  }

  @Test
  void a12_a_point_off_its_curve_is_left_out() {
    assertThat(reason(with(EC.jwk(), "x", EC.jwk().get("y")))).contains("curve");
    assertThat(
            reason(
                with(with(EC.jwk(), "x", number(BigInteger.ZERO)), "y", number(BigInteger.ZERO))))
        .contains("curve");
    assertSkipped(with(EC.jwk(), "crv", "P-384"));
    assertSkipped(with(EC.jwk(), "crv", "secp256k1"));
    assertSkipped(with(EC.jwk(), "crv", "Ed25519"));
    assertSkipped(with(EC.jwk(), "crv", 1L));
  }

  @Test
  void a12_unknown_types_and_other_uses_are_left_out() {
    assertSkipped(with(RSA.jwk(), "kty", "OKP"));
    assertSkipped(with(RSA.jwk(), "kty", 1L));
    assertSkipped(without(RSA.jwk(), "kty"));
    assertSkipped(with(RSA.jwk(), "use", "enc"));
    assertSkipped(with(RSA.jwk(), "use", null));
    assertSkipped(with(RSA.jwk(), "key_ops", List.of("encrypt")));
    assertSkipped(with(RSA.jwk(), "key_ops", "verify"));
    usable(with(without(RSA.jwk(), "use"), "key_ops", List.of("verify")));
    usable(with(RSA.jwk(), "x5c", List.of("not", "read")));
  }

  @Test
  void a12_secret_keys_are_left_out() {
    for (var member : List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k")) {
      assertThat(reason(with(RSA.jwk(), member, "AQAB"))).contains("secret");
      assertThat(reason(with(EC.jwk(), member, "AQAB"))).contains("secret");
    }
    assertThat(reason(Map.of("kty", "oct", "kid", "k", "k", "AQAB"))).contains("secret");
  }

  @Test
  void a7_a_key_without_a_usable_kid_is_left_out() {
    assertSkipped(without(EC.jwk(), "kid"));
    for (var kid : List.of("", " ", "k".repeat(129), "ключ", "a\nb")) {
      assertSkipped(with(EC.jwk(), "kid", kid));
    }
    assertSkipped(with(EC.jwk(), "kid", 1L));
  }

  @Test
  void a7_a_kid_of_128_printable_characters_is_one() {
    usable(with(EC.jwk(), "kid", " ~" + "k".repeat(126)));
  }

  @Test
  void a_key_with_a_part_missing_or_misspelt_is_left_out() {
    for (var member : List.of("n", "e")) {
      assertSkipped(without(RSA.jwk(), member));
      assertSkipped(with(RSA.jwk(), member, "!!"));
      assertSkipped(with(RSA.jwk(), member, 65537L));
    }
    for (var member : List.of("x", "y", "crv")) {
      assertSkipped(without(EC.jwk(), member));
      assertSkipped(with(EC.jwk(), member, "=="));
    }
  }

  private VerifyingKey usable(Map<String, Object> entry) {
    return ((KeyReader.Entry.Usable) reader.read(entry)).key();
  }

  private String reason(Map<String, Object> entry) {
    return ((KeyReader.Entry.Skipped) reader.read(entry)).reason();
  }

  private void assertSkipped(Map<String, Object> entry) {
    assertThat(reason(entry)).isNotBlank();
  }

  private static Map<String, Object> with(Map<String, Object> entry, String name, Object value) {
    var changed = new LinkedHashMap<>(entry);
    changed.put(name, value);
    return changed;
  }

  private static Map<String, Object> without(Map<String, Object> entry, String name) {
    var changed = new LinkedHashMap<>(entry);
    changed.remove(name);
    return changed;
  }

  private static String number(BigInteger value) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(value.toByteArray());
  }
}
