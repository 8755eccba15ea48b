package io.daypass.web.pages;

import io.daypass.policy.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people look for first in an entry of the ledger: why, or else what, in a few words. */
final class Gist {

  private static final List<String> WHY =
      List.of("code", "reason", "comment", "credential", "rule", "destination", "place", "kid");
  private static final List<String> CHOICES = List.of("request", "role", "caller", "kind", "since");

  private Gist() {}

  /**
   * In a few words.
   *
   * @param said what it says besides who and what it is about, by name
   */
  static String of(String kind, Map<String, String> said) {
    return WHY.stream()
        .flatMap(name -> value(said, name))
        .findFirst()
        .or(() -> what(kind, said))
        .map(Shown::cut)
        .orElse("Details");
  }

  private static Optional<String> what(String kind, Map<String, String> said) {
    return switch (kind) {
      case "policy_loaded" -> value(said, "policies").findFirst();
      case "keys_rewrapped" -> value(said, "kids").findFirst();
      case "ledger_read" -> Optional.of(read(said));
      case "request_made", "approved" -> length(said).or(() -> end(said));
      default -> Optional.empty();
    };
  }

  private static String read(Map<String, String> said) {
    var chosen =
        CHOICES.stream()
            .flatMap(name -> value(said, name).map(text -> name + " " + text))
            .collect(Collectors.joining(", "));
    return chosen.isEmpty() ? "all entries" : chosen;
  }

  private static Optional<String> length(Map<String, String> said) {
    return Stream.of("duration_s", "shortened_to_s")
        .flatMap(name -> value(said, name))
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(text -> "for " + Durations.show(Duration.ofSeconds(Long.parseLong(text))))
        .findFirst();
  }

  private static Optional<String> end(Map<String, String> said) {
    return value(said, "grant_ends_at").flatMap(Gist::instant).findFirst();
  }

  private static Stream<String> instant(String text) {
    try {
      var end = OffsetDateTime.parse(text).toInstant();
      return Stream.of("until " + Shown.past(end).text());
    } catch (DateTimeException _) {
      return Stream.empty();
    }
  }

  private static Stream<String> value(Map<String, String> said, String name) {
    return Stream.of(said.getOrDefault(name, "")).filter(text -> !text.isBlank());
  }
}
