package io.daypass.postgres;

import io.daypass.identity.CallerId;
import io.daypass.notice.Notice;
import io.daypass.notice.NoticeKind;
import io.daypass.notice.Outbox;
import io.daypass.request.RequestId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices in Postgres; triggers put them there. Works over the connections of the common pool:
 * telling people never stands in the way of those who decide.
 */
public final class PostgresOutbox implements Outbox {

  private static final int BITE = 1000;

  private final Database database;

  public PostgresOutbox(Database database) {
    this.database = database;
  }

  @Override
  public int noteLapses(Duration settle) {
    return database.row("SELECT note_lapses($1)", Tuple.of(Database.seconds(settle))).getInteger(0);
  }

  @Override
  public int spread(Map<String, Set<NoticeKind>> channels, int limit) {
    var names = new ArrayList<String>();
    var kinds = new ArrayList<String>();
    channels.forEach((name, of) ->
        of.forEach(kind -> {
          names.add(name);
          kinds.add(kind.code());
        }));
    return database
        .row(
            "SELECT spread_notices($1, $2, $3)",
            Tuple.of(names.toArray(String[]::new), kinds.toArray(String[]::new), limit))
        .getInteger(0);
  }

  @Override
  public List<Claimed> claim(String channel, int limit, Duration lease) {
    var claimed = new ArrayList<Claimed>();
    var rows =
        database.rows(
            "SELECT notice, claim, tries, kind, at, request, issuance, role, by_issuer, by_subject,"
                + " detail FROM claim_notices($1, $2, $3)",
            Tuple.of(channel, limit, Database.seconds(lease)));
    for (var row : rows) {
      // What a newer binary tells of, a newer binary delivers, when this lease has run out.
      NoticeKind.of(row.getString("kind"))
          .map(kind ->
              new Claimed(
                  notice(row, kind), channel, row.getUUID("claim"), row.getInteger("tries")))
          .ifPresent(claimed::add);
    }
    return claimed;
  }

  @Override
  public void delivered(Claimed claimed) {
    database.row(
        "SELECT notice_delivered($1, $2)", Tuple.of(claimed.notice().id(), claimed.channel()));
  }

  @Override
  public Fate notDelivered(Claimed claimed, String code, Duration pause, Duration patience) {
    var fate =
        database
            .row(
                "SELECT notice_not_delivered($1, $2, $3, $4, $5, $6)",
                Tuple.of(
                    claimed.notice().id(),
                    claimed.channel(),
                    claimed.claim(),
                    code,
                    Database.seconds(pause),
                    Database.seconds(patience)))
            .getString(0);
    return Fate.valueOf(fate.toUpperCase(Locale.ROOT));
  }

  @Override
  public List<Backlog> backlog() {
    var backlog = new ArrayList<Backlog>();
    var sql =
        """
        SELECT d.channel, n.kind, count(*) AS waiting,
          greatest(0, extract(epoch FROM clock_timestamp() - min(n.at)))::float8 AS oldest
        FROM notice_delivery d JOIN notice n ON n.id = d.notice
        WHERE d.state = 'waiting' GROUP BY d.channel, n.kind
        """;
    for (var row : database.rows(sql, Tuple.tuple())) {
      backlog.add(
          new Backlog(
              row.getString("channel"),
              row.getString("kind"),
              row.getLong("waiting"),
              Duration.ofMillis((long) (row.getDouble("oldest") * 1000))));
    }
    return backlog;
  }

  @Override
  public List<String> forget(Duration patience, Duration keep) {
    var channels = new ArrayList<String>();
    var rows =
        database.rows(
            "SELECT forget_notices($1, $2)",
            Tuple.of(Database.seconds(patience), Database.seconds(keep)));
    for (var row : rows) {
      channels.add(row.getString(0));
    }
    Bites.take(BITE, () -> forgotten(keep));
    return channels;
  }

  private int forgotten(Duration keep) {
    return database
        .row("SELECT forget_told($1, $2)", Tuple.of(Database.seconds(keep), BITE))
        .getInteger(0);
  }

  private static Notice notice(Row row, NoticeKind kind) {
    var detail = new HashMap<String, String>();
    row.getJsonObject("detail")
        .forEach(member -> detail.put(member.getKey(), String.valueOf(member.getValue())));
    return new Notice(
        row.getUUID("notice"),
        kind,
        RequestRows.required(row, "at"),
        Optional.ofNullable(row.getString("request")).map(RequestId::new).orElse(null),
        row.getUUID("issuance"),
        row.getString("role"),
        by(row),
        detail);
  }

  private static @Nullable CallerId by(Row row) {
    var subject = row.getString("by_subject");
    return subject == null ? null : new CallerId(row.getString("by_issuer"), subject);
  }
}
