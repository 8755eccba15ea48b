package io.daypass.cli.credential;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Lines;
import io.daypass.cli.client.Lock;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/** What whoever asked the broker tells those who waited, where it came to nothing. */
final class Word {

  private Word() {}

  static void leave(Lock lock, Failure failure, Instant now) {
    var lines = new LinkedHashMap<String, String>();
    lines.put("at", now.toString());
    lines.put("error", failure.error());
    lines.put("hint", failure.hint());
    lines.put("exit", Integer.toString(failure.exit()));
    try {
      lock.leave(Lines.write(lines));
    } catch (IOException _) {
      // Then they ask for themselves.
    }
  }

  /** What happened while a process that came at {@code begun} was waiting. */
  static Optional<Failure> since(Lock lock, Instant begun) {
    try {
      var left = lock.word();
      if (left.isEmpty()) {
        return Optional.empty();
      }
      return Lines.read(left)
          .filter(word -> Instant.parse(word.getOrDefault("at", "")).isAfter(begun))
          .map(word -> {
            var error = word.getOrDefault("error", "it did not work");
            var hint = word.getOrDefault("hint", "try again");
            return "3".equals(word.get("exit"))
                ? Failure.waiting(error, hint)
                : Failure.of(error, hint);
          });
    } catch (IOException | DateTimeException _) {
      return Optional.empty();
    }
  }
}
