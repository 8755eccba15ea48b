package io.daypass.app;

import io.daypass.issuer.WrongMasterKeyException;
import io.daypass.log.Guarded;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a process that listens to a replica that is ready, and is looked after from then on. A
 * process that cannot come so far must not live on, never ready.
 *
 * @param preparation what must be done first
 * @param warmUp what makes the first mint faster; without it that is slower, and nothing else
 * @param upkeep begins what is done again and again
 * @param end told of a failure that nothing mends
 */
record Readying(Step preparation, Runnable warmUp, Runnable upkeep, Consumer<Failure> end)
    implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Readying.class);

  /** Something that waits. */
  @FunctionalInterface
  interface Step {
    void run() throws InterruptedException;
  }

  /** Why the service cannot go on. */
  enum Failure {
    WRONG_MASTER_KEY,
    BROKEN_OFF
  }

  @Override
  public void run() {
    try {
      preparation.run();
      Guarded.run(
          warmUp,
          e ->
              LOG.atWarn()
                  .addKeyValue("failure", e.getClass().getName())
                  .log("broker.not_warmed_up"));
      upkeep.run();
    } catch (WrongMasterKeyException e) {
      LOG.atError().log("broker.wrong_master_key");
      end.accept(Failure.WRONG_MASTER_KEY);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      brokenOff(e);
    }
  }

  private void brokenOff(Throwable e) {
    try {
      LOG.atError().setCause(e).log("broker.broken_off");
    } finally {
      end.accept(Failure.BROKEN_OFF);
    }
  }
}
