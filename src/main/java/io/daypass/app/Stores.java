package io.daypass.app;

import io.daypass.cloud.Bindings;
import io.daypass.ledger.Ledger;
import io.daypass.postgres.Database;
import io.daypass.postgres.DatabaseClock;
import io.daypass.postgres.Patience;
import io.daypass.postgres.PostgresBindings;
import io.daypass.postgres.PostgresCheckpoints;
import io.daypass.postgres.PostgresCuts;
import io.daypass.postgres.PostgresKeys;
import io.daypass.postgres.PostgresLedger;
import io.daypass.postgres.PostgresOutbox;
import io.daypass.postgres.PostgresPolls;
import io.daypass.postgres.PostgresRequests;
import io.daypass.postgres.PostgresSessions;
import io.daypass.postgres.PostgresTokens;
import io.daypass.request.OpenLimits;
import io.daypass.settings.Settings;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** What is kept in the database, and its clock. */
record Stores(
    Database database,
    DatabaseClock clock,
    PostgresRequests requests,
    PostgresPolls polls,
    PostgresTokens tokens,
    PostgresSessions sessions,
    PostgresKeys keys,
    PostgresBindings bindings,
    PostgresCuts cuts,
    PostgresOutbox outbox,
    Ledger ledger,
    PostgresCheckpoints checkpoints) {

  private static final int CONNECTIONS = 16;

  /** Opens them for a command, which is under no policies. */
  static Stores open(Vertx vertx, Settings settings, RandomIds ids, InstantSource machine) {
    return open(vertx, settings, ids, machine, () -> "", Patience.COMMAND);
  }

  /**
   * Opens them for the service.
   *
   * @param policies the digest of the policies in force, which stands in every entry
   */
  static Stores open(
      Vertx vertx,
      Settings settings,
      RandomIds ids,
      InstantSource machine,
      Supplier<String> policies) {
    return open(vertx, settings, ids, machine, policies, Patience.SERVICE);
  }

  private static Stores open(
      Vertx vertx,
      Settings settings,
      RandomIds ids,
      InstantSource machine,
      Supplier<String> policies,
      Patience patience) {
    var address = Addresses.of(settings.database().service());
    var database = Database.open(vertx, address, CONNECTIONS, patience);
    var asked = settings.requests();
    var open = new OpenLimits(asked.openPerPerson(), asked.openPerWorkload());
    var requests = new PostgresRequests(database, open, policies);
    return new Stores(
        database,
        new DatabaseClock(database, machine),
        requests,
        new PostgresPolls(database, requests, open),
        new PostgresTokens(database),
        new PostgresSessions(database),
        new PostgresKeys(database),
        new PostgresBindings(database, policies),
        new PostgresCuts(database, policies),
        new PostgresOutbox(database),
        new Ledger(new PostgresLedger(database, open, policies), ids::issuance),
        new PostgresCheckpoints(database));
  }

  /** Access that is made in clouds for grants, as {@link #bindings} keeps it. */
  Bindings access() {
    // Longer than the longest mint, with what a cloud may go on working at after that.
    return new Bindings(bindings, Duration.ofSeconds(60), Duration.ofSeconds(30));
  }
}
