package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.document.Node;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import io.daypass.policy.Condition;
import java.util.ArrayList;
import java.util.List;

/**
 * Any other provider of machine tokens: its issuer by name, and the exact values of some claims.
 * Types count: {@code 7} is the number and {@code "7"} the text.
 */
record GenericPreset(PresetReader claims) {

  /** Claims that say nothing of who the machine is. */
  private static final List<String> SAYS_NOTHING =
      List.of("iss", "aud", "exp", "iat", "nbf", "jti");

  List<Condition> read() {
    var reader = claims.reader();
    reader.requiredMapping("claims").ifPresent(this::read);
    return claims.conditions();
  }

  private void read(MappingReader exact) {
    for (var name : exact.keys()) {
      if (SAYS_NOTHING.contains(name)) {
        exact.problem(name, "bad_value", "the claim \"" + name + "\" is checked anyway");
        continue;
      }
      exact.node(name).ifPresent(node -> read(exact, name, node));
    }
    if (exact.keys().isEmpty()) {
      exact.problem("workload_too_wide", "generic needs a claim: else every machine may do it");
    }
  }

  private void read(MappingReader exact, String name, Node node) {
    var values = new ArrayList<>();
    var items = node instanceof Sequence(var several, _) ? several : List.of(node);
    for (var item : items) {
      if (item instanceof Scalar scalar) {
        value(exact, name, scalar, values);
      } else {
        exact.problem(name, "wrong_type", "a claim is compared with text, a number or a truth");
      }
    }
    if (!values.isEmpty()) {
      claims.add(new ClaimIs(claims.preset(), List.of(name), values));
    }
  }

  private static void value(MappingReader exact, String name, Scalar scalar, List<Object> values) {
    var text = scalar.text();
    switch (scalar.kind()) {
      case STRING -> {
        if (text.indexOf('*') >= 0 || text.indexOf('?') >= 0) {
          var message = "claims are compared exactly; there are no wildcards";
          exact.problem(name, "wildcard_not_allowed", message);
        } else if (text.isBlank()) {
          exact.problem(name, "bad_value", "an empty claim says nothing");
        } else {
          values.add(text);
        }
      }
      case INTEGER -> {
        if (text.length() > 18) {
          exact.problem(name, "bad_value", "the number is too large; tokens carry such as text");
        } else {
          values.add(Long.valueOf(text));
        }
      }
      case BOOLEAN -> values.add(text.equals("true"));
      case DECIMAL, NULL ->
          exact.problem(name, "wrong_type", "a claim is compared with text, a number or a truth");
    }
  }
}
