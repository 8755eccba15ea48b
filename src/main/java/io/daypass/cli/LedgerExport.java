package io.daypass.cli;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Hints;
import io.daypass.cli.client.Http.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as one text, fetched page by page. It is whole or it is an error: an answer that was
 * cut off on the way is none.
 */
final class LedgerExport {

  private final Api api;
  private final String format;
  private final Map<String, @Nullable String> filter;

  /** Takes the text of each page. */
  @FunctionalInterface
  interface Sink {
    void take(String text) throws IOException;
  }

  LedgerExport(Api api, String format, Map<String, @Nullable String> filter) {
    this.api = api;
    this.format = format;
    this.filter = filter;
  }

  /** Hands all pages on; of a CSV the heading comes once. */
  void to(Sink sink) throws IOException {
    Optional<String> cursor = Optional.empty();
    var first = true;
    do {
      var reply = page(cursor.orElse(null));
      sink.take(first ? reply.body() : withoutHeading(reply.body()));
      cursor = reply.header("daypass-cursor");
      first = false;
    } while (cursor.isPresent());
  }

  private Reply page(@Nullable String cursor) {
    var parameters = new HashMap<>(filter);
    parameters.put("format", format);
    parameters.put("cursor", cursor);
    return switch (api.page(Api.path("/v1/ledger/export", parameters))) {
      case Broker.Answer.Refused(var refusal, var bearer) ->
          throw Hints.failure(refusal, bearer, Optional.empty());
      case Broker.Answer.Given(var reply) -> {
        if (!isWhole(reply)) {
          throw Failure.passing("a page of the ledger came cut off", "try again");
        }
        yield reply;
      }
    };
  }

  private static boolean isWhole(Reply reply) {
    var length = reply.body().getBytes(StandardCharsets.UTF_8).length;
    return reply.header("content-length").filter(Integer.toString(length)::equals).isPresent()
        && (reply.body().isEmpty() || reply.body().endsWith("\n"));
  }

  private String withoutHeading(String text) {
    return format.equals("csv") ? text.substring(text.indexOf('\n') + 1) : text;
  }
}
