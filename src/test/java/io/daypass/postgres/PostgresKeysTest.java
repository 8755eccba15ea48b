package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.KeyStore.Rewrapped;
import io.daypass.issuer.KeyStore.StoredKey;
import io.daypass.request.StoreUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresKeysTest {

  private static final Instant AT = Instant.parse("2026-11-21T09:00:00Z");

  private final TestDatabase database = TestDatabase.shared();
  private final Database service = database.open(1);
  private final Database owner =
      Database.open(database.vertx(), database.owner(), 1, Patience.SERVICE);
  private final PostgresKeys keys = new PostgresKeys(service);
  private final PostgresKeys owned = new PostgresKeys(owner);

  @AfterEach
  void close() {
    owner.close();
    service.close();
    database.close();
  }

  private static StoredKey key(String id, String wrapped, int hour) {
    var at = AT.plusSeconds(3600L * hour);
    return new StoredKey(id, Algorithm.ES256, wrapped, "{}", at, at);
  }

  @Test
  void keys_are_wrapped_anew_all_at_once_and_the_ledger_says_so() {
    keys.add(key("first", "a", 0));
    keys.add(key("second", "b", 1));
    keys.add(key("third", "c", 2));
    assertThat(
            owned.rewrap(
                List.of(new Rewrapped("third", "c", "C"), new Rewrapped("first", "a", "A"))))
        .isTrue();
    assertThat(keys.load())
        .containsExactly(key("first", "A", 0), key("second", "b", 1), key("third", "C", 2));
    assertThat(
            database.count(
                "ledger_entry WHERE kind = 'keys_rewrapped' AND"
                    + " convert_from(canonical, 'UTF8')::jsonb #> '{detail,kids}'"
                    + " = '[\"third\", \"first\"]'"))
        .isEqualTo(1);
  }

  @Test
  void where_one_is_not_as_it_was_none_is_changed() {
    keys.add(key("first", "a", 0));
    keys.add(key("second", "b", 1));
    var stored = keys.load();
    for (var other :
        List.of(new Rewrapped("second", "x", "B"), new Rewrapped("nobody", "b", "B"))) {
      assertThat(owned.rewrap(List.of(new Rewrapped("first", "a", "A"), other))).isFalse();
    }
    assertThat(keys.load()).isEqualTo(stored);
    assertThat(database.count("ledger_entry WHERE kind = 'keys_rewrapped'")).isZero();
  }

  @Test
  void of_many_who_do_the_same_at_once_one_does_it() throws Exception {
    keys.add(key("first", "a", 0));
    keys.add(key("second", "b", 1));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var several = Database.open(database.vertx(), database.owner(), 8, Patience.SERVICE)) {
      var competing = new PostgresKeys(several);
      var answers =
          threads.invokeAll(
              IntStream.range(0, 8)
                  .<Callable<Boolean>>mapToObj(i ->
                      () ->
                          competing.rewrap(
                              List.of(
                                  new Rewrapped("first", "a", "A" + i),
                                  new Rewrapped("second", "b", "B" + i))))
                  .toList());
      var done = new ArrayList<Integer>();
      for (var i = 0; i < 8; i++) {
        if (answers.get(i).get()) {
          done.add(i);
        }
      }
      assertThat(done).hasSize(1);
      assertThat(keys.load())
          .containsExactly(
              key("first", "A" + done.getFirst(), 0), key("second", "B" + done.getFirst(), 1));
    }
    assertThat(database.count("ledger_entry WHERE kind = 'keys_rewrapped'")).isEqualTo(1);
  }

  @Test
  void the_services_role_may_not() {
    keys.add(key("first", "a", 0));
    assertThatThrownBy(() -> keys.rewrap(List.of(new Rewrapped("first", "a", "A"))))
        .isInstanceOf(StoreUnavailableException.class)
        .rootCause()
        .hasMessageContaining("permission denied");
    assertThat(keys.load()).containsExactly(key("first", "a", 0));
  }
}
