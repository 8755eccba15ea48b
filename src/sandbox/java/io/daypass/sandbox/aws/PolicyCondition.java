package io.daypass.sandbox.aws;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operator on one key (IAM user guide, "IAM JSON policy elements: Condition operators"). Those
 * that the stand-in cannot evaluate are read all the same, and act as if their key were missing.
 */
record PolicyCondition(String operator, boolean ifExists, String key, List<String> values) {

  private static final Set<String> OPERATORS =
      Set.of(
          "StringEquals",
          "StringNotEquals",
          "StringEqualsIgnoreCase",
          "StringNotEqualsIgnoreCase",
          "StringLike",
          "StringNotLike",
          "NumericEquals",
          "NumericNotEquals",
          "NumericLessThan",
          "NumericLessThanEquals",
          "NumericGreaterThan",
          "NumericGreaterThanEquals",
          "DateEquals",
          "DateNotEquals",
          "DateLessThan",
          "DateLessThanEquals",
          "DateGreaterThan",
          "DateGreaterThanEquals",
          "Bool",
          "BinaryEquals",
          "IpAddress",
          "NotIpAddress",
          "ArnEquals",
          "ArnLike",
          "ArnNotEquals",
          "ArnNotLike",
          "Null");

  /** The conditions of a statement. */
  static List<PolicyCondition> parse(@Nullable Object raw) {
    if (raw == null) {
      return List.of();
    }
    PolicyDocument.require(raw instanceof Map<?, ?>, "Syntax errors in policy: Condition");
    var conditions = new ArrayList<PolicyCondition>();
    for (var operator : ((Map<?, ?>) raw).entrySet()) {
      PolicyDocument.require(
          operator.getValue() instanceof Map<?, ?> keys && !keys.isEmpty(),
          "Syntax errors in policy: Condition");
      for (var key : ((Map<?, ?>) operator.getValue()).entrySet()) {
        conditions.add(one((String) operator.getKey(), (String) key.getKey(), key.getValue()));
      }
    }
    return List.copyOf(conditions);
  }

  private static PolicyCondition one(String operator, String key, Object raw) {
    boolean ifExists = operator.endsWith("IfExists");
    var name = ifExists ? operator.substring(0, operator.length() - 8) : operator;
    name = name.replaceFirst("^For(AnyValue|AllValues):", "");
    PolicyDocument.require(OPERATORS.contains(name), "Invalid Condition type : " + operator + ".");
    PolicyDocument.require(key.indexOf(':') > 0, "Actions/Conditions must be prefaced by a vendor");
    List<?> list = raw instanceof List<?> many ? many : List.of(raw);
    var values = new ArrayList<String>(list.size());
    for (var value : list) {
      PolicyDocument.require(
          value instanceof String || value instanceof Number || value instanceof Boolean,
          "Syntax errors in policy: Condition value");
      values.add(value.toString());
    }
    if (name.startsWith("Date")) {
      PolicyDocument.require(
          values.stream().allMatch(value -> date(value).isPresent()),
          "Syntax errors in policy: a date is expected");
    }
    return new PolicyCondition(name, ifExists, key.toLowerCase(Locale.ROOT), List.copyOf(values));
  }

  /** Whether it holds where {@code context} has the keys, in lower case. */
  boolean holds(Map<String, String> context) {
    var actual = context.get(key);
    if (operator.equals("Null")) {
      return values.contains(String.valueOf(actual == null));
    }
    if (actual == null) {
      return ifExists || operator.contains("Not");
    }
    return switch (operator) {
      case "StringEquals" -> values.contains(actual);
      case "StringNotEquals" -> !values.contains(actual);
      case "StringEqualsIgnoreCase" -> values.stream().anyMatch(actual::equalsIgnoreCase);
      case "StringNotEqualsIgnoreCase" -> values.stream().noneMatch(actual::equalsIgnoreCase);
      case "StringLike", "ArnLike", "ArnEquals" ->
          values.stream().anyMatch(value -> Glob.matchesExactly(value, actual));
      case "StringNotLike", "ArnNotLike", "ArnNotEquals" ->
          values.stream().noneMatch(value -> Glob.matchesExactly(value, actual));
      case "Bool" -> values.contains(actual);
      default -> operator.startsWith("Date") ? dates(actual) : operator.contains("Not");
    };
  }

  private boolean dates(String actual) {
    var at = date(actual);
    return at.isPresent()
        && values.stream()
            .flatMap(value -> date(value).stream())
            .anyMatch(value ->
                switch (operator) {
                  case "DateEquals" -> at.get().equals(value);
                  case "DateNotEquals" -> !at.get().equals(value);
                  case "DateLessThan" -> at.get().isBefore(value);
                  case "DateLessThanEquals" -> !at.get().isAfter(value);
                  case "DateGreaterThan" -> at.get().isAfter(value);
                  default -> !at.get().isBefore(value);
                });
  }

  /** From when on it holds for good, if it says so of the present time. */
  Optional<Instant> from() {
    boolean after = operator.equals("DateGreaterThanEquals") || operator.equals("DateGreaterThan");
    return after && key.equals("aws:currenttime") && values.size() == 1
        ? date(values.getFirst())
        : Optional.empty();
  }

  // ISO 8601 as the W3C's note profiles it, or seconds since the epoch.
  private static Optional<Instant> date(String text) {
    try {
      if (text.length() == 20 && text.endsWith("Z")) {
        // How nearly all come, and far quicker than a formatter.
        return Optional.of(utc(text));
      }
      return Optional.of(
          text.chars().allMatch(Character::isDigit) && text.length() > 4
              ? Instant.ofEpochSecond(Long.parseLong(text))
              : OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Instant utc(String text) {
    if (text.charAt(4) != '-' || text.charAt(7) != '-' || text.charAt(10) != 'T') {
      throw new DateTimeException(text);
    }
    if (text.charAt(13) != ':' || text.charAt(16) != ':') {
      throw new DateTimeException(text);
    }
    return LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19))
        .toInstant(ZoneOffset.UTC);
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new DateTimeException(text);
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
