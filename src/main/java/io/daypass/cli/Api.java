package io.daypass.cli;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Form;
import io.daypass.web.api.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The broker's JSON calls, answered as the records of {@code Wire}. Being signed out and a broker
 * that cannot be reached end the command.
 */
final class Api {

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
