package io.daypass.app;

import io.daypass.issuer.SigningKeys;
import io.daypass.issuer.WrongMasterKeyException;
import io.daypass.postgres.Database;
import io.daypass.postgres.DatabaseAddress;
import io.daypass.postgres.DatabaseClock;
import io.daypass.postgres.Migrations;
import io.daypass.request.StoreUnavailableException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What wants the database before the first credential: tables, clock, keys, and the entry that says
 * which policies are in force. A database that is away stops no start; it is asked again.
 */
final class Preparation {

  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final Database database;
  private final @Nullable DatabaseAddress owner;
  private final String serviceRole;
  private final DatabaseClock clock;
  private final SigningKeys keys;
  private final Runnable announce;
  private volatile boolean done;

  /**
   * Prepares.
   *
   * @param owner as whom to migrate; null if somebody else does
   * @param announce writes that the policies are loaded
   */
  Preparation(
      Database database,
      @Nullable DatabaseAddress owner,
      String serviceRole,
      DatabaseClock clock,
      SigningKeys keys,
      Runnable announce) {
    this.database = database;
    this.owner = owner;
    this.serviceRole = serviceRole;
    this.clock = clock;
    this.keys = keys;
    this.announce = announce;
  }

  boolean isDone() {
    return done;
  }

  /**
   * Blocks until it is done.
   *
   * @throws WrongMasterKeyException if no key in the database opens with the master key
   */
  void run(RandomGenerator jitter) throws InterruptedException {
    var pause = 200L;
    while (!done) {
      try {
        once();
        done = true;
        LOG.atInfo().log("broker.prepared");
      } catch (WrongMasterKeyException e) {
        throw e;
      } catch (RuntimeException e) {
        unprepared(e);
        Thread.sleep(pause / 2 + jitter.nextLong(pause));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private static void unprepared(RuntimeException e) {
    var event = LOG.atWarn().setCause(e);
    if (e instanceof StoreUnavailableException unavailable) {
      event = event.addKeyValue("reason", unavailable.why());
    }
    event.log("broker.not_prepared");
  }

  private void once() {
    tables();
    clock.measure();
    keys.refresh();
    announce.run();
  }

  private void tables() {
    if (Migrations.look(database) != Migrations.Schema.BEHIND) {
      return;
    }
    if (owner == null) {
      throw Migrations.behind();
    }
    var applied = Migrations.apply(owner, serviceRole);
    LOG.atInfo().addKeyValue("applied", applied).log("tables.migrated");
  }
}
