package io.daypass.postgres;

import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.LedgerQuery;
import io.daypass.ledger.LedgerStore;
import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.WrittenEntry;
import io.daypass.request.AccessRequest;
import io.daypass.request.NewRequest;
import io.daypass.request.OpenLimits;
import io.daypass.request.Opening;
import io.daypass.request.RequestId;
import io.daypass.request.StoreUnavailableException;
import io.daypass.request.Warrant;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The ledger in Postgres; one round trip and one commit for each step, shared with others at the
 * same step.
 */
public final class PostgresLedger implements LedgerStore {

  // Unique violation: somebody else wrote this issuance's outcome first.
  private static final String UNIQUE_VIOLATION = "23505";

  private final Database database;
  private final SharedStatement<IssuanceRows.Step> steps;
  private final SharedStatement<OpeningRows.Asked> openings;
  private final LedgerReader reader;
  private final OpenLimits open;
  private final Supplier<String> policies;

  /**
   * Over {@code database}.
   *
   * @param open how many requests of one requester may wait for a decision at once
   * @param policies the digest of the policies in force, for entries that say nothing of them;
   *     empty where there are none
   */
  public PostgresLedger(Database database, OpenLimits open, Supplier<String> policies) {
    this.database = database;
    this.reader = new LedgerReader(database);
    this.steps = new SharedStatement<>(database, IssuanceRows::of);
    // Not with the steps: who shows a token that somebody is opening with waits for their commit.
    this.openings = new SharedStatement<>(database, OpeningRows::of);
    this.open = open;
    this.policies = policies;
  }

  @Override
  public Intent intend(UUID issuance, Warrant warrant, Map<String, Object> detail) {
    var row = steps.ask(IssuanceRows.Step.Intention.of(issuance, warrant, detail));
    return switch (row.getString("outcome")) {
      case "intent" -> written(warrant.grant().request(), row);
      case "changed" -> new Intent.Changed();
      case String refusal -> new Intent.Refused(refusal(refusal));
    };
  }

  @Override
  public Intent openAndIntend(UUID issuance, Opening opening, Map<String, Object> detail) {
    var row = opened(issuance, opening.request(), json(detail));
    return switch (row.getString("outcome")) {
      case "made" -> written(opened(opening, row), row);
      // Between our look and our write another process opened one with this token, or what it
      // continues was ended.
      case "token_bound", "nothing_to_extend" -> new Intent.Changed();
      case String refusal -> new Intent.Refused(refusal(refusal));
    };
  }

  private Row opened(UUID issuance, NewRequest request, JsonObject detail) {
    return OpeningRows.takes(request)
        ? openings.ask(OpeningRows.Asked.of(issuance, request, open, detail))
        : database.row(
            """
            SELECT outcome, request, made_at, recorded_at, starts_at, ends_at
            FROM open_and_record_intent($1, $2::jsonb, $3::jsonb)
            """,
            Tuple.of(issuance, NewRequestJson.write(request, open), detail));
  }

  private static Intent written(AccessRequest request, Row row) {
    return new Intent.Written(
        request, RequestRows.required(row, "recorded_at"), RequestRows.required(row, "ends_at"));
  }

  private static AccessRequest opened(Opening opening, Row row) {
    var made = opening.request();
    var at = RequestRows.required(row, "made_at");
    return new AccessRequest(
        new RequestId(row.getString("request")),
        1,
        made.requester(),
        made.role(),
        made.wish(),
        made.startsAt(),
        made.basis(),
        AccessRequest.State.APPROVED,
        new AccessRequest.Times(
            at,
            at.plus(made.lapseAfter()),
            RequestRows.required(row, "starts_at"),
            RequestRows.required(row, "ends_at")),
        null,
        List.of(),
        made.extendsRequest());
  }

  @Override
  public Seal seal(RecordedGrant grant, Map<String, Object> detail) {
    try {
      var row = steps.ask(IssuanceRows.Step.Sealing.of(grant, stamped(detail)));
      return switch (row.getString("outcome")) {
        case "sealed" -> new Seal.Written();
        case String refusal -> new Seal.Withdrawn(refusal(refusal));
      };
    } catch (StoreUnavailableException e) {
      if (isUniqueViolation(e)) {
        return new Seal.Withdrawn(IssueRefusal.CLOSED);
      }
      throw e;
    }
  }

  @Override
  public void fail(RecordedGrant grant, EntryKind outcome, Map<String, Object> detail) {
    try {
      database.row(
          "SELECT record_outcome($1, $2, $3, $4, $5, $6, $7::jsonb)",
          Tuple.of(
              outcome.code(),
              grant.issuance(),
              grant.request().value(),
              grant.role().name(),
              grant.requester().id().issuer(),
              grant.requester().id().subject(),
              json(detail)));
    } catch (StoreUnavailableException e) {
      if (!isUniqueViolation(e)) {
        throw e;
      }
    }
  }

  @Override
  public void append(Entry entry) {
    var caller = entry.caller();
    var request = entry.request();
    database.row(
        "SELECT append_entry($1, $2, $3, $4, $5, $6, $7::jsonb)",
        Tuple.from(
            Arrays.asList(
                entry.kind().code(),
                request == null ? null : request.value(),
                entry.issuance(),
                entry.role(),
                caller == null ? null : caller.issuer(),
                caller == null ? null : caller.subject(),
                json(entry.detail()))));
  }

  @Override
  public List<WrittenEntry> read(LedgerQuery query) {
    return reader.read(query);
  }

  @Override
  public Optional<HandedOut> handedOut(String fingerprint) {
    return reader.handedOut(fingerprint);
  }

  @Override
  public Optional<Instant> believedUntil(RequestId request) {
    return reader.believedUntil(request);
  }

  @Override
  public List<UUID> closeOrphans(Duration age) {
    var closed = new ArrayList<UUID>();
    var rows =
        database.reservedRows(
            "SELECT close_orphans(make_interval(secs => $1)) FROM " + PolicyStamp.sql("$2"),
            Tuple.of((double) age.toSeconds(), policies.get()));
    for (var row : rows) {
      closed.add(row.getUUID(0));
    }
    return closed;
  }

  @Override
  public boolean setStopped(boolean stopped, Entry entry) {
    var caller = entry.caller();
    if (caller == null) {
      throw new IllegalArgumentException("somebody stops and resumes");
    }
    return database
        .reservedRow(
            "SELECT set_stopped($1, $2, $3, $4::jsonb)",
            Tuple.of(stopped, caller.issuer(), caller.subject(), json(entry.detail())))
        .getBoolean(0);
  }

  @Override
  public boolean isStopped() {
    return database.reservedRow("SELECT stopped FROM broker_state", Tuple.tuple()).getBoolean(0);
  }

  private JsonObject json(Map<String, Object> detail) {
    return new JsonObject(stamped(detail));
  }

  private Map<String, Object> stamped(Map<String, Object> detail) {
    var stamped = new HashMap<>(detail);
    var digest = policies.get();
    if (!digest.isEmpty()) {
      stamped.putIfAbsent("policies", digest);
    }
    return stamped;
  }

  private static IssueRefusal refusal(String code) {
    return IssueRefusal.valueOf(code.toUpperCase(Locale.ROOT));
  }

  private static boolean isUniqueViolation(StoreUnavailableException e) {
    return e.getCause() instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState());
  }
}
