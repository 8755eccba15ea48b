package io.daypass.postgres;

import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Basis;
import io.daypass.request.AccessRequest.Ending;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.AccessRequest.Times;
import io.daypass.request.Approval;
import io.daypass.request.RequestId;
import io.daypass.request.Standing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of access_request, each with its approvals and the approvers as they stand now. */
final class RequestRows {

  /**
   * What is read of a row r, wherever that comes from. Columns are named, here and in every other
   * statement: connections keep what they prepared, and one that has all columns there are is
   * refused once on each of them after a later version has added some.
   */
  static final String COLUMNS =
      """
      SELECT r.id, r.version, r.requester, r.role, r.duration_s, r.reason, r.ticket, r.starts_at,
        r.lines, r.rule, r.policy_digest, r.role_digest, r.digest, r.state, r.made_at, r.lapses_at,
        r.grant_starts_at, r.grant_ends_at, r.ended_at, r.ended_by, r.ended_reason,
        r.extends_request, (
          SELECT jsonb_agg(jsonb_build_object(
              'identity', p.identity, 'suspended', p.suspended, 'version', p.version,
              'sign_in', a.sign_in, 'verdict', a.verdict, 'comment', a.comment, 'shortened_to_s', a.shortened_to_s,
              'digest', a.digest, 'made_at', to_char(a.made_at AT TIME ZONE 'UTC',
                'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY a.made_at)
          FROM approval a
          JOIN person p ON p.issuer = a.approver_issuer AND p.subject = a.approver_subject
          WHERE a.request_id = r.id) AS approvals
      """;

  static final String SELECT = COLUMNS + "FROM access_request r\n";

  private RequestRows() {}

  static AccessRequest read(Row row) {
    var approvals = approvals(row.getJsonArray("approvals"));
    return new AccessRequest(
        new RequestId(row.getString("id")),
        row.getInteger("version"),
        IdentityJson.read(row.getJsonObject("requester")),
        row.getString("role"),
        new Wish(
            Duration.ofSeconds(row.getLong("duration_s")),
            row.getString("reason"),
            row.getString("ticket")),
        instant(row, "starts_at"),
        basis(row),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        new Times(
            required(row, "made_at"),
            required(row, "lapses_at"),
            instant(row, "grant_starts_at"),
            instant(row, "grant_ends_at")),
        ending(row, approvals),
        approvals,
        Optional.ofNullable(row.getString("extends_request")).map(RequestId::new).orElse(null));
  }

  static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime value = row.getOffsetDateTime(column);
    return value == null ? null : value.toInstant();
  }

  static Instant required(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  private static Basis basis(Row row) {
    var lines = new ArrayList<Basis.Line>();
    for (var line : row.getJsonArray("lines")) {
      var json = (JsonObject) line;
      lines.add(new Basis.Line(json.getString("from"), json.getInteger("count")));
    }
    return new Basis(
        row.getString("rule"),
        lines,
        row.getString("policy_digest"),
        row.getString("role_digest"),
        row.getString("digest"));
  }

  private static @Nullable Ending ending(Row row, List<Approval> approvals) {
    var at = instant(row, "ended_at");
    return at == null
        ? null
        : new Ending(
            at, endedBy(row.getString("ended_by"), approvals), row.getString("ended_reason"));
  }

  // Of a denial the row has issuer and subject; people are called by the name that is shown of
  // them.
  private static String endedBy(String written, List<Approval> approvals) {
    return approvals.stream()
        .filter(approval -> approval.verdict() == Approval.Verdict.DENY)
        .map(approval -> approval.approver().identity().shownAs())
        .findFirst()
        .orElse(written);
  }

  private static List<Approval> approvals(@Nullable JsonArray rows) {
    var approvals = new ArrayList<Approval>();
    if (rows == null) {
      return approvals;
    }
    for (var row : rows) {
      var json = (JsonObject) row;
      var shortened = json.getLong("shortened_to_s");
      approvals.add(
          new Approval(
              new Standing(
                  IdentityJson.read(json.getJsonObject("identity")),
                  json.getBoolean("suspended"),
                  json.getLong("version")),
              IdentityJson.claims(json.getJsonObject("sign_in")),
              Approval.Verdict.valueOf(json.getString("verdict").toUpperCase(Locale.ROOT)),
              json.getString("comment"),
              shortened == null ? null : Duration.ofSeconds(shortened),
              json.getString("digest"),
              Instant.parse(json.getString("made_at"))));
    }
    return approvals;
  }
}
