package io.daypass.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.issuer.KeyStore.StoredKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SigningKeysTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final TestClock clock = new TestClock(NOW);
  private final MemoryKeyStore store = new MemoryKeyStore();
  private final io.daypass.issuer.jose.MasterKey master = Signing.masterKey();

  @ParameterizedTest
  @EnumSource
  void the_first_start_makes_a_key_of_each_algorithm_usable_at_once(Algorithm algorithm)
      throws Exception {
    var keys = started();
    assertThat(keys.ready()).isTrue();
    assertThat(verifies(sign(keys, algorithm), keys)).isTrue();
  }

  @Test
  void a_second_replica_uses_the_keys_of_the_first() throws Exception {
    var first = started();
    var second = started();
    assertThat(second.jwks()).isEqualTo(first.jwks());
    assertThat(verifies(sign(first, Algorithm.ES256), second)).isTrue();
  }

  @Test
  void two_replicas_that_start_at_once_agree_on_one_key_of_each_algorithm() throws Exception {
    var other = Signing.keys(store, master, clock);
    var racing =
        new KeyStore() {
          private boolean first = true;

          @Override
          public List<StoredKey> load() {
            if (first) {
              first = false;
              var nothing = store.load();
              other.refresh();
              return nothing;
            }
            return store.load();
          }

          @Override
          public void add(StoredKey key) {
            store.add(key);
          }

          @Override
          public boolean rewrap(List<Rewrapped> keys) {
            return store.rewrap(keys);
          }
        };
    var keys = Signing.keys(racing, master, clock);
    keys.refresh();
    assertThat(kids(keys)).hasSize(2);
    assertThat(verifies(sign(keys, Algorithm.RS256), other)).isTrue();
  }

  @Test
  void nothing_is_signed_before_a_key_is_loaded() {
    var keys = Signing.keys(store, master, clock);
    assertThat(keys.ready()).isFalse();
    assertThat(keys.jwks().body()).isEqualTo("{\"keys\":[]}");
    assertThatThrownBy(() -> sign(keys, Algorithm.ES256))
        .isInstanceOf(KeysUnavailableException.class);
  }

  @Test
  void d5_signing_and_the_documents_go_on_while_the_database_is_down() throws Exception {
    var keys = started();
    var before = keys.jwks();
    store.down(true);
    assertThatThrownBy(keys::refresh).isInstanceOf(IllegalStateException.class);
    assertThat(keys.jwks()).isEqualTo(before);
    assertThat(verifies(sign(keys, Algorithm.ES256), keys)).isTrue();
  }

  @Test
  void d4_a_new_key_is_published_at_least_twice_max_age_before_its_first_use() throws Exception {
    var keys = started();
    var old = kid(sign(keys, Algorithm.ES256));
    var added = keys.rotate();
    assertThat(added).hasSize(2);
    assertThat(kids(keys)).hasSize(4).containsAll(added);
    clock.move(keys.jwks().maxAge().multipliedBy(2));
    assertThat(kid(sign(keys, Algorithm.ES256))).isEqualTo(old);
    clock.move(Rotation.STANDARD.lead());
    assertThat(added).contains(kid(sign(keys, Algorithm.ES256)));
  }

  @Test
  void d4_an_old_key_stays_published_until_its_last_token_is_dead() throws Exception {
    var keys = started();
    keys.rotate();
    clock.move(Rotation.STANDARD.lead().minusSeconds(1));
    var last = sign(keys, Algorithm.ES256);
    clock.move(Rotation.STANDARD.longestToken().plus(Rotation.STANDARD.skew()));
    keys.refresh();
    assertThat(verifies(last, keys)).isTrue();
    clock.move(Rotation.STANDARD.reload().plusSeconds(1));
    keys.refresh();
    assertThat(kids(keys)).hasSize(2).doesNotContain(kid(last));
  }

  @Test
  void no_mint_fails_in_a_rotation_however_late_a_replica_loads_within_its_period()
      throws Exception {
    var one = started();
    var other = started();
    one.rotate();
    var published = other.jwks();
    var seen = published;
    // A relying party holds what it fetched for max-age; the other replica reloads each minute.
    for (int minute = 0; minute < 60; minute++) {
      clock.move(Duration.ofMinutes(1));
      if (minute % 5 == 0) {
        seen = published;
        published = other.jwks();
      }
      assertThat(verifies(sign(one, Algorithm.ES256), seen)).isTrue();
      assertThat(verifies(sign(other, Algorithm.RS256), seen)).isTrue();
      one.refresh();
      other.refresh();
    }
    assertThat(kids(one)).hasSize(2);
  }

  @Test
  void a_second_rotation_adds_nothing_while_a_successor_waits() {
    var keys = started();
    assertThat(keys.rotate()).hasSize(2);
    assertThat(keys.rotate()).isEmpty();
    assertThat(started().rotate()).isEmpty();
  }

  @Test
  void a_replica_whose_clock_is_behind_can_use_the_first_key() throws Exception {
    var keys = started();
    clock.move(Duration.ofSeconds(-5));
    assertThat(verifies(sign(keys, Algorithm.ES256), keys)).isTrue();
  }

  @Test
  void f43_a_wrong_master_key_is_named_as_such_and_adds_no_key() {
    started();
    var keys = Signing.keys(store, Signing.masterKey(), clock);
    assertThatThrownBy(keys::refresh)
        .isInstanceOf(WrongMasterKeyException.class)
        .hasMessageContaining("master key");
    assertThat(store.load()).hasSize(2);
    assertThat(keys.ready()).isFalse();
  }

  @Test
  void who_can_open_only_what_is_not_due_yet_signs_nothing_and_is_not_ready() throws Exception {
    started();
    clock.move(Duration.ofHours(1));
    var next = Signing.masterKey();
    var successors = Signing.smith(next);
    var now = clock.instant();
    for (var algorithm : Algorithm.values()) {
      var forged = successors.forge(algorithm);
      store.add(
          new StoredKey(
              forged.id(),
              algorithm,
              forged.wrapped(),
              forged.publicJwk(),
              now,
              now.plus(Rotation.STANDARD.lead())));
    }
    var half = Signing.keys(store, next, clock);
    half.refresh();
    assertThat(half.ready()).isFalse();
    for (var algorithm : Algorithm.values()) {
      assertThatThrownBy(() -> sign(half, algorithm)).isInstanceOf(KeysUnavailableException.class);
    }
    clock.move(Rotation.STANDARD.lead());
    assertThat(half.ready()).isTrue();
    assertThat(sign(half, Algorithm.ES256)).contains(".");
  }

  @Test
  void d4_a_key_that_an_intruder_wrote_to_the_table_is_neither_published_nor_used()
      throws Exception {
    var keys = started();
    var foreign = Signing.smith(Signing.masterKey()).forge(Algorithm.ES256);
    store.plant(
        new StoredKey(
            foreign.id(), Algorithm.ES256, foreign.wrapped(), foreign.publicJwk(), NOW, NOW));
    keys.refresh();
    assertThat(kids(keys)).hasSize(2).doesNotContain(foreign.id());
    assertThat(kid(sign(keys, Algorithm.ES256))).isNotEqualTo(foreign.id());
  }

  @Test
  void d4_a_public_half_that_was_exchanged_in_the_table_is_not_published() {
    var keys = started();
    var mine = store.load().getFirst();
    var foreign = Signing.smith(Signing.masterKey()).forge(mine.algorithm());
    store.plant(
        new StoredKey(
            mine.id(),
            mine.algorithm(),
            mine.wrapped(),
            foreign.publicJwk().replace(foreign.id(), mine.id()),
            mine.publishedAt(),
            mine.useFrom()));
    keys.refresh();
    assertThat(keys.ready()).isFalse();
    assertThat(kids(keys)).hasSize(1).doesNotContain(mine.id());
  }

  @Test
  void d4_the_jwks_holds_public_members_only() throws Exception {
    for (var key : JWKSet.parse(started().jwks().body()).getKeys()) {
      assertThat(key.isPrivate()).isFalse();
      assertThat(key.toJSONObject().keySet())
          .isSubsetOf(Set.of("kty", "crv", "x", "y", "n", "e", "use", "alg", "kid"))
          .contains("kty", "use", "alg", "kid");
    }
  }

  @Test
  void the_discovery_document_says_what_the_clouds_look_for() throws Exception {
    var document = started().discovery();
    assertThat(JSONObjectUtils.parse(document.body()))
        .containsEntry("issuer", "https://daypass.example.com")
        .containsEntry("jwks_uri", "https://daypass.example.com/.well-known/jwks.json")
        .containsEntry("authorization_endpoint", "")
        .containsEntry("response_types_supported", List.of("id_token"))
        .containsEntry("subject_types_supported", List.of("public"))
        .containsEntry("id_token_signing_alg_values_supported", List.of("RS256", "ES256"))
        .containsEntry("token_endpoint", "https://daypass.example.com/oauth2/token")
        .containsEntry("introspection_endpoint", "https://daypass.example.com/oauth2/introspect")
        .containsEntry(
            "grant_types_supported", List.of("urn:ietf:params:oauth:grant-type:token-exchange"))
        .containsEntry("token_endpoint_auth_methods_supported", List.of("none"))
        .containsEntry("introspection_endpoint_auth_methods_supported", List.of("none"))
        .containsKey("claims_supported")
        .hasSize(12);
    assertThat(document.cacheControl()).isEqualTo("public, max-age=300");
    assertThat(document.etag()).matches("\"[0-9a-f]{32}\"");
  }

  @Test
  void the_etag_changes_with_the_keys() {
    var keys = started();
    var before = keys.jwks().etag();
    keys.refresh();
    assertThat(keys.jwks().etag()).isEqualTo(before);
    keys.rotate();
    assertThat(keys.jwks().etag()).isNotEqualTo(before);
  }

  @Test
  void an_assertion_carries_its_claims_and_whole_seconds() throws Exception {
    var jws = JWSObject.parse(sign(started(), Algorithm.ES256));
    assertThat(jws.getHeader().toJSONObject())
        .containsEntry("alg", "ES256")
        .containsEntry("typ", "JWT")
        .containsOnlyKeys("alg", "typ", "kid");
    assertThat(jws.getPayload().toJSONObject())
        .isEqualTo(
            Map.of(
                "iss",
                "https://daypass.example.com",
                "sub",
                "role:x",
                "aud",
                "an-audience",
                "jti",
                "an-id",
                "iat",
                NOW.getEpochSecond(),
                "nbf",
                NOW.getEpochSecond(),
                "exp",
                NOW.getEpochSecond() + 60,
                "extra",
                List.of("a")));
  }

  @Test
  void what_would_outlive_its_key_is_not_signed() {
    var keys = started();
    var longest = Rotation.STANDARD.longestToken();
    for (var life : List.of(longest.plusSeconds(1), Duration.ZERO, Duration.ofSeconds(-1))) {
      var assertion =
          new Assertion("role:x", "an-audience", "an-id", NOW, NOW.plus(life), Map.of());
      assertThatThrownBy(() -> keys.sign(assertion, Algorithm.ES256))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void registered_claims_cannot_be_set_twice() {
    assertThatThrownBy(() -> new Assertion("s", "a", "i", NOW, NOW, Map.of("sub", "role:other")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_url_that_json_would_have_to_escape_names_no_issuer() {
    for (var wrong :
        List.of("daypass", "https://a/?q", "https://a/#f", "https://a\"/", "ftp://a", "https://")) {
      assertThatThrownBy(() -> new IssuerUrl(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new IssuerUrl("https://a.example/x/").at("/y")).isEqualTo("https://a.example/x/y");
    assertThat(new IssuerUrl("http://localhost:8080")).hasToString("http://localhost:8080");
  }

  @Test
  void a_rotation_without_time_is_none() {
    var some = Duration.ofMinutes(1);
    assertThatThrownBy(() -> new Rotation(Duration.ZERO, some, some, some))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rotation(some, some, some, some.negated()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private SigningKeys started() {
    var keys = Signing.keys(store, master, clock);
    keys.refresh();
    return keys;
  }

  private String sign(SigningKeys keys, Algorithm algorithm) {
    var now = clock.instant();
    return keys.sign(
        new Assertion(
            "role:x",
            "an-audience",
            "an-id",
            now,
            now.plusSeconds(60),
            Map.of("extra", List.of("a"))),
        algorithm);
  }

  private static boolean verifies(String token, SigningKeys keys) throws Exception {
    return verifies(token, keys.jwks());
  }

  private static boolean verifies(String token, PublicDocument jwks) throws Exception {
    var jws = JWSObject.parse(token);
    return switch (JWKSet.parse(jwks.body()).getKeyByKeyId(jws.getHeader().getKeyID())) {
      case ECKey key -> jws.verify(new ECDSAVerifier(key));
      case RSAKey key -> jws.verify(new RSASSAVerifier(key));
      case null, default -> false;
    };
  }

  private static String kid(String token) throws Exception {
    return JWSObject.parse(token).getHeader().getKeyID();
  }

  private static List<String> kids(SigningKeys keys) {
    try {
      return JWKSet.parse(keys.jwks().body()).getKeys().stream()
          .map(key -> key.getKeyID())
          .toList();
    } catch (java.text.ParseException e) {
      throw new AssertionError(e);
    }
  }
}
