package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.document.Node;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Scalar.Kind;
import io.daypass.document.Node.Sequence;
import io.daypass.policy.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the values that a preset asks for, and makes conditions of them. */
final class PresetReader {

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,19}");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final String preset;
  private final MappingReader reader;
  private final Findings findings;
  private final List<Condition> conditions = new ArrayList<>();

  PresetReader(String preset, MappingReader reader, Findings findings) {
    this.preset = preset;
    this.reader = reader;
    this.findings = findings;
  }

  MappingReader reader() {
    return reader;
  }

  String preset() {
    return preset;
  }

  List<Condition> conditions() {
    return conditions;
  }

  void add(Condition condition) {
    conditions.add(condition);
  }

  boolean has(String key) {
    return reader.has(key);
  }

  /** Identifiers of the provider: decimal digits, which its tokens carry as text. */
  void number(String key) {
    ids(key, NUMBER, "a number as the provider writes it");
  }

  /** Identifiers in the form of a UUID. */
  void uuid(String key) {
    ids(key, UUID, "a UUID in lower case");
  }

  private void ids(String key, Pattern shape, String what) {
    var values = values(key);
    for (var value : values) {
      if (!shape.matcher(value).matches()) {
        error(key, "bad_value", "\"" + key + "\" is " + what);
      }
    }
    is(List.of(claim(key)), values);
  }

  /** Exact texts; {@code true} and {@code false} are the texts these providers write. */
  void text(String key) {
    is(List.of(claim(key)), values(key));
  }

  /** The claim at {@code path} is one of {@code values}, if there are any. */
  void is(List<String> path, List<String> values) {
    if (!values.isEmpty()) {
      conditions.add(new ClaimIs(preset, path, List.copyOf(values)));
    }
  }

  /** The exact values of a key: one, or a list of which one must be met. */
  List<String> values(String key) {
    var texts = new ArrayList<String>();
    reader.node(key).ifPresent(node -> collect(key, node, texts));
    return texts;
  }

  private void collect(String key, Node node, List<String> texts) {
    switch (node) {
      case Scalar(var text, var kind, _) when kind != Kind.NULL && kind != Kind.DECIMAL -> {
        if (isExact(key, text)) {
          texts.add(text);
        }
      }
      case Sequence(var items, _)
          when !items.isEmpty() && items.stream().allMatch(Scalar.class::isInstance) ->
          items.forEach(item -> collect(key, item, texts));
      default -> error(key, "wrong_type", "\"" + key + "\" is an exact value, or a list of some");
    }
  }

  private boolean isExact(String key, String text) {
    if (text.indexOf('*') >= 0 || text.indexOf('?') >= 0) {
      error(
          key,
          "wildcard_not_allowed",
          "\"" + key + "\" is compared exactly; there are no wildcards");
      return false;
    }
    if (text.isBlank() || !text.equals(text.strip())) {
      error(key, "bad_value", "\"" + key + "\" is empty, or has spaces around it");
      return false;
    }
    return true;
  }

  /** Makes names a problem: they can be given up and taken by somebody else. */
  void refuseNames(String instead, String... keys) {
    for (var key : keys) {
      if (reader.has(key)) {
        var message = "a name can be taken over by somebody else; use \"" + instead + "\"";
        error(key, "name_only_match", message);
      }
    }
  }

  /** Makes the absence of all of {@code keys} a problem. */
  void requireOneOf(String... keys) {
    for (var key : keys) {
      if (reader.has(key)) {
        return;
      }
    }
    var message = preset + " needs " + String.join(" or ", keys) + ": else every branch may do it";
    reader.problem("workload_too_wide", message);
  }

  void error(String key, String code, String message) {
    findings.error(reader.placeOfValue(key), code, message);
  }

  private static String claim(String key) {
    return key.replace('-', '_');
  }
}
