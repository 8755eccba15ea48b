package io.daypass.postgres;

import io.daypass.identity.Continuations;
import io.daypass.request.AccessRequest;
import io.daypass.request.NewRequest;
import io.daypass.request.OpenLimits;
import io.daypass.request.PollStore;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore.Opened;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** Poll tokens in Postgres, by their digests. */
public final class PostgresPolls implements PollStore, Continuations {

  private static final int BITE = 5000;

  private final Database database;
  private final PostgresRequests requests;
  private final OpenLimits open;

  /**
   * Over {@code database}.
   *
   * @param open how many requests of one requester may wait for a decision at once
   */
  public PostgresPolls(Database database, PostgresRequests requests, OpenLimits open) {
    this.database = database;
    this.requests = requests;
    this.open = open;
  }

  @Override
  public Opened open(NewRequest request, String sha256) {
    return requests.opened(
        database.row(
            "SELECT outcome, request FROM open_polled_request($1::jsonb, $2)",
            Tuple.of(NewRequestJson.write(request, open), sha256)));
  }

  @Override
  public boolean add(RequestId request, String sha256) {
    return database
        .row("SELECT add_poll_token($1, $2)", Tuple.of(request.value(), sha256))
        .getBoolean(0);
  }

  @Override
  public Optional<AccessRequest> carriedOn(String sha256, String role) {
    var sql =
        RequestRows.SELECT
            + "JOIN poll_token t ON t.request_id = r.id WHERE t.sha256 = $1 AND r.role = $2";
    for (var row : database.rows(sql, Tuple.of(sha256, role))) {
      return Optional.of(RequestRows.read(row));
    }
    return Optional.empty();
  }

  @Override
  public Optional<Continued> find(String sha256) {
    var sql =
        """
        SELECT r.requester, r.id, r.role, r.made_at,
          coalesce(r.grant_ends_at, r.lapses_at) AS until
        FROM poll_token t JOIN access_request r ON r.id = t.request_id
        WHERE t.sha256 = $1
        """;
    for (var row : database.rows(sql, Tuple.of(sha256))) {
      return Optional.of(
          new Continued(
              IdentityJson.read(row.getJsonObject("requester")),
              row.getString("id"),
              row.getString("role"),
              RequestRows.required(row, "made_at"),
              RequestRows.required(row, "until")));
    }
    return Optional.empty();
  }

  /** Forgets tokens of requests that have been over for a while: those who ask were told why. */
  public void forgetDead() {
    var sql =
        """
        DELETE FROM poll_token WHERE sha256 IN (
          SELECT t.sha256 FROM poll_token t JOIN access_request r ON r.id = t.request_id
          WHERE coalesce(r.ended_at, r.grant_ends_at, r.lapses_at) < now() - interval '1 hour'
          LIMIT $1)
        """;
    Bites.take(BITE, () -> database.rows(sql, Tuple.of(BITE)).rowCount());
  }
}
