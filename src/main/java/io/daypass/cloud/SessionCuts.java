package io.daypass.cloud;

import io.daypass.cloud.BindingStore.Patience;
import io.daypass.cloud.CutStore.Claimed;
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
   * @param lease longer than telling the cloud ever takes
   * @param first the pause after the first failure; it doubles up to {@code longest}
   * @param atOnce how many places this replica sees to at a time
   * @param onItsWay how long a call that was given up may still have its effect
   * @param settle how long after its end a session may still be alive by the cloud's clock
   */
  public record Pace(
      Duration lease,
      Duration first,
      Duration longest,
      int atOnce,
      Duration onItsWay,
      Duration settle,
      Patience patience) {

    public static final Pace STANDARD =
        new Pace(
            Duration.ofSeconds(45),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            8,
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
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
            most -> store.claimDue(cutter.cloud(), most, pace.lease(), pace.settle()),
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

  private void cut(Claimed claimed) {
    try {
      var many = cutter.deny(claimed);
      var denied = claimed.requests().subList(0, many);
      if (store.applied(claimed, denied, pace.settle())) {
        about(LOG.atInfo(), claimed).addKeyValue("requests", many).log("sessions.cut");
      }
      if (many < claimed.requests().size()) {
        notCut(claimed, "no_room", null, null);
      }
    } catch (MintException e) {
      var reason = e.reason();
      notCut(claimed, reason.code(), reason.mayExist() ? pace.onItsWay() : null, e);
    } catch (StoreUnavailableException e) {
      // The lease runs out, and it comes again: to deny what is denied does no harm.
      about(LOG.atWarn(), claimed).setCause(e).log("sessions.cut_not_written");
    } catch (RuntimeException e) {
      notCut(claimed, "fault", pace.onItsWay(), e);
    }
  }

  private void notCut(
      Claimed claimed, String code, @Nullable Duration onItsWay, @Nullable Exception cause) {
    var stuck = false;
    try {
      var pause = backoff.pause(claimed.tries(), jitter);
      stuck = store.notApplied(claimed, code, pause, onItsWay, pace.patience());
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
