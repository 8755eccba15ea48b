package io.daypass.policy.yaml;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A condition written in CEL. An e-mail address or a ticket that is not known is the empty text; a
 * claim that the token lacks makes the condition fail.
 *
 * @param variables those it looks at
 * @param takenForGranted claims without which it cannot be evaluated, as {@code claims.a}
 * @param people the only ones of whom it can hold, where it spells them out
 */
record CelCondition(
    String text,
    Set<String> variables,
    Set<String> takenForGranted,
    Optional<Set<String>> people,
    CelRuntime.Program program)
    implements Condition {

  boolean reads(String variable) {
    return variables.contains(variable);
  }

  boolean isAlwaysTrue() {
    return text.strip().equals("true");
  }

  boolean isNeverTrue() {
    return text.strip().equals("false");
  }

  @Override
  public Truth holds(Facts facts) {
    try {
      return program.eval(variablesOf(facts)) instanceof Boolean held
          ? Truth.of(held)
          : new Truth.Failed("it is neither true nor false");
    } catch (CelEvaluationException e) {
      return new Truth.Failed(why(e.getErrorCode()));
    } catch (RuntimeException e) {
      // A value that CEL cannot handle is one more way for a condition not to hold.
      return new Truth.Failed("it could not be evaluated");
    }
  }

  /** Our words: the runtime's may quote a claim. */
  private static String why(CelErrorCode code) {
    return switch (code) {
      case ATTRIBUTE_NOT_FOUND -> "a claim it looks at is missing";
      case INDEX_OUT_OF_BOUNDS -> "a list is shorter than it looks for";
      case OVERLOAD_NOT_FOUND, AMBIGUOUS_OVERLOAD -> "a claim has another type than it expects";
      case ITERATION_BUDGET_EXCEEDED -> "it takes too long";
      case INVALID_ARGUMENT, BAD_FORMAT, NUMERIC_OVERFLOW, DIVIDE_BY_ZERO ->
          "a value is not what it expects";
      case INTERNAL_ERROR, DUPLICATE_ATTRIBUTE, TYPE_NOT_FOUND -> "it could not be evaluated";
    };
  }

  private Map<String, Object> variablesOf(Facts facts) {
    var identity = facts.identity();
    var email = identity.email();
    var ticket = facts.wish().ticket();
    return Map.ofEntries(
        Map.entry("issuer", identity.id().issuer()),
        Map.entry("subject", identity.id().subject()),
        Map.entry("kind", identity.kind().name().toLowerCase(Locale.ROOT)),
        Map.entry("email", email == null ? "" : email),
        Map.entry("groups", List.copyOf(identity.groups())),
        Map.entry("claims", reads("claims") ? withoutNulls(identity.claims()) : Map.of()),
        Map.entry("request.role", facts.role()),
        Map.entry("request.duration", facts.wish().duration()),
        Map.entry("request.reason", facts.wish().reason()),
        Map.entry("request.ticket", ticket == null ? "" : ticket),
        Map.entry("source.ip", facts.sourceIp()),
        Map.entry("now", facts.now()));
  }

  /** CEL's maps hold no null; a claim that is null says as much as one that is not there. */
  private static Map<String, Object> withoutNulls(Map<?, ?> map) {
    var present = new HashMap<String, Object>();
    map.forEach((key, value) -> {
      if (value != null) {
        present.put(String.valueOf(key), withoutNulls(value));
      }
    });
    return present;
  }

  private static Object withoutNulls(Object value) {
    return switch (value) {
      case Map<?, ?> map -> withoutNulls(map);
      case List<?> list ->
          list.stream().filter(Objects::nonNull).map(CelCondition::withoutNulls).toList();
      case Object other -> other;
    };
  }
}
