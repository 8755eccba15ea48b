package io.daypass.postgres;

import io.daypass.identity.CallerId;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestStore.Query;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of requests as SQL; every condition is a bound parameter. The tables grow for years: each
 * way to ask has an index that leads to little more than the page.
 */
final class PageQuery {

  private static final String NEWEST_FIRST = " ORDER BY r.made_at DESC, r.id DESC";
  private static final String PENDING = "r.state = 'pending' AND r.lapses_at > now()";
  // Of all ids every thirty-second begins with one character: a page of these is soon found among
  // the newest.
  private static final int FEW_FROM = 2;
  // Sorts behind all that ids are made of.
  private static final String BEHIND = "{";

  private final StringBuilder sql = new StringBuilder(RequestRows.COLUMNS).append("FROM ");
  private final List<Object> parameters = new ArrayList<>();
  private final String conditions;
  private final String first;

  PageQuery(Query query) {
    var starts = query.idStarts();
    var rare = starts != null && starts.length() >= FEW_FROM ? starts : null;
    var involving = restricting(query);
    conditions = conditions(query) + (starts == null || rare != null ? "" : starts(starts));
    first = NEWEST_FIRST + " LIMIT " + bind(query.limit());
    if (rare != null) {
      sql.append(beginning(rare)).append(" WHERE true").append(conditions);
      if (involving != null) {
        sql.append(" AND (").append(involved(involving)).append(")");
      }
    } else if (involving == null) {
      sql.append("access_request r WHERE true").append(conditions);
    } else {
      arms(involving, query.status());
    }
    sql.append(first);
  }

  String text() {
    return sql.toString();
  }

  Tuple parameters() {
    return Tuple.from(parameters);
  }

  // What waits for a decision involves everybody, and what is one's own oneself.
  private static @Nullable CallerId restricting(Query query) {
    var involving = query.involving();
    return query.status() == Status.PENDING
            || (involving != null && involving.equals(query.requester()))
        ? null
        : involving;
  }

  private String conditions(Query query) {
    var all = new StringBuilder();
    var requester = query.requester();
    if (requester != null) {
      all.append(" AND ").append(own(requester));
    }
    if (query.role() != null) {
      all.append(" AND r.role = ").append(bind(query.role()));
    }
    if (query.status() != null) {
      all.append(" AND ").append(condition(query.status()));
    }
    var before = query.before();
    if (before != null) {
      all.append(" AND (r.made_at, r.id) < (")
          .append(bind(before.madeAt().atOffset(ZoneOffset.UTC)))
          .append(", ")
          .append(bind(before.id().value()))
          .append(")");
    }
    return all.toString();
  }

  private String starts(String start) {
    return " AND starts_with(r.id, " + bind(start) + ")";
  }

  // OFFSET 0 keeps Postgres from going through the newest instead, of which it takes too many for
  // what is asked for.
  private String beginning(String start) {
    return "(SELECT b.* FROM access_request b WHERE b.id COLLATE \"C\" >= "
        + bind(start)
        + " AND b.id COLLATE \"C\" < "
        + bind(start + BEHIND)
        + " OFFSET 0) r";
  }

  private String involved(CallerId caller) {
    return "("
        + PENDING
        + ") OR ("
        + own(caller)
        + ") OR EXISTS (SELECT 1 FROM approval v WHERE v.request_id = r.id AND "
        + votes(caller)
        + ")";
  }

  // One condition with OR would be looked for from the newest to the first of all requests. What
  // comes by two ways is shown once.
  private void arms(CallerId caller, @Nullable Status status) {
    var arms = new ArrayList<String>();
    if (status == null) {
      arms.add(arm("access_request r", PENDING));
    }
    arms.add(arm("access_request r", own(caller)));
    // OFFSET 0: each by its key, whatever Postgres thinks how often people vote.
    arms.add(
        arm(
            "approval v CROSS JOIN LATERAL (SELECT q.* FROM access_request q"
                + " WHERE q.id = v.request_id OFFSET 0) r",
            votes(caller)));
    sql.append("(SELECT DISTINCT ON (r.made_at, r.id) r.* FROM (")
        .append(String.join(" UNION ALL ", arms))
        .append(") r")
        .append(first)
        .append(") r");
  }

  private String arm(String from, String which) {
    return "(SELECT r.* FROM " + from + " WHERE " + which + conditions + first + ")";
  }

  private String own(CallerId caller) {
    return "r.requester_issuer = "
        + bind(caller.issuer())
        + " AND r.requester_subject = "
        + bind(caller.subject());
  }

  private String votes(CallerId caller) {
    return "v.approver_issuer = "
        + bind(caller.issuer())
        + " AND v.approver_subject = "
        + bind(caller.subject());
  }

  private static String condition(Status status) {
    return switch (status) {
      case PENDING -> PENDING;
      case LAPSED -> "r.state = 'pending' AND r.lapses_at <= now()";
      case APPROVED -> "r.state = 'approved' AND r.grant_ends_at > now()";
      case ENDED -> "r.state = 'approved' AND r.grant_ends_at <= now()";
      case DENIED -> "r.state = 'denied'";
      case CANCELLED -> "r.state = 'cancelled'";
      case RETURNED -> "r.state = 'returned'";
      case REVOKED -> "r.state = 'revoked'";
    };
  }

  private String bind(Object value) {
    parameters.add(value);
    return "$" + parameters.size();
  }
}
