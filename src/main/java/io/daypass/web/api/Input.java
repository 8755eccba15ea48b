package io.daypass.web.api;

import io.daypass.policy.Wish;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a caller sent apart and keeps the first problem. What is read of a value that is wrong
 * means nothing: look at {@link #problem} before using any.
 */
public final class Input {

  private final Map<String, String> fields;
  private @Nullable Problem problem;

  /**
   * @param fields what came, by name; absent is not there
   */
  public Input(Map<String, String> fields) {
    this.fields = Map.copyOf(fields);
  }

  /** What is wrong; empty if everything that was read so far is right. */
  public Optional<Problem> problem() {
    return Optional.ofNullable(problem);
  }

  String role() {
    var role = fields.getOrDefault("role", "");
    if (!Texts.isRole(role)) {
      wrong("role", "the name of a role; GET /v1/roles lists them");
    }
    return role;
  }

  /** The role that was named, if it can be one. */
  @Nullable String roleOrNull() {
    var role = fields.get("role");
    return role != null && Texts.isRole(role) ? role : null;
  }

  Wish wish() {
    var duration = duration("duration");
    if (duration == null) {
      wrong("duration", "a duration such as 2h or 30m");
    }
    return new Wish(
        duration == null ? Duration.ofSeconds(1) : duration, proseOrEmpty("reason"), ticket());
  }

  @Nullable String ticket() {
    var ticket = fields.get("ticket");
    if (ticket != null && !Texts.isTicket(ticket)) {
      wrong("ticket", "a ticket such as OPS-1: up to 100 printable characters, no spaces");
    }
    return ticket;
  }

  @Nullable Duration duration(String name) {
    var text = fields.get(name);
    if (text == null) {
      return null;
    }
    var duration = Texts.duration(text);
    if (duration.isEmpty()) {
      wrong(name, "a duration such as 2h or 30m");
    }
    return duration.orElse(null);
  }

  @Nullable Instant instant(String name) {
    var text = fields.get(name);
    if (text == null) {
      return null;
    }
    var instant = Texts.instant(text);
    if (instant.isEmpty()) {
      wrong(name, "an instant such as 2027-01-31T08:00:00Z");
    }
    return instant.orElse(null);
  }

  @Nullable String prose(String name) {
    var text = fields.get(name);
    if (text != null && !Texts.isProse(text)) {
      wrong(
          name,
          "at most 1000 characters of plain text: line feeds and tabs but no other controls, and"
              + " none that turn the text around them");
    }
    return text;
  }

  String proseOrEmpty(String name) {
    var text = prose(name);
    return text == null ? "" : text;
  }

  String requiredProse(String name) {
    var text = proseOrEmpty(name);
    if (text.isBlank()) {
      wrong(name, "said: others will want to know");
    }
    return text;
  }

  /** The name of an issuer or a subject. */
  String name(String name) {
    var text = fields.getOrDefault(name, "");
    if (!Texts.isName(text)) {
      wrong(name, "the name of an issuer or a subject, as GET /v1/me shows it");
    }
    return text;
  }

  /** Any text; compared with a list later. */
  public @Nullable String word(String name) {
    return fields.get(name);
  }

  /** The caller's own mark for this call, of those that came. */
  @Nullable String idempotencyKey(List<String> keys) {
    if (keys.size() > 1 || (keys.size() == 1 && !Texts.isKey(keys.getFirst()))) {
      note(
          Problem.of(
              Code.IDEMPOTENCY_KEY_INVALID,
              "an Idempotency-Key is 1 to 64 printable ASCII characters, once",
              "use a random UUID"));
    }
    return keys.isEmpty() ? null : keys.getFirst();
  }

  void wrong(String name, String what) {
    note(
        Problem.of(
                Code.MEMBER_INVALID, "\"" + name + "\" must be " + what, "correct \"" + name + "\"")
            .with("member", name));
  }

  private void note(Problem noted) {
    if (problem == null) {
      problem = noted;
    }
  }
}
