package io.daypass.web;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether this replica should be sent work. Each check has a name and answers, in a moment, what is
 * wrong in fixed words, or nothing.
 */
public final class Readiness {

  private final Map<String, Check> checks;

  public Readiness(Map<String, Check> checks) {
    this.checks = new LinkedHashMap<>(checks);
  }

  /** What is wrong with one thing, if anything. Public: no names, addresses or texts of others. */
  @FunctionalInterface
  public interface Check {
    Optional<String> wrong();
  }

  Answer answer() {
    var states = new LinkedHashMap<String, Object>();
    var ready = true;
    for (var check : checks.entrySet()) {
      var wrong = look(check.getValue());
      states.put(check.getKey(), wrong.orElse("ok"));
      ready &= wrong.isEmpty();
    }
    var body = new LinkedHashMap<String, Object>();
    body.put("ready", ready);
    body.put("checks", states);
    return Answer.json(ready ? 200 : 503, new JsonObject(body).encode())
        .code(ready ? "ok" : "not_ready");
  }

  private static Optional<String> look(Check check) {
    try {
      return check.wrong();
    } catch (RuntimeException _) {
      // A check that fails to look is not a check that passed.
      return Optional.of("check failed");
    }
  }
}
