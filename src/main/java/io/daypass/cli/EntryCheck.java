package io.daypass.cli;

import io.daypass.web.api.Json;
import io.daypass.web.api.Wire.LedgerEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at entries one after the other: each one's bytes must have the digest that stands beside
 * them and say what the entry says, and numbers must rise. It trusts nothing that the broker says
 * about them.
 */
final class EntryCheck {

  private final List<String> findings = new ArrayList<>();
  private final Consumer<LedgerEntry> also;
  private long last;
  private long count;

  /**
   * A check that has seen nothing yet.
   *
   * @param also gets each entry, in order
   */
  EntryCheck(Consumer<LedgerEntry> also) {
    this.also = also;
  }

  /** An entry's bytes, read (see the migrations: {@code append_entry}). */
  private record Canonical(
      int v,
      long number,
      String at,
      String kind,
      @Nullable String request,
      @Nullable String issuance,
      @Nullable String role,
      @Nullable Caller caller) {}

  private record Caller(String issuer, String subject) {}

  /** Looks at one line of an export. */
  void line(String json) {
    Json.read(json, LedgerEntry.class)
        .filter(entry -> entry.canonical() != null && entry.sha256() != null)
        .ifPresentOrElse(
            this::entry, () -> findings.add("after entry " + last + ": a line that is no entry"));
  }

  private void entry(LedgerEntry entry) {
    count++;
    if (entry.number() <= last) {
      finding(entry, "its number does not rise");
    }
    last = Math.max(last, entry.number());
    if (!sha256(entry.canonical()).equals(entry.sha256())) {
      finding(entry, "its bytes do not have its digest");
    }
    if (!Json.read(entry.canonical(), Canonical.class).filter(c -> same(c, entry)).isPresent()) {
      finding(entry, "its bytes say something else than it does");
    }
    also.accept(entry);
  }

  private void finding(LedgerEntry entry, String what) {
    findings.add("entry " + entry.number() + ": " + what);
  }

  private static boolean same(Canonical canonical, LedgerEntry entry) {
    var caller = canonical.caller();
    return canonical.number() == entry.number()
        && instant(canonical.at()).isPresent()
        && instant(canonical.at()).equals(instant(entry.at()))
        && Objects.equals(canonical.kind(), entry.kind())
        && Objects.equals(canonical.request(), entry.request())
        && Objects.equals(canonical.issuance(), entry.issuance())
        && Objects.equals(canonical.role(), entry.role())
        && Objects.equals(caller == null ? null : caller.issuer(), entry.issuer())
        && Objects.equals(caller == null ? null : caller.subject(), entry.subject());
  }

  private static Optional<Instant> instant(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** The number of the last entry, so far. */
  long last() {
    return last;
  }

  long count() {
    return count;
  }

  /** Whether there were lines, and none of them is an entry. */
  boolean foundNone() {
    return count == 0 && !findings.isEmpty();
  }

  List<String> findings() {
    return findings;
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
