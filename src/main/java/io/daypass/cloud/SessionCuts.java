package io.daypass.cloud;

import io.daypass.cloud.BindingStore.Patience;
import io.daypass.cloud.CutStore.Claimed;
import io.daypass.cloud.CutStore.Spans;
import io.daypass.lease.Backoff;
import io.daypass.lease.Shift;
import io.daypass.request.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Cuts the live sessions of grants that were ended early. Every replica has one; which of them
 * speaks to the cloud is settled in the store, by leases, so that no lock is held while the cloud
 * is asked. What cannot be cut is tried again, ever less often, until it is or is dead.
 */
public final class SessionCuts {

  private static final Logger LOG = LoggerFactory.getLogger(SessionCuts.class);

  private final CutStore store;
  private final SessionCutter cutter;
  private final Pace pace;
  private final Backoff backoff;
  private final RandomGenerator jitter;
  private final Shift<Claimed> shift;

  /**
   * How cutting is gone about.
   *
   * @param first the pause after the first failure; it doubles up to {@code longest}
   * @param atOnce how many places this replica sees to at a time
   */
  public record Pace(Spans spans, Duration first, Duration longest, int atOnce, Patience patience) {

    public static final Pace STANDARD =
        new Pace(
            new Spans(Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofMinutes(1)),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            8,
            new Patience(5, Duration.ofMinutes(2)));
  }

  /**
   * Over {@code store}.
   *
   * @param jitter spreads repeated tries; need not be unpredictable
   */
  public SessionCuts(
      CutStore store,
      SessionCutter cutter,
      Pace pace,
      ThreadFactory threads,
      RandomGenerator jitter) {
    this.store = store;
    this.cutter = cutter;
    this.pace = pace;
    this.backoff = new Backoff(pace.first(), pace.longest());
    this.jitter = jitter;
    this.shift =
        new Shift<>(
            pace.atOnce(),
            most -> store.claimDue(cutter.cloud(), most, pace.spans()),
            this::cut,
            threads);
  }

  /**
   * Takes on what is due, and returns without waiting for it to be done. Call it every second, and
   * whenever a grant was ended; calls at the same time are one, and none of them is lost.
   */
  public void run() {
    shift.run();
  }

  /**
   * Takes on nothing more, and waits until what was begun is done, for {@code patience} at most.
   *
   * @return whether it is
   */
  public boolean end(Duration patience) {
    return shift.end(patience);
  }

  private void cut(Claimed claimed) {
    try {
      var answer = cutter.deny(claimed);
      var many = answer.requests();
      var denied = claimed.requests().subList(0, many);
      if (store.applied(claimed, denied, pace.spans())) {
        about(LOG.atInfo(), claimed).addKeyValue("requests", many).log("sessions.cut");
      }
      if (many < claimed.requests().size()) {
        notCut(claimed, "no_room", answer.unknown(), null);
      }
    } catch (MintException e) {
      var reason = e.reason();
      notCut(claimed, reason.code(), reason.mayExist(), e);
    } catch (StoreUnavailableException e) {
      // The lease runs out, and it comes again: to deny what is denied does no harm.
      about(LOG.atWarn(), claimed).setCause(e).log("sessions.cut_not_written");
    } catch (RuntimeException e) {
      notCut(claimed, "fault", true, e);
    }
  }

  private void notCut(Claimed claimed, String code, boolean unknown, @Nullable Exception cause) {
    var stuck = false;
    try {
      var pause = backoff.pause(claimed.tries(), jitter);
      stuck = store.notApplied(claimed, code, pause, unknown, pace.spans(), pace.patience());
    } catch (StoreUnavailableException e) {
      about(LOG.atWarn(), claimed).setCause(e).log("sessions.cut_not_written");
    }
    about(stuck ? LOG.atError() : LOG.atWarn(), claimed)
        .addKeyValue("tries", claimed.tries())
        .addKeyValue("reason", code)
        .setCause(cause)
        .log(stuck ? "sessions.cut_stuck" : "sessions.not_cut");
  }

  private static LoggingEventBuilder about(LoggingEventBuilder event, Claimed claimed) {
    return event.addKeyValue("cloud", claimed.cloud()).addKeyValue("place", claimed.place());
  }
}
