package io.daypass.postgres;

import io.daypass.request.NewRequest;
import io.daypass.request.OpenLimits;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** Requests that tokens open, each with its first intent, as the parameters of one statement. */
final class OpeningRows {

  private static final String TOGETHER =
      """
      SELECT item, outcome, request, made_at, recorded_at, starts_at, ends_at
      FROM open_and_record_intents($1::uuid[], $2::text[], $3::text[])
      """;

  private OpeningRows() {}

  /**
   * What is to be written of one; JSON already, made by whoever asks: while a statement is put
   * together, everybody waits.
   */
  record Asked(UUID issuance, String opening, String detail) {

    static Asked of(UUID issuance, NewRequest request, OpenLimits open, JsonObject detail) {
      return new Asked(issuance, NewRequestJson.write(request, open).encode(), detail.encode());
    }
  }

  /**
   * Whether {@code request} is like nearly all: opened by a token, from now on, and for itself.
   * What continues another waits for that one's row, and nobody is to wait along.
   */
  static boolean takes(NewRequest request) {
    return request.opener() != null
        && request.startsAt() == null
        && request.idempotency() == null
        && request.extendsRequest() == null;
  }

  /** The statement that writes {@code asked}, each judged for itself, all in one commit. */
  static SharedStatement.Sql of(List<Asked> asked) {
    return new SharedStatement.Sql(
        TOGETHER,
        Tuple.of(
            asked.stream().map(Asked::issuance).toArray(UUID[]::new),
            asked.stream().map(Asked::opening).toArray(String[]::new),
            asked.stream().map(Asked::detail).toArray(String[]::new)));
  }
}
