package io.daypass.postgres;

import io.daypass.cloud.BindingStore.Patience;
import io.daypass.cloud.CutStore;
import io.daypass.request.RequestId;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Cuts in Postgres. They go over the reserved connections: a revocation must get through when the
 * pool is exhausted.
 */
public final class PostgresCuts implements CutStore {

  private final Database database;
  private final Supplier<String> policies;

  /**
   * Over {@code database}.
   *
   * @param policies the digest of the policies in force
   */
  public PostgresCuts(Database database, Supplier<String> policies) {
    this.database = database;
    this.policies = policies;
  }

  @Override
  public List<Claimed> claimDue(String cloud, int limit, Spans spans) {
    var claimed = new ArrayList<Claimed>();
    var rows =
        database.reservedRows(
            "SELECT place, claim, requests, standing, applied, tries"
                + " FROM claim_cuts($1, $2, $3, $4, $5)",
            Tuple.of(
                cloud,
                limit,
                Database.seconds(spans.lease()),
                Database.seconds(spans.settle()),
                Database.seconds(spans.onItsWay())));
    for (var row : rows) {
      claimed.add(
          new Claimed(
              cloud,
              row.getString("place"),
              row.getUUID("claim"),
              Stream.of(row.getArrayOfStrings("requests")).map(RequestId::new).toList(),
              row.getInteger("standing"),
              row.getInteger("applied"),
              row.getInteger("tries")));
    }
    return claimed;
  }

  @Override
  public boolean applied(Claimed claimed, List<RequestId> denied, Spans spans) {
    var requests = denied.stream().map(RequestId::value).toArray(String[]::new);
    var all = denied.size() == claimed.requests().size();
    return database
        .reservedRow(
            "SELECT cuts_applied($1, $2, $3, $4, $5, $6, $7) FROM " + PolicyStamp.sql("$8"),
            Tuple.tuple()
                .addString(claimed.cloud())
                .addString(claimed.place())
                .addUUID(claimed.claim())
                .addArrayOfString(requests)
                .addBoolean(all)
                .addDouble(Database.seconds(spans.settle()))
                .addDouble(Database.seconds(spans.onItsWay()))
                .addString(policies.get()))
        .getBoolean(0);
  }

  @Override
  public boolean notApplied(
      Claimed claimed,
      String code,
      Duration pause,
      boolean unknown,
      Spans spans,
      Patience patience) {
    return database
        .reservedRow(
            "SELECT cuts_not_applied($1, $2, $3, $4, $5, $6, $7, $8, $9) FROM "
                + PolicyStamp.sql("$10"),
            Tuple.tuple()
                .addString(claimed.cloud())
                .addString(claimed.place())
                .addUUID(claimed.claim())
                .addString(code)
                .addDouble(Database.seconds(pause))
                .addBoolean(unknown)
                .addDouble(Database.seconds(spans.onItsWay()))
                .addInteger(patience.tries())
                .addDouble(Database.seconds(patience.time()))
                .addString(policies.get()))
        .getBoolean(0);
  }

  @Override
  public List<Standing> of(RequestId request) {
    var found = new ArrayList<Standing>();
    var rows =
        database.rows(
            """
            SELECT c.cloud, c.place, c.asked_at, c.until, c.applied_at,
              c.alarmed_at IS NOT NULL AS stuck
            FROM session_cut c
            WHERE c.request_id = $1 ORDER BY c.cloud, c.place
            """,
            Tuple.of(request.value()));
    for (var row : rows) {
      found.add(
          new Standing(
              row.getString("cloud"),
              row.getString("place"),
              RequestRows.required(row, "asked_at"),
              RequestRows.required(row, "until"),
              RequestRows.instant(row, "applied_at"),
              row.getBoolean("stuck")));
    }
    return found;
  }

  @Override
  public int overdue(Duration grace) {
    return database
        .reservedRow(
            """
            SELECT count(*)::int FROM session_cut
            WHERE lifted_at IS NULL AND applied_at IS NULL AND until > clock_timestamp()
              AND asked_at < clock_timestamp() - make_interval(secs => $1)
            """,
            Tuple.of(Database.seconds(grace)))
        .getInteger(0);
  }
}
