package io.daypass.notice;

import io.daypass.lease.Backoff;
import io.daypass.lease.Shift;
import io.daypass.notice.Outbox.Claimed;
import io.daypass.notice.Outbox.Fate;
import io.daypass.request.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what waits for one channel; another channel's courier never waits for this one. Every
 * replica has one for each channel: which of them delivers what is settled in the outbox, by
 * leases, so that no lock is held while the other end takes its time. Delivery is at least once: a
 * replica that dies between the delivery and writing it down delivers again, or another does.
 */
public final class Courier {

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  private final Channel channel;
  private final Outbox outbox;
  private final Composer composer;
  private final Pace pace;
  private final RandomGenerator jitter;
  private final Counter counter;
  private final Shift<Claimed> shift;

  /**
   * How delivering is gone about.
   *
   * @param within how long one delivery may take
   * @param lease longer than any delivery takes, with what is read before and written after it
   * @param patience how old a notice is given up
   * @param atOnce how many this replica delivers at a time over one channel
   */
  public record Pace(
      Duration within, Duration lease, Backoff backoff, Duration patience, int atOnce) {

    public static final Pace STANDARD =
        new Pace(
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            new Backoff(Duration.ofSeconds(5), Duration.ofHours(1)),
            Duration.ofDays(3),
            4);
  }

  /** How a delivery ended. */
  public enum Outcome {
    DELIVERED,
    FAILED,
    GIVEN_UP
  }

  /** Counts deliveries. */
  @FunctionalInterface
  public interface Counter {
    void ended(String channel, NoticeKind kind, Outcome outcome);
  }

  /**
   * A courier for {@code channel}.
   *
   * @param jitter spreads repeated tries; need not be unpredictable
   */
  public Courier(
      Channel channel,
      Outbox outbox,
      Composer composer,
      Pace pace,
      ThreadFactory threads,
      RandomGenerator jitter,
      Counter counter) {
    this.channel = channel;
    this.outbox = outbox;
    this.composer = composer;
    this.pace = pace;
    this.jitter = jitter;
    this.counter = counter;
    this.shift =
        new Shift<>(
            pace.atOnce(),
            most -> outbox.claim(channel.name(), most, pace.lease()),
            this::deliver,
            threads);
  }

  /** Takes on what is due, and returns without waiting for it to be delivered. */
  public void run() {
    shift.run();
  }

  /**
   * Takes on nothing more; waits for what is on its way, for {@code patience} at most.
   *
   * @return whether it has ended
   */
  public boolean end(Duration patience) {
    var ended = shift.end(patience);
    channel.medium().close();
    return ended;
  }

  private void deliver(Claimed claimed) {
    try {
      channel.medium().deliver(composer.of(claimed.notice()));
      counter.ended(channel.name(), claimed.notice().kind(), Outcome.DELIVERED);
      outbox.delivered(claimed);
      LOG.atInfo()
          .addKeyValue("notice", claimed.notice().id())
          .addKeyValue("kind", claimed.notice().kind().code())
          .addKeyValue("channel", channel.name())
          .log("notice.delivered");
    } catch (NotDelivered e) {
      failed(claimed, e.code(), pause(claimed, e.retryAfter()), e);
    } catch (StoreUnavailableException e) {
      // The lease runs out, and it comes again: the receiver knows it by its id.
      notWritten(claimed, e);
    } catch (RuntimeException e) {
      failed(claimed, "fault", pause(claimed, null), e);
    }
  }

  private Duration pause(Claimed claimed, @Nullable Duration asked) {
    var own = pace.backoff().pause(claimed.tries(), jitter);
    // Asked for or not, never longer than the longest of our own.
    return asked == null || asked.compareTo(own) < 0
        ? own
        : asked.compareTo(pace.backoff().longest()) > 0 ? pace.backoff().longest() : asked;
  }

  private void failed(Claimed claimed, String code, Duration pause, Exception cause) {
    counter.ended(channel.name(), claimed.notice().kind(), Outcome.FAILED);
    var fate = Fate.AGAIN;
    try {
      fate = outbox.notDelivered(claimed, code, pause, pace.patience());
    } catch (StoreUnavailableException e) {
      notWritten(claimed, e);
    }
    var givenUp = fate == Fate.GIVEN_UP;
    if (givenUp) {
      counter.ended(channel.name(), claimed.notice().kind(), Outcome.GIVEN_UP);
    }
    (givenUp ? LOG.atError() : LOG.atWarn())
        .addKeyValue("notice", claimed.notice().id())
        .addKeyValue("kind", claimed.notice().kind().code())
        .addKeyValue("channel", channel.name())
        .addKeyValue("tries", claimed.tries())
        .addKeyValue("reason", code)
        .setCause(cause)
        .log(givenUp ? "notice.given_up" : "notice.not_delivered");
  }

  private static void notWritten(Claimed claimed, StoreUnavailableException failure) {
    LOG.atWarn()
        .addKeyValue("notice", claimed.notice().id())
        .addKeyValue("channel", claimed.channel())
        .setCause(failure)
        .log("notice.not_written");
  }
}
