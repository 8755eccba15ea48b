package io.daypass.sandbox.http;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the stand-ins saw, in order; the oldest give way. Never holds a secret. */
public final class Calls {

  private final InstantSource clock;
  private final int most;
  private final ArrayDeque<Call> calls = new ArrayDeque<>();
  private long seen;

  /** Remembers {@code most} of them. */
  public Calls(InstantSource clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  /**
   * A call.
   *
   * @param number 1 for the first one since the start
   * @param service e.g. {@code sts}
   * @param outcome {@code ok}, or the code of the refusal
   * @param facts what it was about: only what may be shown to anybody
   */
  public record Call(
      long number,
      Instant at,
      String service,
      String action,
      int status,
      String outcome,
      Map<String, Object> facts) {

    JsonObject json() {
      var json =
          new JsonObject()
              .put("n", number)
              .put("at", at.toString())
              .put("service", service)
              .put("action", action)
              .put("status", status)
              .put("outcome", outcome);
      facts.forEach(json::put);
      return json;
    }
  }

  public void add(
      String service, String action, int status, String outcome, Map<String, Object> facts) {
    var at = clock.instant();
    synchronized (calls) {
      seen++;
      if (calls.size() == most) {
        calls.removeFirst();
      }
      calls.addLast(new Call(seen, at, service, action, status, outcome, facts));
    }
  }

  /** The calls still remembered, oldest first. */
  public List<Call> list() {
    synchronized (calls) {
      return new ArrayList<>(calls);
    }
  }

  /** The calls of one service still remembered, oldest first. */
  public List<Call> list(String service, String action) {
    return list().stream()
        .filter(call -> call.service().equals(service) && call.action().equals(action))
        .toList();
  }

  /** How many there were since the start. */
  public long count() {
    synchronized (calls) {
      return seen;
    }
  }

  /** The calls as JSON lines. */
  public Reply reply() {
    var lines = new StringBuilder();
    for (var call : list()) {
      lines.append(call.json().encode()).append('\n');
    }
    return new Reply(
        200, "application/jsonl", lines.toString(), Map.of("Cache-Control", "no-store"));
  }
}
