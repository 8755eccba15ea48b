package io.daypass.postgres;

import java.util.Map;
import org.flywaydb.core.Flyway;

/** Brings the tables to the version this binary knows, as the owner's role. */
public final class Migrations {

  static final String SCHEMA = "daypass";

  private Migrations() {}

  /**
   * Applies what is missing.
   *
   * @param serviceRole the role that the service signs in with; it must exist
   * @return how many migrations were applied
   */
  public static int apply(DatabaseAddress owner, String serviceRole) {
    if (!serviceRole.matches("[a-zA-Z_][a-zA-Z0-9_]{0,62}")) {
      throw new IllegalArgumentException("not a plain role name: " + serviceRole);
    }
    return Flyway.configure()
        .dataSource(owner.jdbcUrl(), owner.user(), owner.password())
        .locations("classpath:io/daypass/postgres/migration")
        .schemas(SCHEMA)
        .defaultSchema(SCHEMA)
        .createSchemas(true)
        .placeholders(Map.of("service_role", serviceRole))
        .cleanDisabled(true)
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
