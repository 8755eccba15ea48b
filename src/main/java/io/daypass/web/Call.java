package io.daypass.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request, read whole and checked for shape, as handlers see it. Never printed: headers
 * and body may carry tokens.
 *
 * @param route the template it matched, e.g. {@code /v1/requests/{id}}
 * @param path the values of the template's names
 * @param query each parameter once, decoded
 * @param headers by lower-case name, every value that was sent
 * @param body decoded as UTF-8; empty if none
 * @param peer the network address of the caller, in text
 * @param trace names this request in the log
 * @param waiter who waits for the answer
 */
public record Call(
    String method,
    String route,
    Map<String, String> path,
    Map<String, String> query,
    Map<String, List<String>> headers,
    String body,
    String peer,
    String trace,
    Waiter waiter) {

  public Call {
    path = Map.copyOf(path);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  public Call(
      String method,
      String route,
      Map<String, String> path,
      Map<String, String> query,
      Map<String, List<String>> headers,
      String body,
      String peer,
      String trace) {
    this(method, route, path, query, headers, body, peer, trace, new Waiter());
  }

  /** Every value of a header; {@code name} in lower case. */
  public List<String> header(String name) {
    return headers.getOrDefault(name, List.of());
  }

  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** The value of a name in the route's template, which always has one. */
  public String segment(String name) {
    var value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no such name in the route's template");
    }
    return value;
  }

  @Override
  public String toString() {
    return "Call[" + method + " " + route + " " + trace + "]";
  }
}
