package io.daypass.postgres;

import io.daypass.request.StoreUnavailableException;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** Brings the tables to the version this binary knows, as the owner's role. */
public final class Migrations {

  static final String SCHEMA = "daypass";
  private static final String HISTORY = "flyway_schema_history";

  /** The version of the tables that this binary was written for. */
  public static final int VERSION = 27;

  // The driver writes to standard error, in words and lines of its own, what is said here anyway.
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  static {
    DRIVER.setLevel(Level.OFF);
  }

  /** How the tables compare with what this binary knows. */
  public enum Schema {
    CURRENT,
    /** Missing or older: migrations must run first. */
    BEHIND,
    /** A newer binary has migrated; each version's tables still serve the one before it. */
    AHEAD
  }

  // A migration that waits for a lock has everybody wait behind it, so it gives up soon, as the
  // whole of its transaction, and comes again.
  private static final String BRIEFLY = "SET lock_timeout = '2s'";
  private static final int TRIES = 10;
  private static final long PAUSE_MILLIS = 1_000;

  private Migrations() {}

  /** Looks at the tables as the service's role. */
  public static Schema look(Database database) {
    var exists =
        database
            .reservedRow("SELECT to_regclass($1) IS NOT NULL", Tuple.of(SCHEMA + "." + HISTORY))
            .getBoolean(0);
    if (!exists) {
      return Schema.BEHIND;
    }
    var version =
        database
            .reservedRow(
                "SELECT coalesce(max(version::int), 0) FROM flyway_schema_history WHERE success",
                Tuple.tuple())
            .getInteger(0);
    if (version < VERSION) {
      return Schema.BEHIND;
    }
    return version == VERSION ? Schema.CURRENT : Schema.AHEAD;
  }

  /**
   * Applies what is missing.
   *
   * @param serviceRole the role that the service signs in with; it must exist
   * @return how many migrations were applied
   * @throws StoreUnavailableException if the database cannot be reached or does not let the owner
   */
  public static int apply(DatabaseAddress owner, String serviceRole) {
    return apply(owner, serviceRole, Patience.COMMAND.connection());
  }

  static int apply(DatabaseAddress owner, String serviceRole, Duration login) {
    if (!serviceRole.matches("[a-zA-Z_][a-zA-Z0-9_]{0,62}")) {
      throw new IllegalArgumentException("not a plain role name: " + serviceRole);
    }
    try {
      var source = new OwnerSource(owner, login);
      forgetBrokenOff(source);
      return migrated(flyway(source, serviceRole));
    } catch (FlywayValidateException e) {
      throw new StoreUnavailableException(
          "the migrations that the database has had are not those of this version", e);
    } catch (FlywayException | SQLException e) {
      throw Trouble.of(e);
    }
  }

  private static int migrated(Flyway flyway) {
    var before = flyway.info().applied().length;
    for (var attempt = 1; ; attempt++) {
      try {
        flyway.migrate();
        return flyway.info().applied().length - before;
      } catch (FlywayException e) {
        if (attempt == TRIES || !Trouble.isLocked(e)) {
          throw e;
        }
        pause();
      }
    }
  }

  // What does not run in a transaction and was broken off stands there as failed, and nothing goes
  // on after it. It is written so that it can run again.
  private static void forgetBrokenOff(DataSource owner) throws SQLException {
    try (var connection = owner.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(BRIEFLY);
      try (var found =
          statement.executeQuery(
              "SELECT 1 FROM pg_tables WHERE schemaname = '%s' AND tablename = '%s'"
                  .formatted(SCHEMA, HISTORY))) {
        if (!found.next()) {
          return;
        }
      }
      statement.execute("DELETE FROM %s.%s WHERE NOT success".formatted(SCHEMA, HISTORY));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(e);
    }
  }

  /** That somebody else must migrate first. */
  public static StoreUnavailableException behind() {
    return new StoreUnavailableException(Trouble.BEHIND, new IllegalStateException("no owner"));
  }

  private static Flyway flyway(DataSource owner, String serviceRole) {
    return Flyway.configure()
        .dataSource(owner)
        .locations("classpath:io/daypass/postgres/migration")
        .schemas(SCHEMA)
        .defaultSchema(SCHEMA)
        .createSchemas(true)
        .placeholders(Map.of("service_role", serviceRole))
        .cleanDisabled(true)
        .initSql(BRIEFLY)
        // Its own lock in a transaction would be waited for by an index that is made concurrently.
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .load();
  }
}
