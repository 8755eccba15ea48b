package io.daypass.postgres;

import io.daypass.cloud.Binding;
import io.daypass.cloud.BindingStore;
import io.daypass.cloud.WantedBinding;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.request.RequestId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bindings in Postgres. Whatever ends them goes over the reserved connections: it must get through
 * when the pool is exhausted.
 */
public final class PostgresBindings implements BindingStore {

  private static final String STANDING =
      """
      SELECT b.id AS binding, b.request_id AS request, r.role, b.cloud, b.place, b.state,
        binding_end(b.id) AS ends_at, b.removed_at, b.alarmed_at IS NOT NULL AS stuck
      FROM access_binding b JOIN access_request r ON r.id = b.request_id
      """;

  private final Database database;
  private final Supplier<String> policies;

  /**
   * Over {@code database}.
   *
   * @param policies the digest of the policies in force
   */
  public PostgresBindings(Database database, Supplier<String> policies) {
    this.database = database;
    this.policies = policies;
  }

  @Override
  public Held hold(RecordedGrant grant, WantedBinding wanted, Duration attempt) {
    var places = new JsonArray();
    for (var place : wanted.anyOf()) {
      places.add(
          new JsonObject()
              .put("holder", place.holder())
              .put("place", new JsonObject(new HashMap<>(place.coordinates()))));
    }
    var row =
        database.row(
            // Called once the policies are named: its last argument waits for that.
            "SELECT outcome, binding, place, made, free_at FROM "
                + PolicyStamp.sql("$8")
                + """
                 AS named(digest), LATERAL hold_binding($1, $2, $3, $4, $5::jsonb, $6,
                  CASE WHEN digest IS NOT NULL THEN $7::double precision END)
                """,
            Tuple.of(
                grant.issuance(),
                grant.request().value(),
                wanted.cloud(),
                wanted.slot(),
                places,
                grant.endsAt().atOffset(ZoneOffset.UTC),
                Database.seconds(attempt),
                policies.get()));
    return switch (row.getString("outcome")) {
      case "held" ->
          new Held.Ready(
              new Binding(
                  row.getUUID("binding"),
                  grant.request(),
                  grant.role().name(),
                  wanted.cloud(),
                  place(row)),
              row.getBoolean("made"));
      case "busy" -> new Held.Busy(RequestRows.required(row, "free_at"));
      case String refusal -> new Held.Over(refusal(refusal));
    };
  }

  @Override
  public @Nullable IssueRefusal made(
      Binding binding, RecordedGrant grant, Instant tokensUntil, Duration settle) {
    var outcome =
        database
            .row(
                "SELECT binding_made($1, $2, $3, $4, $5) FROM " + PolicyStamp.sql("$6"),
                Tuple.of(
                    binding.id(),
                    grant.issuance(),
                    grant.request().value(),
                    tokensUntil.atOffset(ZoneOffset.UTC),
                    Database.seconds(settle),
                    policies.get()))
            .getString(0);
    return outcome.equals("held") ? null : refusal(outcome);
  }

  @Override
  public boolean servesUnbound(String holder, Instant tokensUntil) {
    return database
        .row(
            "SELECT serves_unbound($1, $2)", Tuple.of(holder, tokensUntil.atOffset(ZoneOffset.UTC)))
        .getBoolean(0);
  }

  @Override
  public void notMade(Binding binding, RecordedGrant grant) {
    database.row("SELECT binding_not_made($1, $2)", Tuple.of(binding.id(), grant.issuance()));
  }

  @Override
  public List<Claimed> claimDue(int limit, Duration lease, Duration lead) {
    var claimed = new ArrayList<Claimed>();
    var rows =
        database.reservedRows(
            "SELECT binding, claim, request, role, cloud, place, ended_at, tries"
                + " FROM claim_bindings($1, $2, $3)",
            Tuple.of(limit, Database.seconds(lease), Database.seconds(lead)));
    for (var row : rows) {
      claimed.add(
          new Claimed(
              binding(row),
              row.getUUID("claim"),
              RequestRows.required(row, "ended_at"),
              row.getInteger("tries")));
    }
    return claimed;
  }

  @Override
  public boolean removed(Claimed claimed) {
    return database
        .reservedRow(
            "SELECT binding_removed($1, $2) FROM " + PolicyStamp.sql("$3"),
            Tuple.of(claimed.binding().id(), claimed.claim(), policies.get()))
        .getBoolean(0);
  }

  @Override
  public boolean kept(Claimed claimed, String code, Duration pause, Patience patience) {
    return database
        .reservedRow(
            "SELECT binding_kept($1, $2, $3, $4, $5, $6) FROM " + PolicyStamp.sql("$7"),
            Tuple.of(
                claimed.binding().id(),
                claimed.claim(),
                code,
                Database.seconds(pause),
                patience.tries(),
                Database.seconds(patience.time()),
                policies.get()))
        .getBoolean(0);
  }

  @Override
  public List<Standing> of(RequestId request) {
    var found = new ArrayList<Standing>();
    var sql =
        STANDING
            + """
            WHERE EXISTS (SELECT 1 FROM access_binding_grant g
              WHERE g.binding = b.id AND g.request_id = $1)
            ORDER BY b.recorded_at, b.id
            """;
    for (var row : database.rows(sql, Tuple.of(request.value()))) {
      var removedAt = row.getOffsetDateTime("removed_at");
      var state = State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
      found.add(
          new Standing(
              binding(row),
              state,
              RequestRows.required(row, "ends_at"),
              state == State.REMOVED && removedAt != null ? removedAt.toInstant() : null,
              state != State.REMOVED && row.getBoolean("stuck")));
    }
    return found;
  }

  @Override
  public Set<UUID> known(Set<UUID> bindings, Duration lately) {
    var found = new HashSet<UUID>();
    var sql =
        """
        SELECT b.id FROM access_binding b
        WHERE b.id = ANY ($1) AND (b.state <> 'removed'
          OR b.removed_at > clock_timestamp() - make_interval(secs => $2))
        """;
    var asked = Tuple.of(bindings.toArray(UUID[]::new), Database.seconds(lately));
    for (var row : database.rows(sql, asked)) {
      found.add(row.getUUID("id"));
    }
    return found;
  }

  @Override
  public int overdue(Duration grace) {
    return database
        .reservedRow(
            """
            SELECT count(*)::int FROM access_binding b
            WHERE b.state <> 'removed'
              AND binding_end(b.id) < clock_timestamp() - make_interval(secs => $1)
            """,
            Tuple.of(Database.seconds(grace)))
        .getInteger(0);
  }

  private static Binding binding(Row row) {
    return new Binding(
        row.getUUID("binding"),
        new RequestId(row.getString("request")),
        row.getString("role"),
        row.getString("cloud"),
        place(row));
  }

  private static Map<String, String> place(Row row) {
    var place = new HashMap<String, String>();
    row.getJsonObject("place")
        .forEach(
            part -> place.put(part.getKey(), Objects.requireNonNull((String) part.getValue())));
    return place;
  }

  private static IssueRefusal refusal(String code) {
    return IssueRefusal.valueOf(code.toUpperCase(Locale.ROOT));
  }
}
