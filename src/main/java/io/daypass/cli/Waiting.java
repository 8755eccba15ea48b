package io.daypass.cli;

import io.daypass.cli.child.Signals;
import io.daypass.cli.client.Failure;
import io.daypass.cli.screen.Times;
import io.daypass.web.api.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits until people have decided on a request, and says meanwhile what it waits for. Ctrl-C ends
 * the waiting and nothing else.
 */
final class Waiting {

  private static final Duration BETWEEN = Duration.ofSeconds(2);
  private static final Duration FRAME = Duration.ofMillis(120);

  private final PeopleCommand command;
  private final Api api;

  /** How the waiting ended. */
  sealed interface End {
    record Decided(Answer.Given<Wire.Request> request) implements End {}

    record BrokenOff() implements End {}
  }

  /** What one look at the request came to. */
  private sealed interface Look {
    record Seen(Answer.Given<Wire.Request> request) implements Look {}

    record Passing(long seconds) implements Look {}

    record Failed(RuntimeException why) implements Look {}

    record Stop() implements Look {}
  }

  Waiting(PeopleCommand command, Api api) {
    this.command = command;
    this.api = api;
  }

  End until(Wire.Request pending) {
    // Looks are taken on a thread of their own: Ctrl-C must not wait for the network.
    BlockingQueue<Look> looks = new LinkedBlockingQueue<>();
    Signals.on("INT", () -> looks.add(new Look.Stop()));
    var looking = Thread.ofVirtual().start(() -> look(pending.id(), looks));
    try (var status = command.status()) {
      var request = pending;
      var reachable = true;
      while (true) {
        status.show(news(request, reachable), left(request));
        switch (next(looks)) {
          case null -> {}
          case Look.Seen(var seen) -> {
            if (!Outcome.isPending(seen.value())) {
              return new End.Decided(seen);
            }
            request = seen.value();
            reachable = true;
          }
          case Look.Passing _ -> reachable = false;
          case Look.Failed(var why) -> throw why;
          case Look.Stop _ -> {
            return new End.BrokenOff();
          }
        }
      }
    } finally {
      looking.interrupt();
    }
  }

  private static @Nullable Look next(BlockingQueue<Look> looks) {
    try {
      return looks.poll(FRAME.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return new Look.Stop();
    }
  }

  private void look(String id, BlockingQueue<Look> looks) {
    try {
      while (true) {
        Thread.sleep(BETWEEN);
        var look = look(id);
        looks.add(look);
        if (look instanceof Look.Passing(var seconds)) {
          Thread.sleep(Duration.ofSeconds(seconds));
        }
      }
    } catch (InterruptedException _) {
      // Nobody waits any more.
    }
  }

  private Look look(String id) {
    try {
      return switch (api.get("/v1/requests/" + id, Wire.Request.class)) {
        case Answer.Given<Wire.Request> given -> new Look.Seen(given);
        case Answer.Refused<Wire.Request> refused -> {
          var refusal = refused.refusal();
          var after = refusal.retryAfter();
          if (refusal.status() == 503 || refusal.status() == 429) {
            yield new Look.Passing(after == null ? 1 : after);
          }
          refused.orFail();
          throw new AssertionError("a refusal never passes for an answer");
        }
      };
    } catch (Failure e) {
      return e.mayPass() ? new Look.Passing(1) : new Look.Failed(e);
    } catch (RuntimeException e) {
      return new Look.Failed(e);
    }
  }

  private static String news(Wire.Request request, boolean reachable) {
    if (!reachable) {
      return "the broker cannot be asked; trying again";
    }
    var yes = request.approvals().stream().filter(a -> a.verdict().equals("approve")).count();
    var people = request.approval().stream().mapToInt(Wire.Line::count).sum();
    return "waiting for "
        + Sentences.approval(request.approval())
        + (yes == 0 ? "" : ", " + yes + " of " + people + " agreed");
  }

  private String left(Wire.Request request) {
    var now = command.local().clock().instant();
    return Times.countdown(Duration.between(now, Instant.parse(request.lapsesAt()))) + " left";
  }
}
