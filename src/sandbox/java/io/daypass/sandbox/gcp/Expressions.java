package io.daypass.sandbox.gcp;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The expressions that people write for Google: of providers over a token, of IAM over time. */
final class Expressions {

  private static final MapType OBJECT = MapType.create(SimpleType.STRING, SimpleType.DYN);

  private final Cel ofProviders =
      CelFactory.plannerCelBuilder()
          .addVar("assertion", OBJECT)
          .addVar("google", OBJECT)
          .addVar("attribute", OBJECT)
          .build();
  private final Cel ofIam =
      CelFactory.plannerCelBuilder().addVar("request.time", SimpleType.TIMESTAMP).build();
  private final Map<Key, CelRuntime.Program> known = new ConcurrentHashMap<>();

  private enum Language {
    PROVIDERS,
    IAM
  }

  private record Key(Language language, String expression) {}

  /** What {@code expression} makes of a token's claims; empty if it makes no text of them. */
  Optional<String> mapped(String expression, Map<String, Object> claims) {
    return run(Language.PROVIDERS, expression, Map.of("assertion", claims))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  /** Whether a token passes a provider's condition. */
  boolean passes(
      String condition,
      Map<String, Object> claims,
      Map<String, String> google,
      Map<String, String> attributes) {
    return run(
            Language.PROVIDERS,
            condition,
            Map.of("assertion", claims, "google", google, "attribute", attributes))
        .filter(Boolean.TRUE::equals)
        .isPresent();
  }

  /** Whether {@code condition} is one that IAM could keep. */
  boolean isCondition(String condition) {
    try {
      return ofIam.compile(condition).getAst().getResultType().equals(SimpleType.BOOL);
    } catch (CelValidationException e) {
      return false;
    }
  }

  /** Whether a binding's condition holds at {@code now}; one that fails does not. */
  boolean holds(String condition, Instant now) {
    return run(Language.IAM, condition, Map.of("request.time", now))
        .filter(Boolean.TRUE::equals)
        .isPresent();
  }

  private Optional<Object> run(Language language, String expression, Map<String, ?> variables) {
    try {
      return Optional.ofNullable(program(language, expression).eval(variables));
    } catch (CelEvaluationException | CelValidationException e) {
      return Optional.empty();
    }
  }

  private CelRuntime.Program program(Language language, String expression)
      throws CelValidationException, CelEvaluationException {
    var key = new Key(language, expression);
    var program = known.get(key);
    if (program == null) {
      var cel = language == Language.PROVIDERS ? ofProviders : ofIam;
      program = cel.createProgram(cel.compile(expression).getAst());
      if (known.size() < 1000) {
        known.put(key, program);
      }
    }
    return program;
  }
}
