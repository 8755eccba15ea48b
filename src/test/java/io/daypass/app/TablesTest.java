package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Overheard;
import io.daypass.issuer.MemoryKeyStore;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import io.daypass.postgres.Database;
import io.daypass.postgres.DatabaseAddress;
import io.daypass.postgres.DatabaseClock;
import io.daypass.postgres.Migrations;
import io.daypass.postgres.TestDatabase;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On whose tables a replica begins to serve, and on whose it does not. */
class TablesTest {

  private static final String HISTORY = "flyway_schema_history";
  private static final String NEWEST = " WHERE version = '" + Migrations.VERSION + "'";
  private static final String FIRST = " WHERE version = '1'";
  private static final String BEHIND =
      "the tables are missing or older than this version: run \"daypass migrate\"";

  private final TestDatabase database = TestDatabase.shared();
  private final Database replica = database.open(1);
  private final SigningKeys keys =
      Signing.keys(new MemoryKeyStore(), Signing.masterKey(), InstantSource.system());
  private final List<String> announced = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    replica.close();
    database.close();
  }

  @Test
  void f18_tables_whose_newest_migration_failed_are_not_served_until_it_is_done() throws Exception {
    database.run("UPDATE " + HISTORY + " SET success = false" + NEWEST);
    refusedUntil(
        null, BEHIND, () -> database.run("UPDATE " + HISTORY + " SET success = true" + NEWEST));
  }

  @Test
  void f18_tables_that_lack_the_newest_migration_are_not_served_until_the_owner_migrates()
      throws Exception {
    database.run("CREATE TABLE kept AS SELECT * FROM " + HISTORY + NEWEST);
    database.run("DELETE FROM " + HISTORY + NEWEST);
    refusedUntil(
        null, BEHIND, () -> database.run("INSERT INTO " + HISTORY + " SELECT * FROM kept"));
  }

  @Test
  void f18_tables_that_had_other_migrations_are_neither_migrated_nor_served() throws Exception {
    database.run("UPDATE " + HISTORY + " SET checksum = checksum + 1" + FIRST);
    database.run("CREATE TABLE kept AS SELECT * FROM " + HISTORY + NEWEST);
    database.run("DELETE FROM " + HISTORY + NEWEST);
    refusedUntil(
        database.owner(),
        "the migrations that the database has had are not those of this version",
        () -> database.run("INSERT INTO " + HISTORY + " SELECT * FROM kept"));
  }

  @Test
  void tables_of_this_version_are_served_at_once() throws Exception {
    try (var log = new Overheard()) {
      var preparation = preparation(null);
      preparation.run(new Random(1));
      assertThat(preparation.isDone()).isTrue();
      assertThat(log.texts()).noneMatch(text -> text.contains("broker.not_prepared"));
    }
  }

  private Preparation preparation(@Nullable DatabaseAddress owner) {
    return new Preparation(
        replica,
        owner,
        "daypass_app",
        new DatabaseClock(replica, InstantSource.system()),
        keys,
        () -> announced.add("policies"));
  }

  /** Tries again and again and says why, does nothing else, and goes on when it is mended. */
  private void refusedUntil(@Nullable DatabaseAddress owner, String why, Runnable mended)
      throws Exception {
    var preparation = preparation(owner);
    try (var log = new Overheard()) {
      var preparing = Thread.ofVirtual().start(() -> prepare(preparation));
      var refused = 0L;
      for (var i = 0; i < 400 && refused < 2 && preparing.isAlive(); i++) {
        Thread.sleep(25);
        refused = log.texts().stream().filter(text -> isRefusal(text, why)).count();
      }
      assertThat(refused).isGreaterThanOrEqualTo(2);
      assertThat(preparation.isDone()).isFalse();
      assertThat(keys.ready()).isFalse();
      assertThat(announced).isEmpty();
      mended.run();
      preparing.join();
    }
    assertThat(preparation.isDone()).isTrue();
    assertThat(keys.ready()).isTrue();
    assertThat(announced).containsExactly("policies");
  }

  private static boolean isRefusal(String text, String why) {
    return text.contains("broker.not_prepared") && text.contains(why);
  }

  private static void prepare(Preparation preparation) {
    try {
      preparation.run(new Random(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
