package io.daypass.cli;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Form;
import io.daypass.web.api.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The broker's JSON calls, answered as the records of {@code Wire}. Being signed out and a broker
 * that cannot be reached end the command.
 */
final class Api {

  private static final int TRIES = 20;
  private static final long PATIENCE_SECONDS = 60;

  private final Broker broker;

  Api(Broker broker) {
    this.broker = broker;
  }

  Broker broker() {
    return broker;
  }

  <T> Answer<T> get(String path, Class<T> type) {
    return answer(broker.send("GET", path, null), type);
  }

  /** The same for one of many pages; see {@link #page(String)}. */
  <T> Answer<T> page(String path, Class<T> type) {
    return answer(page(path), type);
  }

  /** One of many pages: where they come too fast for the broker, it says how long to wait. */
  Broker.Answer page(String path) {
    for (int left = TRIES - 1; ; left--) {
      var answer = broker.send("GET", path, null);
      var wait = left > 0 ? waitFor(answer) : 0;
      if (wait == 0) {
        return answer;
      }
      try {
        Thread.sleep(Duration.ofSeconds(wait));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return answer;
      }
    }
  }

  /** Seconds after which the page may be had; 0 if that is not what is in its way. */
  private static long waitFor(Broker.Answer answer) {
    return switch (answer) {
      case Broker.Answer.Given _ -> 0;
      case Broker.Answer.Refused(var refusal, _) -> {
        var after = refusal.retryAfter();
        var tooFast = refusal.status() == 429 || refusal.code().equals("overloaded");
        yield tooFast && after != null && after <= PATIENCE_SECONDS ? Math.max(1, after) : 0;
      }
    };
  }

  /**
   * @param members null ones are left out
   */
  <T> Answer<T> post(String path, Map<String, ? extends @Nullable Object> members, Class<T> type) {
    return post(path, members, Map.of(), type);
  }

  /** The same with more headers, such as {@code Idempotency-Key}. */
  <T> Answer<T> post(
      String path,
      Map<String, ? extends @Nullable Object> members,
      Map<String, String> headers,
      Class<T> type) {
    var body = new LinkedHashMap<String, Object>();
    members.forEach((name, value) -> {
      if (value != null) {
        body.put(name, value);
      }
    });
    return answer(broker.send("POST", path, Json.write(body), headers), type);
  }

  /** A path of segments and parameters, each encoded; parameters that are null are left out. */
  static String path(String path, Map<String, ? extends @Nullable String> parameters) {
    var given = new LinkedHashMap<String, String>();
    parameters.forEach((name, value) -> {
      if (value != null) {
        given.put(name, value);
      }
    });
    return given.isEmpty() ? path : path + "?" + Form.encode(given);
  }

  private <T> Answer<T> answer(Broker.Answer answer, Class<T> type) {
    return switch (answer) {
      case Broker.Answer.Refused(var refusal, var bearer) -> new Answer.Refused<>(refusal, bearer);
      case Broker.Answer.Given(var reply) ->
          new Answer.Given<>(
              Json.read(reply.body(), type).orElseThrow(this::unreadable),
              reply.body(),
              reply.status());
    };
  }

  private Failure unreadable() {
    return Failure.of(
        "what " + broker.url() + " answered is not what a daypass broker answers", broker.remedy());
  }
}
