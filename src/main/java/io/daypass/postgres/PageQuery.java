package io.daypass.postgres;

import io.daypass.identity.CallerId;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestStore.Query;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A page of requests as SQL; every condition is a bound parameter. */
final class PageQuery {

  private final StringBuilder sql = new StringBuilder(RequestRows.SELECT).append("WHERE true");
  private final List<Object> parameters = new ArrayList<>();

  PageQuery(Query query) {
    var requester = query.requester();
    if (requester != null) {
      and("r.requester_issuer = ?", requester.issuer());
      and("r.requester_subject = ?", requester.subject());
    }
    var involving = query.involving();
    if (involving != null) {
      involving(involving);
    }
    if (query.role() != null) {
      and("r.role = ?", query.role());
    }
    if (query.status() != null) {
      sql.append(" AND ").append(condition(query.status()));
    }
    if (query.idStarts() != null) {
      and("starts_with(r.id, ?)", query.idStarts());
    }
    var before = query.before();
    if (before != null) {
      sql.append(" AND (r.made_at, r.id) < (")
          .append(bind(before.madeAt().atOffset(ZoneOffset.UTC)))
          .append(", ")
          .append(bind(before.id().value()))
          .append(")");
    }
    sql.append(" ORDER BY r.made_at DESC, r.id DESC LIMIT ").append(bind(query.limit()));
  }

  String text() {
    return sql.toString();
  }

  Tuple parameters() {
    return Tuple.from(parameters);
  }

  private void involving(CallerId caller) {
    var issuer = bind(caller.issuer());
    var subject = bind(caller.subject());
    sql.append(" AND ((r.state = 'pending' AND r.lapses_at > now()) OR (r.requester_issuer = ")
        .append(issuer)
        .append(" AND r.requester_subject = ")
        .append(subject)
        .append(") OR EXISTS (SELECT 1 FROM approval v WHERE v.request_id = r.id")
        .append(" AND v.approver_issuer = ")
        .append(issuer)
        .append(" AND v.approver_subject = ")
        .append(subject)
        .append("))");
  }

  private static String condition(Status status) {
    return switch (status) {
      case PENDING -> "r.state = 'pending' AND r.lapses_at > now()";
      case LAPSED -> "r.state = 'pending' AND r.lapses_at <= now()";
      case APPROVED -> "r.state = 'approved' AND r.grant_ends_at > now()";
      case ENDED -> "r.state = 'approved' AND r.grant_ends_at <= now()";
      case DENIED -> "r.state = 'denied'";
      case CANCELLED -> "r.state = 'cancelled'";
      case RETURNED -> "r.state = 'returned'";
      case REVOKED -> "r.state = 'revoked'";
    };
  }

  private void and(String condition, Object value) {
    sql.append(" AND ").append(condition.replace("?", bind(value)));
  }

  private String bind(Object value) {
    parameters.add(value);
    return "$" + parameters.size();
  }
}
