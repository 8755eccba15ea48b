package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds if a claim is exactly one of some values: of the same type, byte for byte. A claim of
 * another type is not converted and not taken for absent.
 *
 * @param preset what the policies call the provider
 * @param path where the claim stands, from the outermost mapping inwards
 * @param values text, whole numbers or truth values
 */
record ClaimIs(String preset, List<String> path, List<Object> values) implements Condition {

  ClaimIs {
    path = List.copyOf(path);
    values = List.copyOf(values);
  }

  @Override
  public Truth holds(Facts facts) {
    return switch (find(facts.identity().claims(), path)) {
      case null -> new Truth.Failed("the token has no claim " + name());
      case Object claim when values.stream().noneMatch(v -> v.getClass() == claim.getClass()) ->
          new Truth.Failed("the token's claim " + name() + " is not " + type());
      case Object claim -> Truth.of(values.contains(claim));
    };
  }

  static @Nullable Object find(Map<?, ?> claims, List<String> path) {
    var value = Optional.<Object>ofNullable(claims.get(path.getFirst()));
    for (var step : path.subList(1, path.size())) {
      value = value.flatMap(v -> v instanceof Map<?, ?> map ? at(map, step) : Optional.empty());
    }
    return value.orElse(null);
  }

  private static Optional<Object> at(Map<?, ?> map, String key) {
    return Optional.ofNullable(map.get(key));
  }

  private String name() {
    return String.join(".", path);
  }

  private String type() {
    return switch (values.getFirst()) {
      case Long _ -> "a whole number";
      case Boolean _ -> "true or false";
      case Object _ -> "text";
    };
  }

  @Override
  public String text() {
    var shown = values.stream().map(v -> v instanceof String ? "\"" + v + "\"" : v.toString());
    return preset + ": " + name() + " is " + String.join(" or ", shown.toList());
  }
}
