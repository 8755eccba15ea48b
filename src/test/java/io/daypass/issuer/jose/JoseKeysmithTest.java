package io.daypass.issuer.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.Needs;
import io.daypass.issuer.Assertion;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.KeyStore.StoredKey;
import io.daypass.issuer.Keysmith.Forged;
import io.daypass.issuer.Keysmith.UnopenedKeyException;
import io.daypass.issuer.Signing;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JoseKeysmithTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final MasterKey master = Signing.masterKey();
  private final JoseKeysmith smith = Signing.smith(master);

  @ParameterizedTest
  @EnumSource
  void what_one_provider_wrapped_the_other_opens(Algorithm algorithm) throws Exception {
    var jdk = new JoseKeysmith(MasterKeys.of(master, null), CryptoProvider.jdk(), RANDOM);
    assertThat(sign(jdk, smith.forge(algorithm))).contains(".");
    assertThat(sign(smith, jdk.forge(algorithm))).contains(".");
  }

  @Test
  void the_same_key_is_never_wrapped_the_same_way_twice() {
    var secret = new byte[] {1, 2, 3};
    assertThat(master.wrap(secret, secret)).isNotEqualTo(master.wrap(secret, secret));
  }

  @Test
  void a_key_is_opened_for_the_purpose_it_was_wrapped_for_only() {
    var forged = smith.forge(Algorithm.ES256);
    var other = smith.forge(Algorithm.ES256);
    refused(stored("another-kid", Algorithm.ES256, forged.wrapped(), forged.publicJwk()));
    refused(stored(forged.id(), Algorithm.RS256, forged.wrapped(), forged.publicJwk()));
    refused(stored(forged.id(), Algorithm.ES256, other.wrapped(), forged.publicJwk()));
    refused(stored(forged.id(), Algorithm.ES256, forged.wrapped(), other.publicJwk()));
  }

  @Test
  void what_is_no_wrapped_key_is_refused() {
    var forged = smith.forge(Algorithm.ES256);
    var bytes = Base64.getDecoder().decode(forged.wrapped());
    bytes[0]++;
    for (var wrapped :
        List.of("", "*", "AQ==", Base64.getEncoder().encodeToString(bytes), "AAAA")) {
      refused(stored(forged.id(), forged.algorithm(), wrapped, forged.publicJwk()));
    }
  }

  @Test
  void a_changed_bit_is_noticed() {
    var forged = smith.forge(Algorithm.RS256);
    var bytes = Base64.getDecoder().decode(forged.wrapped());
    bytes[bytes.length / 2] ^= 1;
    refused(
        stored(
            forged.id(),
            forged.algorithm(),
            Base64.getEncoder().encodeToString(bytes),
            forged.publicJwk()));
  }

  @Test
  void the_private_half_is_in_no_text() {
    var forged = smith.forge(Algorithm.ES256);
    assertThat(forged.publicJwk()).doesNotContain("\"d\"");
    assertThat(master).hasToString("[master key]");
  }

  @Test
  void a_master_key_has_32_bytes() {
    assertThatThrownBy(() -> new MasterKey(new byte[16], RANDOM))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_fast_provider_is_handed_on_and_not_installed() {
    var before = List.of(Security.getProviders());
    var fastest = CryptoProvider.fastest();
    assertThat(fastest.name()).isIn("JDK", "AmazonCorrettoCryptoProvider");
    assertThat(fastest.provider().isPresent()).isEqualTo(!fastest.name().equals("JDK"));
    assertThat(Security.getProviders()).containsExactlyElementsOf(before);
    assertThat(CryptoProvider.jdk().provider()).isEmpty();
  }

  @Test
  void where_a_native_library_comes_along_it_is_the_one_that_signs() {
    Needs.circumstance(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "no native library for this machine");
    assertThat(CryptoProvider.fastest().name()).isEqualTo("AmazonCorrettoCryptoProvider");
  }

  @Test
  void where_the_native_library_does_not_load_the_jdk_signs() throws Exception {
    var fallen =
        CryptoProvider.orJdk(() -> {
          throw new UnsatisfiedLinkError("no such library");
        });
    assertThat(fallen.name()).isEqualTo("JDK");
    var slow = new JoseKeysmith(MasterKeys.of(master, null), fallen, RANDOM);
    assertThat(sign(slow, slow.forge(Algorithm.RS256))).contains(".");
  }

  @Test
  void what_was_wrapped_but_is_no_key_is_refused() {
    var forged = smith.forge(Algorithm.ES256);
    var purpose =
        String.join("\n", "daypass signing key", forged.id(), "ES256", forged.publicJwk());
    var wrapped = master.wrap(new byte[40], purpose.getBytes(StandardCharsets.UTF_8));
    refused(stored(forged.id(), Algorithm.ES256, wrapped, forged.publicJwk()));
  }

  @Test
  void while_master_keys_are_exchanged_both_open_and_one_wraps() throws Exception {
    var next = Signing.masterKey();
    var both = Signing.smith(MasterKeys.of(next, master));
    var old = stored(smith.forge(Algorithm.ES256));
    assertThat(sign(both, old)).contains(".");
    var made = stored(both.forge(Algorithm.ES256));
    assertThat(sign(Signing.smith(next), made)).contains(".");
    refused(made);
    var rewrapped = both.rewrap(old).orElseThrow();
    var renewed = stored(old.id(), old.algorithm(), rewrapped, old.publicJwk());
    assertThat(sign(Signing.smith(next), renewed)).contains(".");
    refused(renewed);
    assertThat(both.rewrap(renewed)).isEmpty();
    assertThat(both.rewrap(made)).isEmpty();
    assertThat(smith.rewrap(old)).isEmpty();
  }

  @Test
  void what_neither_master_key_wrapped_is_not_wrapped_anew() {
    var both = Signing.smith(MasterKeys.of(Signing.masterKey(), master));
    var forged = smith.forge(Algorithm.ES256);
    var foreign = stored(Signing.smith(Signing.masterKey()).forge(Algorithm.ES256));
    var changed = stored("another-kid", Algorithm.ES256, forged.wrapped(), forged.publicJwk());
    for (var key : List.of(foreign, changed)) {
      assertThatThrownBy(() -> both.rewrap(key)).isInstanceOf(UnopenedKeyException.class);
      assertThatThrownBy(() -> both.open(key)).isInstanceOf(UnopenedKeyException.class);
      assertThatThrownBy(() -> smith.rewrap(key)).isInstanceOf(UnopenedKeyException.class);
    }
    assertThat(MasterKeys.of(Signing.masterKey(), master)).hasToString("[master keys]");
  }

  private void refused(StoredKey key) {
    assertThatThrownBy(() -> smith.open(key)).isInstanceOf(UnopenedKeyException.class);
  }

  private static StoredKey stored(Forged forged) {
    return stored(forged.id(), forged.algorithm(), forged.wrapped(), forged.publicJwk());
  }

  private static String sign(JoseKeysmith smith, Forged forged) throws Exception {
    return sign(smith, stored(forged));
  }

  private static String sign(JoseKeysmith smith, StoredKey key) throws Exception {
    var now = Instant.parse("2026-11-21T10:00:00Z");
    return smith
        .open(key)
        .sign(
            "https://a.example", new Assertion("s", "a", "i", now, now.plusSeconds(60), Map.of()));
  }

  private static StoredKey stored(
      String id, Algorithm algorithm, String wrapped, String publicJwk) {
    return new StoredKey(id, algorithm, wrapped, publicJwk, Instant.EPOCH, Instant.EPOCH);
  }
}
