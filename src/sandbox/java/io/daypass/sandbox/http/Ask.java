package io.daypass.sandbox.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * A request, read whole.
 *
 * @param rawQuery the query as it came, or an empty text
 */
public record Ask(String method, String path, String rawQuery, MultiMap headers, Buffer body) {

  static Ask of(HttpServerRequest request, Buffer body) {
    var query = request.query();
    var path = request.path();
    return new Ask(
        request.method().name(),
        path == null ? "/" : path,
        query == null ? "" : query,
        request.headers(),
        body);
  }

  public Form query() {
    return Form.parse(rawQuery);
  }

  /** The fields of a POST's form, or of the query. */
  public Form form() {
    return method.equals(HttpMethod.POST.name()) ? Form.parse(body.toString()) : query();
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The value of the cookie {@code name}. */
  public Optional<String> cookie(String name) {
    for (var part : header("Cookie").orElse("").split(";", 50)) {
      var cookie = part.strip();
      if (cookie.startsWith(name + "=")) {
        return Optional.of(cookie.substring(name.length() + 1));
      }
    }
    return Optional.empty();
  }
}
