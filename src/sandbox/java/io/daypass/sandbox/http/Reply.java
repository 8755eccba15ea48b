package io.daypass.sandbox.http;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer, before a fault may have its way with it. */
public record Reply(int status, String contentType, String body, Map<String, String> headers) {

  public static Reply json(int status, JsonObject body) {
    return new Reply(
        status, "application/json", body.encode(), Map.of("Cache-Control", "no-store"));
  }

  public static Reply json(JsonObject body) {
    return json(200, body);
  }

  public static Reply text(int status, String body) {
    return new Reply(
        status, "text/plain; charset=utf-8", body, Map.of("Cache-Control", "no-store"));
  }

  public static Reply xml(int status, String body, Map<String, String> headers) {
    return new Reply(status, "text/xml", body, headers);
  }

  /** An answer that sends a browser, by GET, to {@code location}. */
  public static Reply seeOther(String location) {
    return new Reply(
        303, "text/plain", "", Map.of("Location", location, "Cache-Control", "no-store"));
  }

  public Reply with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, contentType, body, more);
  }

  public Reply withBody(String otherBody) {
    return new Reply(status, contentType, otherBody, headers);
  }
}
