package io.daypass.postgres;

import io.vertx.sqlclient.Tuple;

/** Tokens that opened a request: remembered until they are dead, and a while longer. */
public final class PostgresTokens {

  private static final int BITE = 5000;

  private final Database database;

  public PostgresTokens(Database database) {
    this.database = database;
  }

  /** Forgets tokens that no replica would accept any more, whatever its clock. */
  public void forgetDead() {
    var sql =
        """
        DELETE FROM seen_token WHERE (token_key, scope) IN (
          SELECT token_key, scope FROM seen_token
          WHERE expires_at < now() - interval '10 minutes' LIMIT $1)
        """;
    Bites.take(BITE, () -> database.rows(sql, Tuple.of(BITE)).rowCount());
  }
}
