package io.daypass.postgres;

import io.daypass.identity.CallerId;
import io.daypass.ledger.RecordedGrant;
import io.daypass.postgres.IssuanceRows.Step.Intention;
import io.daypass.postgres.IssuanceRows.Step.Sealing;
import io.daypass.request.AccessRequest;
import io.daypass.request.Standing;
import io.daypass.request.Warrant;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Steps of several issuances, T1 of some and T2 of others, as the parameters of one statement: an
 * array for each column.
 */
final class IssuanceRows {

  private static final String INTENTS =
      """
      SELECT item, outcome, recorded_at, ends_at
      FROM record_intents($1::bigint[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[],
        $7::timestamptz[], $8::text[], $9::bigint[], $10::text[], $11::text[], $12::bigint[], '{}')
      """;

  private static final String SEALS =
      """
      SELECT item, outcome, NULL::timestamptz AS recorded_at, NULL::timestamptz AS ends_at
      FROM record_seals($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::timestamptz[], $8::text[])
      """;

  private static final String BOTH =
      """
      SELECT item, outcome, recorded_at, ends_at
      FROM record_intents($1::bigint[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[],
        $7::timestamptz[], $8::text[], $9::bigint[], $10::text[], $11::text[], $12::bigint[], $15::text[])
      UNION ALL
      SELECT item, outcome, NULL, NULL
      FROM record_seals($13::bigint[], $14::uuid[], $15::text[], $16::text[], $17::text[],
        $18::text[], $19::timestamptz[], $20::text[])
      """;

  private IssuanceRows() {}

  /**
   * What is to be written of one issuance; its details are JSON already, made by whoever asks:
   * while a statement is put together, everybody waits.
   */
  sealed interface Step {

    /** T1. */
    record Intention(UUID issuance, Warrant warrant, String detail) implements Step {

      static Intention of(UUID issuance, Warrant warrant, Map<String, Object> detail) {
        return new Intention(issuance, warrant, json(detail));
      }

      AccessRequest request() {
        return warrant.grant().request();
      }
    }

    /** T2. */
    record Sealing(RecordedGrant grant, String detail) implements Step {

      static Sealing of(RecordedGrant grant, Map<String, Object> detail) {
        return new Sealing(grant, json(detail));
      }
    }
  }

  /** A step and the place of whoever asked for it. */
  private record Placed<S extends Step>(long item, S step) {}

  /** An approver that an item counts on, as they were when they were judged. */
  private record Judged(long item, Standing approver) {}

  /** The statement that writes {@code steps}, each judged for itself, all in one commit. */
  static SharedStatement.Sql of(List<Step> steps) {
    var intentions = new ArrayList<Placed<Intention>>();
    var sealings = new ArrayList<Placed<Sealing>>();
    var judged = new ArrayList<Judged>();
    for (var item = 1; item <= steps.size(); item++) {
      switch (steps.get(item - 1)) {
        case Intention intention -> {
          intentions.add(new Placed<>(item, intention));
          for (var approval : intention.request().approvals()) {
            judged.add(new Judged(item, approval.approver()));
          }
        }
        case Sealing sealing -> sealings.add(new Placed<>(item, sealing));
      }
    }
    var columns = new ArrayList<Object>();
    if (!intentions.isEmpty()) {
      intentions(intentions, judged, columns);
    }
    if (!sealings.isEmpty()) {
      sealings(sealings, columns);
    }
    var sql = sealings.isEmpty() ? INTENTS : intentions.isEmpty() ? SEALS : BOTH;
    return new SharedStatement.Sql(sql, Tuple.from(columns));
  }

  private static void intentions(
      List<Placed<Intention>> placed, List<Judged> judged, List<Object> columns) {
    var steps = placed.stream().map(Placed::step).toList();
    var requests = steps.stream().map(Intention::request).toList();
    var requesters = requests.stream().map(request -> request.requester().id()).toList();
    columns.add(column(placed, Long[]::new, Placed::item));
    columns.add(column(steps, UUID[]::new, Intention::issuance));
    columns.add(column(requests, String[]::new, request -> request.id().value()));
    columns.add(column(requests, Integer[]::new, AccessRequest::version));
    columns.add(column(requesters, String[]::new, CallerId::issuer));
    columns.add(column(requesters, String[]::new, CallerId::subject));
    columns.add(
        column(
            steps,
            OffsetDateTime[]::new,
            step -> step.warrant().endsAt().atOffset(ZoneOffset.UTC)));
    columns.add(column(steps, String[]::new, Intention::detail));
    columns.add(column(judged, Long[]::new, Judged::item));
    columns.add(column(judged, String[]::new, one -> one.approver().identity().id().issuer()));
    columns.add(column(judged, String[]::new, one -> one.approver().identity().id().subject()));
    columns.add(column(judged, Long[]::new, one -> one.approver().version()));
  }

  private static void sealings(List<Placed<Sealing>> placed, List<Object> columns) {
    var steps = placed.stream().map(Placed::step).toList();
    var grants = steps.stream().map(Sealing::grant).toList();
    columns.add(column(placed, Long[]::new, Placed::item));
    columns.add(column(grants, UUID[]::new, RecordedGrant::issuance));
    columns.add(column(grants, String[]::new, grant -> grant.request().value()));
    columns.add(column(grants, String[]::new, grant -> grant.role().name()));
    columns.add(column(grants, String[]::new, grant -> grant.requester().id().issuer()));
    columns.add(column(grants, String[]::new, grant -> grant.requester().id().subject()));
    columns.add(
        column(grants, OffsetDateTime[]::new, grant -> grant.endsAt().atOffset(ZoneOffset.UTC)));
    columns.add(column(steps, String[]::new, Sealing::detail));
  }

  private static <T, V> V[] column(List<T> rows, IntFunction<V[]> array, Function<T, V> value) {
    return rows.stream().map(value).toArray(array);
  }

  private static String json(Map<String, Object> detail) {
    return new JsonObject(new HashMap<>(detail)).encode();
  }
}
