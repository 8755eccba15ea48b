package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.web.api.Wire;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for something that must not come to be twice: all tries carry one mark, by which the broker
 * knows that they are the same. So a lost answer is no reason to give up, and never makes a second
 * request.
 */
final class Asking {

  private static final int TRIES = 4;
  private static final long PATIENCE_SECONDS = 5;

  private final Api api;
  private final Pause pause;
  private final String mark;

  /** Lets time pass; broken off by Ctrl-C. */
  @FunctionalInterface
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  Asking(Api api, Pause pause, String mark) {
    this.api = api;
    this.pause = pause;
    this.mark = mark;
  }

  /** As often as it takes, and as it makes sense; a no ends the command. */
  Answer.Given<Wire.Request> ask(
      String path, Map<String, ? extends @Nullable Object> members, @Nullable String role) {
    for (int left = TRIES - 1; ; left--) {
      try {
        var answer = api.post(path, members, Map.of("Idempotency-Key", mark), Wire.Request.class);
        var wait = left > 0 ? waitFor(answer) : 0;
        if (wait == 0) {
          return answer.orFail(role);
        }
        sleep(wait);
      } catch (Failure e) {
        if (left == 0 || !e.mayPass()) {
          throw e;
        }
        sleep(1);
      }
    }
  }

  /** Seconds after which another try may help; 0 if it would not. */
  private static long waitFor(Answer<Wire.Request> answer) {
    return switch (answer) {
      case Answer.Given<Wire.Request> _ -> 0;
      case Answer.Refused<Wire.Request>(var refusal, _) -> {
        var after = refusal.retryAfter();
        var helps = refusal.status() == 503 || refusal.code().equals("busy");
        var seconds = after == null ? 1 : Math.max(1, after);
        yield helps && seconds <= PATIENCE_SECONDS ? seconds : 0;
      }
    };
  }

  private void sleep(long seconds) {
    try {
      pause.of(Duration.ofSeconds(seconds));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Failure.of("broken off; whether the request was made is not known", "daypass requests");
    }
  }
}
