package io.daypass.postgres;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.SignInClaims;
import io.daypass.request.AccessRequest;
import io.daypass.request.NewRequest;
import io.daypass.request.OpenLimits;
import io.daypass.request.RefusalCode;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import io.daypass.request.Standing;
import io.daypass.request.StoreUnavailableException;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Requests and approvals in Postgres; what changes them is in the functions of the migrations. */
public final class PostgresRequests implements RequestStore {

  private final Database database;
  private final OpenLimits open;
  private final Supplier<String> policies;

  /**
   * Over {@code database}.
   *
   * @param open how many requests of one requester may wait for a decision at once
   * @param policies the digest of the policies in force
   */
  public PostgresRequests(Database database, OpenLimits open, Supplier<String> policies) {
    this.database = database;
    this.open = open;
    this.policies = policies;
  }

  @Override
  public Opened open(NewRequest request) {
    var row =
        database.row(
            "SELECT outcome, request FROM open_request($1::jsonb)",
            Tuple.of(NewRequestJson.write(request, open)));
    return opened(row);
  }

  /** What the answer of open_request says. */
  Opened opened(Row row) {
    return switch (row.getString("outcome")) {
      case "made" -> new Opened.Made(existing(row.getString("request")));
      case "existing", "token_bound" -> new Opened.Existing(existing(row.getString("request")));
      case "key_reused" -> new Opened.KeyReused();
      case "too_many_open" -> new Opened.TooManyOpen();
      case "token_already_used" -> new Opened.TokenAlreadyUsed();
      case "nothing_to_extend" -> new Opened.NothingToExtend();
      case String other -> throw unexpected(other);
    };
  }

  @Override
  public Optional<AccessRequest> find(RequestId id) {
    return first(database.rows(RequestRows.SELECT + "WHERE r.id = $1", Tuple.of(id.value())));
  }

  @Override
  public List<AccessRequest> liveFor(CallerId requester, String role) {
    var sql =
        RequestRows.SELECT
            + """
            WHERE r.requester_issuer = $1 AND r.requester_subject = $2 AND r.role = $3
              AND r.state = 'approved' AND r.grant_starts_at <= now() AND r.grant_ends_at > now()
            ORDER BY r.grant_ends_at DESC LIMIT 100
            """;
    return all(database.rows(sql, Tuple.of(requester.issuer(), requester.subject(), role)));
  }

  @Override
  public Optional<AccessRequest> openedBy(String replayKey, String role) {
    var sql =
        RequestRows.SELECT
            + "JOIN seen_token t ON t.request_id = r.id WHERE t.token_key = $1 AND t.scope = $2";
    return first(database.rows(sql, Tuple.of(replayKey, role)));
  }

  @Override
  public List<AccessRequest> page(Query query) {
    var sql = new PageQuery(query);
    return all(database.rows(sql.text(), sql.parameters()));
  }

  @Override
  public Voted vote(Vote vote) {
    var shortened = vote.shortenedTo();
    var row =
        database.reservedRow(
            "SELECT record_vote($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb) FROM "
                + PolicyStamp.sql("$12"),
            Tuple.from(
                Arrays.asList(
                    vote.request().value(),
                    vote.expectedVersion(),
                    vote.approver().id().issuer(),
                    vote.approver().id().subject(),
                    vote.verdict().name().toLowerCase(Locale.ROOT),
                    vote.comment(),
                    shortened == null ? null : shortened.toSeconds(),
                    vote.digest(),
                    vote.completes(),
                    vote.agreed().toSeconds(),
                    IdentityJson.write(SignInClaims.of(vote.approver())),
                    policies.get())));
    return switch (row.getString(0)) {
      case "counted" -> new Voted.Counted(existing(vote.request().value()));
      case "changed" -> new Voted.Changed();
      case "already_voted" -> new Voted.NotPossible(RefusalCode.ALREADY_VOTED);
      case "already_decided" -> new Voted.NotPossible(RefusalCode.ALREADY_DECIDED);
      case "lapsed" -> new Voted.NotPossible(RefusalCode.LAPSED);
      case "suspended" -> new Voted.NotPossible(RefusalCode.SUSPENDED);
      case "self_approval" -> new Voted.NotPossible(RefusalCode.SELF_APPROVAL);
      case String other -> throw unexpected(other);
    };
  }

  @Override
  public Ended end(End end) {
    var row =
        database.reservedRow(
            "SELECT end_request($1, $2, $3, $4, $5, $6) FROM " + PolicyStamp.sql("$7"),
            Tuple.of(
                end.request().value(),
                end.to().name().toLowerCase(Locale.ROOT),
                end.by().issuer(),
                end.by().subject(),
                end.byShown(),
                end.reason(),
                policies.get()));
    return switch (row.getString(0)) {
      case "done" -> new Ended.Done(existing(end.request().value()));
      case "already_decided" -> new Ended.NotPossible(RefusalCode.ALREADY_DECIDED);
      case "already_ended" -> new Ended.NotPossible(RefusalCode.ALREADY_ENDED);
      case "not_approved" -> new Ended.NotPossible(RefusalCode.NOT_APPROVED);
      case String other -> throw unexpected(other);
    };
  }

  @Override
  public void remember(Identity person, Instant tokenIssuedAt) {
    var sql =
        """
        INSERT INTO person AS p (issuer, subject, identity, token_issued_at)
        VALUES ($1, $2, $3::jsonb, $4)
        ON CONFLICT (issuer, subject) DO UPDATE
          SET identity = excluded.identity,
              version = p.version + (p.identity <> excluded.identity)::int,
              token_issued_at = excluded.token_issued_at
          -- A newer token that says the same is remembered too: an older one must not undo it.
          WHERE p.token_issued_at < excluded.token_issued_at
            OR (p.token_issued_at = excluded.token_issued_at AND p.identity <> excluded.identity)
        """;
    database.rows(
        sql,
        Tuple.of(
            person.id().issuer(),
            person.id().subject(),
            IdentityJson.write(person),
            tokenIssuedAt.atOffset(ZoneOffset.UTC)));
  }

  @Override
  public Optional<Standing> standing(CallerId person) {
    var rows =
        database.rows(
            "SELECT identity, suspended, version FROM person WHERE issuer = $1 AND subject = $2",
            Tuple.of(person.issuer(), person.subject()));
    for (var row : rows) {
      return Optional.of(
          new Standing(
              IdentityJson.read(row.getJsonObject("identity")),
              row.getBoolean("suspended"),
              row.getLong("version")));
    }
    return Optional.empty();
  }

  @Override
  public boolean suspend(CallerId person, boolean suspended, CallerId by, String reason) {
    var detail =
        new JsonObject()
            .put(
                "person",
                new JsonObject().put("issuer", person.issuer()).put("subject", person.subject()))
            .put("reason", reason)
            .put("policies", policies.get());
    var row =
        database.reservedRow(
            "SELECT set_suspended($1, $2, $3, $4, $5, $6::jsonb)",
            Tuple.of(
                person.issuer(), person.subject(), suspended, by.issuer(), by.subject(), detail));
    return row.getBoolean(0);
  }

  private AccessRequest existing(String id) {
    return find(new RequestId(id)).orElseThrow(() -> unexpected("no row"));
  }

  private static List<AccessRequest> all(RowSet<Row> rows) {
    var requests = new ArrayList<AccessRequest>();
    for (var row : rows) {
      requests.add(RequestRows.read(row));
    }
    return requests;
  }

  private static Optional<AccessRequest> first(RowSet<Row> rows) {
    for (var row : rows) {
      return Optional.of(RequestRows.read(row));
    }
    return Optional.empty();
  }

  static StoreUnavailableException unexpected(String outcome) {
    return new StoreUnavailableException(
        new IllegalStateException("the database answered " + outcome));
  }
}
