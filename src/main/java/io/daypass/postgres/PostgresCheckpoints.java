package io.daypass.postgres;

import io.daypass.ledger.Checkpoint;
import io.daypass.ledger.CheckpointStore;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ledger's checkpoints in Postgres. */
public final class PostgresCheckpoints implements CheckpointStore {

  private final Database database;

  public PostgresCheckpoints(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Kept> latest() {
    var rows =
        database.rows(
            "SELECT sequence, through, origin, size, root, edge, signed, at FROM ledger_checkpoint"
                + " ORDER BY sequence DESC LIMIT 1",
            Tuple.tuple());
    var found = rows.iterator();
    return found.hasNext() ? Optional.ofNullable(kept(found.next())) : Optional.empty();
  }

  @Override
  public Growth growth(Duration pace, Duration renewal, int most) {
    var row =
        database.row(
            "SELECT sequence, through, origin, size, root, edge, signed, at, age_s, more_through,"
                + " leaves, is_all FROM ledger_growth($1, $2, $3)",
            Tuple.of(Database.seconds(pace), Database.seconds(renewal), most));
    Long through = row.getLong("more_through");
    Double age = row.getDouble("age_s");
    return new Growth(
        kept(row),
        age == null ? Duration.ZERO : Duration.ofMillis(Math.round(age * 1000)),
        through == null
            ? null
            : new More(through, row.getString("leaves"), row.getBoolean("is_all")));
  }

  private static @Nullable Kept kept(Row row) {
    Long sequence = row.getLong("sequence");
    return sequence == null
        ? null
        : new Kept(
            sequence,
            row.getLong("through"),
            new Checkpoint(row.getString("origin"), row.getLong("size"), row.getString("root")),
            row.getString("edge"),
            row.getString("signed"),
            RequestRows.required(row, "at"));
  }

  @Override
  public Optional<Kept> keep(Next next) {
    var checkpoint = next.checkpoint();
    var row =
        database.row(
            "SELECT keep_checkpoint($1, $2, $3, $4, $5, $6, $7) AS at",
            Tuple.tuple()
                .addLong(next.sequence())
                .addLong(next.through())
                .addString(checkpoint.origin())
                .addLong(checkpoint.size())
                .addString(checkpoint.root())
                .addString(next.edge())
                .addString(next.signed()));
    return Optional.ofNullable(RequestRows.instant(row, "at"))
        .map(at ->
            new Kept(next.sequence(), next.through(), checkpoint, next.edge(), next.signed(), at));
  }
}
