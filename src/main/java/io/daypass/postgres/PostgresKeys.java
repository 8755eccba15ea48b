package io.daypass.postgres;

import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.KeyStore;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The signing keys in Postgres, wrapped before they come here. */
public final class PostgresKeys implements KeyStore {

  private final Database database;

  public PostgresKeys(Database database) {
    this.database = database;
  }

  @Override
  public List<StoredKey> load() {
    var keys = new ArrayList<StoredKey>();
    for (var row :
        database.rows(
            "SELECT id, algorithm, wrapped, public_jwk, published_at, use_from FROM signing_key"
                + " ORDER BY use_from, id",
            Tuple.tuple())) {
      keys.add(
          new StoredKey(
              row.getString("id"),
              Algorithm.valueOf(row.getString("algorithm")),
              row.getString("wrapped"),
              row.getString("public_jwk"),
              RequestRows.required(row, "published_at"),
              RequestRows.required(row, "use_from")));
    }
    return keys;
  }

  @Override
  public boolean rewrap(List<Rewrapped> keys) {
    return database
        .row(
            "SELECT rewrap_signing_keys($1, $2, $3)",
            Tuple.of(
                texts(keys, Rewrapped::id),
                texts(keys, Rewrapped::was),
                texts(keys, Rewrapped::wrapped)))
        .getBoolean(0);
  }

  private static String[] texts(List<Rewrapped> keys, Function<Rewrapped, String> member) {
    return keys.stream().map(member).toArray(String[]::new);
  }

  @Override
  public void add(StoredKey key) {
    database.row(
        "SELECT add_signing_key($1, $2, $3, $4, $5, $6)",
        Tuple.from(
            Arrays.asList(
                key.id(),
                key.algorithm().name(),
                key.wrapped(),
                key.publicJwk(),
                key.publishedAt().atOffset(ZoneOffset.UTC),
                key.useFrom().atOffset(ZoneOffset.UTC))));
  }
}
