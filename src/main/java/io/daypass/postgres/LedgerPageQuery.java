package io.daypass.postgres;

import io.daypass.ledger.LedgerQuery;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A page of the ledger as SQL; every condition is a bound parameter. */
final class LedgerPageQuery {

  // What the index on kinds leaves out: these are most of the ledger, and found by walking it.
  private static final Set<String> COMMON =
      Set.of("request_made", "decided_by_rule", "intent", "sealed");
  private static final String RARE =
      "kind NOT IN ('request_made', 'decided_by_rule', 'intent', 'sealed')";

  private static final String COLUMNS =
      "SELECT number, written_at, kind, request_id, issuance, role, caller_issuer, caller_subject,"
          + " canonical, sha256 FROM ";

  private final StringBuilder sql = new StringBuilder(COLUMNS + "ledger_entry WHERE true");
  private final List<Object> parameters = new ArrayList<>();

  /**
   * What {@code query} asks for.
   *
   * @param settled the last number of the page at most
   * @param begins a number that nothing written since {@code query.since()} is below
   */
  LedgerPageQuery(LedgerQuery query, long settled, long begins) {
    var newestFirst = query.order() == LedgerQuery.Order.NEWEST_FIRST;
    // Numbers begin with 1.
    var after = Math.max(newestFirst ? 0 : query.beyond(), query.since() == null ? 0 : begins - 1);
    var through = newestFirst ? Math.min(settled, Math.max(query.beyond(), 1) - 1) : settled;
    var first = first(query);
    if (first == null) {
      and("number > ", after);
      and("number <= ", through);
    } else {
      by(first, after, through);
    }
    if (query.since() != null) {
      and("written_at >= ", query.since().atOffset(ZoneOffset.UTC));
    }
    if (query.caller() != null) {
      var parts = query.caller().split(" ", 2);
      and("caller_subject = ", parts[parts.length - 1]);
      if (parts.length == 2) {
        and("caller_issuer = ", parts[0]);
      }
    }
    if (query.kind() != null && (first == null || !first.column().equals("kind"))) {
      kind(query.kind());
    }
    if (query.request() != null) {
      and("request_id = ", query.request().value());
    }
    var way = newestFirst ? " DESC" : "";
    var order = (first == null ? "" : first.column() + way + ", ") + "number" + way;
    sql.append(" ORDER BY ").append(order).append(" LIMIT ");
    bind(query.limit());
    endByBytes(order);
  }

  // How long a value is Postgres knows without fetching it; what the page leaves out stays there.
  private void endByBytes(String order) {
    sql.insert(
        0,
        COLUMNS
            + "(SELECT page.*, sum(octet_length(canonical)) OVER (ORDER BY "
            + order
            + " ROWS UNBOUNDED PRECEDING) - octet_length(canonical) AS ahead FROM (");
    sql.append(") AS page) AS measured WHERE ahead < ");
    bind(LedgerQuery.BYTES);
    sql.append(" ORDER BY ").append(order);
  }

  String text() {
    return sql.toString();
  }

  Tuple parameters() {
    return Tuple.from(parameters);
  }

  /** What an index has the entries by, before their number. */
  private record First(String column, String value, String indexed) {}

  private static @Nullable First first(LedgerQuery query) {
    if (query.role() != null) {
      return new First("role", query.role(), "role IS NOT NULL");
    }
    return query.kind() == null || COMMON.contains(query.kind())
        ? null
        : new First("kind", query.kind(), RARE);
  }

  // Of a role or a kind that it knows nothing of Postgres would rather walk the whole ledger by
  // number. In this order, and between these, it has the entries only from the index.
  private void by(First first, long after, long through) {
    sql.append(" AND ").append(first.indexed());
    and("(" + first.column() + ", number) > (", first.value());
    sql.append(", ");
    bind(after);
    sql.append(')');
    and("(" + first.column() + ", number) <= (", first.value());
    sql.append(", ");
    bind(through);
    sql.append(')');
  }

  private void kind(String kind) {
    if (COMMON.contains(kind)) {
      // As an expression, so that no index by issuance on all of a kind is read whole.
      and("kind || '' = ", kind);
    } else {
      and("kind = ", kind);
      // Of a parameter Postgres does not know that the index on the other kinds has it.
      sql.append(" AND ").append(RARE);
    }
  }

  private void and(String condition, Object value) {
    sql.append(" AND ").append(condition);
    bind(value);
  }

  private void bind(Object value) {
    parameters.add(value);
    sql.append('$').append(parameters.size());
  }
}
