package io.daypass.web;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes back to the caller. Never cached and never printed: the body may be a credential.
 *
 * @param code what metrics and logs call it
 */
public record Answer(
    int status,
    @Nullable String contentType,
    Buffer body,
    Map<String, String> headers,
    String code) {

  public static final String JSON = "application/json";
  public static final String PROBLEM = "application/problem+json";
  public static final String TEXT = "text/plain; charset=utf-8";

  public Answer {
    headers = Map.copyOf(headers);
  }

  public Answer(int status, @Nullable String contentType, Buffer body) {
    this(status, contentType, body, Map.of(), "ok");
  }

  public static Answer text(int status, String text) {
    return new Answer(status, TEXT, Buffer.buffer(text));
  }

  /** {@code json} is a whole JSON document. */
  public static Answer json(int status, String json) {
    return new Answer(status, JSON, Buffer.buffer(json));
  }

  public static Answer empty(int status) {
    return new Answer(status, null, Buffer.buffer());
  }

  public Answer header(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, contentType, body, more, code);
  }

  public Answer code(String newCode) {
    return new Answer(status, contentType, body, headers, newCode);
  }

  @Override
  public String toString() {
    return "Answer[" + status + " " + code + "]";
  }
}
