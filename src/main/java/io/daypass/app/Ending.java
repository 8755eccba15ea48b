package io.daypass.app;

import io.daypass.log.Logs;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/** The end of the service in order: once, whoever asks for it first. All others wait for it. */
final class Ending {

  private final FutureTask<Boolean> end;

  /** What {@code end} does, and whether that was all there was to do. */
  Ending(BooleanSupplier end) {
    this.end = new FutureTask<>(end::getAsBoolean);
  }

  /** The end of {@code broker}, and of what is logged. */
  static Ending of(Broker broker) {
    return new Ending(() -> {
      try {
        return broker.end();
      } catch (RuntimeException e) {
        LoggerFactory.getLogger(Ending.class).atError().setCause(e).log("broker.end_failed");
        return false;
      } finally {
        Logs.stop();
      }
    });
  }

  /** The exit code of the process, as soon as that is known: 0 if all was finished, or else 1. */
  int code() {
    end.run();
    try {
      return end.get() ? 0 : 1;
    } catch (ExecutionException _) {
      return 1;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
