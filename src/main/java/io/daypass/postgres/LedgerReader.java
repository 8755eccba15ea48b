package io.daypass.postgres;

import io.daypass.identity.CallerId;
import io.daypass.ledger.LedgerQuery;
import io.daypass.ledger.LedgerStore.HandedOut;
import io.daypass.ledger.WrittenEntry;
import io.daypass.request.RequestId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What is read of the ledger. */
record LedgerReader(Database database) {

  List<WrittenEntry> read(LedgerQuery query) {
    var newestFirst = query.order() == LedgerQuery.Order.NEWEST_FIRST;
    // A statement of its own, before: a page must not end beyond an entry that is yet to be seen.
    var settled = database.row("SELECT ledger_settled()", Tuple.tuple()).getLong(0);
    var sql = new StringBuilder("SELECT * FROM ledger_entry WHERE number ");
    sql.append(newestFirst ? "< $1" : "> $1").append(" AND number <= $2");
    var parameters = new ArrayList<Object>();
    parameters.add(query.beyond());
    parameters.add(settled);
    if (query.since() != null) {
      and(sql, parameters, "written_at >= ", query.since().atOffset(ZoneOffset.UTC));
    }
    if (query.role() != null) {
      and(sql, parameters, "role = ", query.role());
    }
    if (query.caller() != null) {
      var parts = query.caller().split(" ", 2);
      and(sql, parameters, "caller_subject = ", parts[parts.length - 1]);
      if (parts.length == 2) {
        and(sql, parameters, "caller_issuer = ", parts[0]);
      }
    }
    if (query.kind() != null) {
      and(sql, parameters, "kind = ", query.kind());
    }
    if (query.request() != null) {
      and(sql, parameters, "request_id = ", query.request().value());
    }
    parameters.add(query.limit());
    sql.append(newestFirst ? " ORDER BY number DESC" : " ORDER BY number");
    sql.append(" LIMIT $").append(parameters.size());
    var entries = new ArrayList<WrittenEntry>();
    for (var row : database.rows(sql.toString(), Tuple.from(parameters))) {
      entries.add(entry(row));
    }
    return entries;
  }

  Optional<HandedOut> handedOut(String fingerprint) {
    var rows =
        database.rows(
            """
            SELECT request_id, (convert_from(canonical, 'UTF8')::jsonb
              #>> '{detail,expires_at}')::timestamptz AS expires_at
            FROM ledger_entry
            WHERE kind = 'sealed' AND request_id IS NOT NULL
              AND credential_fingerprint(canonical) = $1
            ORDER BY number DESC LIMIT 1
            """,
            Tuple.of(fingerprint));
    var found = rows.iterator();
    if (!found.hasNext()) {
      return Optional.empty();
    }
    var row = found.next();
    return Optional.of(
        new HandedOut(
            new RequestId(row.getString("request_id")), RequestRows.required(row, "expires_at")));
  }

  Optional<Instant> believedUntil(RequestId request) {
    var rows =
        database.rows(
            """
            SELECT max(coalesce(detail #>> '{lives_until}', detail #>> '{expires_at}')::timestamptz)
              AS believed_until
            FROM (SELECT convert_from(canonical, 'UTF8')::jsonb -> 'detail' AS detail
              FROM ledger_entry WHERE request_id = $1 AND kind = 'sealed') AS sealed
            """,
            Tuple.of(request.value()));
    return Optional.ofNullable(RequestRows.instant(rows.iterator().next(), "believed_until"));
  }

  private static void and(
      StringBuilder sql, List<Object> parameters, String condition, Object value) {
    parameters.add(value);
    sql.append(" AND ").append(condition).append('$').append(parameters.size());
  }

  private static WrittenEntry entry(Row row) {
    var subject = row.getString("caller_subject");
    return new WrittenEntry(
        row.getLong("number"),
        RequestRows.required(row, "written_at"),
        row.getString("kind"),
        Optional.ofNullable(row.getString("request_id")).map(RequestId::new).orElse(null),
        row.getUUID("issuance"),
        row.getString("role"),
        subject == null ? null : new CallerId(row.getString("caller_issuer"), subject),
        row.getBuffer("canonical").toString(StandardCharsets.UTF_8),
        HexFormat.of().formatHex(row.getBuffer("sha256").getBytes()));
  }
}
