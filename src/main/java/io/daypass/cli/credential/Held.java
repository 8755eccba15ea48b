package io.daypass.cli.credential;

import io.daypass.cli.client.Lines;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A credential in hand.
 *
 * @param output what the tool is given
 * @param taken when it came
 * @param grantEnds the end of the grant it came under; null if the broker did not say
 * @param request the request it came under; empty if the broker did not say
 * @param seen when the request was last known to stand
 */
public record Held(
    String output,
    Instant taken,
    Instant expires,
    @Nullable Instant grantEnds,
    String request,
    Instant seen) {

  /** How long it lives. */
  public Life life() {
    return new Life(taken, expires, grantEnds);
  }

  /** Whether it still opens anything. */
  public boolean isGood(Instant now) {
    return life().isGood(now);
  }

  /** Whether another would be good for longer, and it is time to have it. */
  public boolean isOld(Instant now) {
    return life().isOld(now);
  }

  /** Whether it is time to look whether the request still stands. */
  boolean isUnseen(Instant now) {
    return Standing.isUnseen(request, seen, now);
  }

  Held seenAt(Instant now) {
    return new Held(output, taken, expires, grantEnds, request, now);
  }

  /** Times as seconds: reading dates takes longer than all the rest of a command. */
  String text() {
    var lines = new LinkedHashMap<String, String>();
    lines.put("taken", Long.toString(taken.getEpochSecond()));
    lines.put("expires", Long.toString(expires.getEpochSecond()));
    if (grantEnds != null) {
      lines.put("grant_ends", Long.toString(grantEnds.getEpochSecond()));
    }
    lines.put("request", request);
    lines.put("seen", Long.toString(seen.getEpochSecond()));
    lines.put("output", output);
    return Lines.write(lines);
  }

  /** The credential that {@code text} keeps; empty if it is cut off. */
  static Optional<Held> read(String text) {
    var lines = Lines.read(text);
    return lines.isEmpty() ? Optional.empty() : read(lines.get());
  }

  private static Optional<Held> read(Map<String, String> lines) {
    var output = lines.get("output");
    var taken = lines.get("taken");
    var expires = lines.get("expires");
    var ends = lines.get("grant_ends");
    var request = lines.get("request");
    if (output == null || taken == null || expires == null || request == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Held(
              output,
              seconds(taken),
              seconds(expires),
              ends == null ? null : seconds(ends),
              request,
              seconds(lines.getOrDefault("seen", taken))));
    } catch (NumberFormatException | DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Instant seconds(String text) {
    return Instant.ofEpochSecond(Long.parseLong(text));
  }

  @Override
  public String toString() {
    return "Held[until " + expires + "]";
  }
}
