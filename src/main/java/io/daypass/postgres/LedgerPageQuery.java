package io.daypass.postgres;

import io.daypass.ledger.LedgerQuery;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A page of the ledger as SQL; every condition is a bound parameter. */
final class LedgerPageQuery {

  // What the index on kinds leaves out: these are most of the ledger, and found by walking it.
  private static final Set<String> COMMON =
      Set.of("request_made", "decided_by_rule", "intent", "sealed");

  private final StringBuilder sql = new StringBuilder("SELECT * FROM ledger_entry WHERE true");
  private final List<Object> parameters = new ArrayList<>();

  /**
   * What {@code query} asks for.
   *
   * @param settled the last number of the page at most
   * @param begins a number that nothing written since {@code query.since()} is below
   */
  LedgerPageQuery(LedgerQuery query, long settled, long begins) {
    var newestFirst = query.order() == LedgerQuery.Order.NEWEST_FIRST;
    and(newestFirst ? "number < " : "number > ", query.beyond());
    and("number <= ", settled);
    if (query.since() != null) {
      and("number >= ", begins);
      and("written_at >= ", query.since().atOffset(ZoneOffset.UTC));
    }
    if (query.role() != null) {
      and("role = ", query.role());
    }
    if (query.caller() != null) {
      var parts = query.caller().split(" ", 2);
      and("caller_subject = ", parts[parts.length - 1]);
      if (parts.length == 2) {
        and("caller_issuer = ", parts[0]);
      }
    }
    if (query.kind() != null) {
      kind(query.kind());
    }
    if (query.request() != null) {
      and("request_id = ", query.request().value());
    }
    sql.append(newestFirst ? " ORDER BY number DESC LIMIT " : " ORDER BY number LIMIT ");
    bind(query.limit());
  }

  String text() {
    return sql.toString();
  }

  Tuple parameters() {
    return Tuple.from(parameters);
  }

  private void kind(String kind) {
    and("kind = ", kind);
    if (!COMMON.contains(kind)) {
      // Of a parameter Postgres does not know that the index on the other kinds has it.
      sql.append(" AND kind NOT IN ('request_made', 'decided_by_rule', 'intent', 'sealed')");
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
