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
    var since = query.since();
    // A statement of its own, before: a page must not end beyond an entry that is yet to be seen.
    var bounds =
        since == null
            ? database.row("SELECT ledger_settled(), 0::bigint", Tuple.tuple())
            : database.row(
                "SELECT ledger_settled(), ledger_begins($1)",
                Tuple.of(since.atOffset(ZoneOffset.UTC)));
    var page = new LedgerPageQuery(query, bounds.getLong(0), bounds.getLong(1));
    var entries = new ArrayList<WrittenEntry>();
    for (var row : database.rows(page.text(), page.parameters())) {
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
