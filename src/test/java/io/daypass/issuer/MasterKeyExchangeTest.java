package io.daypass.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.KeyStore.StoredKey;
import io.daypass.issuer.MasterKeyExchange.Outcome;
import io.daypass.issuer.jose.MasterKey;
import io.daypass.issuer.jose.MasterKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MasterKeyExchangeTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

  private final MasterKey old = Signing.masterKey();
  private final MasterKey next = Signing.masterKey();
  private final MemoryKeyStore store = new MemoryKeyStore();
  private final TestClock clock = new TestClock(NOW);
  private final Keysmith both = Signing.smith(MasterKeys.of(next, old));

  private SigningKeys keys(Keysmith smith) {
    var keys = new SigningKeys(Signing.ISSUER, store, smith, Rotation.STANDARD, clock);
    keys.refresh();
    return keys;
  }

  private static String sign(SigningKeys keys) {
    var life = new Assertion("s", "a", "i", NOW, NOW.plus(Duration.ofMinutes(1)), Map.of());
    return keys.sign(life, Algorithm.ES256);
  }

  private List<String> kids() {
    return store.load().stream().map(StoredKey::id).toList();
  }

  @Test
  void all_keys_go_under_the_new_master_key_and_stay_what_they_are() {
    var before = keys(Signing.smith(old)).jwks().body();
    var outcome = new MasterKeyExchange(store, both).run();
    assertThat(outcome).isEqualTo(new Outcome.Done(2, kids()));
    var after = keys(Signing.smith(next));
    assertThat(after.jwks().body()).isEqualTo(before);
    assertThat(sign(after)).contains(".");
    assertThatThrownBy(() -> keys(Signing.smith(old))).isInstanceOf(WrongMasterKeyException.class);
  }

  @Test
  void a_replica_that_has_both_signs_before_between_and_after() {
    keys(Signing.smith(old));
    var replica = keys(both);
    assertThat(sign(replica)).contains(".");
    new MasterKeyExchange(store, both).run();
    replica.refresh();
    assertThat(sign(replica)).contains(".");
    clock.move(Duration.ofHours(1));
    assertThat(replica.rotate()).hasSize(2);
    assertThat(new MasterKeyExchange(store, both).look().due()).isEmpty();
  }

  @Test
  void a_replica_that_has_the_old_one_alone_goes_on_with_what_it_has_opened() {
    var left = keys(Signing.smith(old));
    var before = left.jwks().body();
    new MasterKeyExchange(store, both).run();
    assertThatThrownBy(left::refresh).isInstanceOf(WrongMasterKeyException.class);
    assertThat(left.jwks().body()).isEqualTo(before);
    assertThat(sign(left)).contains(".");
  }

  @Test
  void to_do_it_again_does_nothing() {
    keys(Signing.smith(old));
    var exchange = new MasterKeyExchange(store, both);
    assertThat(exchange.look().due()).hasSize(2);
    exchange.run();
    var stored = store.load();
    assertThat(exchange.run()).isEqualTo(new Outcome.Done(2, List.of()));
    assertThat(store.load()).isEqualTo(stored);
    assertThat(exchange.look().due()).isEmpty();
  }

  @Test
  void a_key_that_neither_opens_is_named_and_nothing_is_changed() {
    keys(Signing.smith(old));
    var foreign = Signing.smith(Signing.masterKey()).forge(Algorithm.ES256);
    store.plant(
        new StoredKey(
            foreign.id(), Algorithm.ES256, foreign.wrapped(), foreign.publicJwk(), NOW, NOW));
    var stored = store.load();
    assertThat(new MasterKeyExchange(store, both).run())
        .isEqualTo(new Outcome.Unopened(List.of(foreign.id())));
    assertThat(store.load()).isEqualTo(stored);
  }

  @Test
  void a_wrong_previous_key_changes_nothing() {
    keys(Signing.smith(old));
    var stored = store.load();
    var wrong = Signing.smith(MasterKeys.of(next, Signing.masterKey()));
    assertThat(new MasterKeyExchange(store, wrong).run()).isEqualTo(new Outcome.Unopened(kids()));
    assertThat(store.load()).isEqualTo(stored);
  }

  @Test
  void without_a_previous_key_it_says_that_there_is_nothing_to_do() {
    assertThat(new MasterKeyExchange(store, both).run()).isEqualTo(new Outcome.Done(0, List.of()));
    keys(Signing.smith(old));
    assertThat(new MasterKeyExchange(store, Signing.smith(old)).run())
        .isEqualTo(new Outcome.Done(2, List.of()));
  }

  /** Where somebody else is faster. */
  private record Raced(KeyStore store, Runnable other) implements KeyStore {

    @Override
    public List<StoredKey> load() {
      return store.load();
    }

    @Override
    public void add(StoredKey key) {
      store.add(key);
    }

    @Override
    public boolean rewrap(List<Rewrapped> keys) {
      other.run();
      return store.rewrap(keys);
    }
  }

  private void rewrapBy(Keysmith smith) {
    store.rewrap(new MasterKeyExchange(store, smith).look().due());
  }

  @Test
  void who_comes_second_finds_it_done() {
    keys(Signing.smith(old));
    var raced = new Raced(store, () -> rewrapBy(both));
    assertThat(new MasterKeyExchange(raced, both).run()).isEqualTo(new Outcome.Done(2, List.of()));
    assertThat(sign(keys(Signing.smith(next)))).contains(".");
  }

  @Test
  void a_key_that_comes_meanwhile_is_not_left_behind() {
    keys(Signing.smith(old));
    var late = new AtomicInteger();
    var raced =
        new Raced(
            store,
            () -> {
              if (late.getAndIncrement() == 0) {
                var forged = Signing.smith(old).forge(Algorithm.ES256);
                var from = NOW.plus(Duration.ofHours(1));
                store.add(
                    new StoredKey(
                        forged.id(),
                        Algorithm.ES256,
                        forged.wrapped(),
                        forged.publicJwk(),
                        NOW,
                        from));
              }
            });
    assertThat(new MasterKeyExchange(raced, both).run())
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done -> {
              assertThat(done.known()).isEqualTo(3);
              assertThat(done.kids()).containsExactlyInAnyOrderElementsOf(kids());
            });
    assertThat(new MasterKeyExchange(store, Signing.smith(next)).look().unopened()).isEmpty();
  }

  @Test
  void who_is_always_second_gives_up() {
    keys(Signing.smith(old));
    var back = Signing.smith(MasterKeys.of(old, next));
    var times = new AtomicInteger();
    var raced =
        new Raced(
            store,
            () -> {
              times.incrementAndGet();
              rewrapBy(both);
              rewrapBy(back);
            });
    assertThat(new MasterKeyExchange(raced, both).run()).isEqualTo(new Outcome.Changing());
    assertThat(times).hasValue(5);
  }
}
