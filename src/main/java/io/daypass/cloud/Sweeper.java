package io.daypass.cloud;

import io.daypass.cloud.BindingStore.Claimed;
import io.daypass.cloud.BindingStore.Patience;
import io.daypass.lease.Backoff;
import io.daypass.lease.Shift;
import io.daypass.request.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what was made in the clouds for grants that are over. Every replica has one; which of
 * them removes what is settled in the store, by leases, so that no lock is held while a cloud is
 * asked. What cannot be removed is tried again, ever less often, until it is gone.
 */
public final class Sweeper {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  private final BindingStore store;
  private final Map<String, Remover> removers;
  private final Pace pace;
  private final Backoff backoff;
  private final RandomGenerator jitter;
  private final Shift<Claimed> shift;

  /**
   * How removing is gone about.
   *
   * @param lead so long before its end a removal begins, since it takes a moment
   * @param lease longer than any removal takes
   * @param first the pause after the first failure; it doubles up to {@code longest}
   * @param atOnce how many this replica removes at a time
   */
  public record Pace(
      Duration lead,
      Duration lease,
      Duration first,
      Duration longest,
      int atOnce,
      Patience patience) {

    public static final Pace STANDARD =
        new Pace(
            Duration.ofSeconds(2),
            Duration.ofSeconds(45),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            16,
            new Patience(5, Duration.ofMinutes(2)));
  }

  /**
   * Over {@code store}.
   *
   * @param jitter spreads repeated tries; need not be unpredictable
   */
  public Sweeper(
      BindingStore store,
      List<Remover> removers,
      Pace pace,
      ThreadFactory threads,
      RandomGenerator jitter) {
    this.store = store;
    this.removers =
        removers.stream().collect(Collectors.toMap(Remover::cloud, Function.identity()));
    this.pace = pace;
    this.backoff = new Backoff(pace.first(), pace.longest());
    this.jitter = jitter;
    this.shift =
        new Shift<>(
            pace.atOnce(),
            most -> store.claimDue(most, pace.lease(), pace.lead()),
            this::remove,
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

  private void remove(Claimed claimed) {
    var binding = claimed.binding();
    var remover = removers.get(binding.cloud());
    if (remover == null) {
      var nobody = new MintException(MintException.Reason.CLOUD_REFUSED);
      kept(claimed, nobody.reason().code(), nobody);
      return;
    }
    try {
      remover.remove(binding);
      if (store.removed(claimed)) {
        LOG.atInfo()
            .addKeyValue("binding", binding.id())
            .addKeyValue("request", binding.request())
            .addKeyValue("cloud", binding.cloud())
            .log("binding.removed");
      }
    } catch (MintException e) {
      kept(claimed, remover.told(e), e);
    } catch (StoreUnavailableException e) {
      // The lease runs out, and it comes again: to remove what is gone does no harm.
      LOG.atWarn().addKeyValue("binding", binding.id()).setCause(e).log("binding.not_written");
    } catch (RuntimeException e) {
      kept(claimed, "fault", e);
    }
  }

  private void kept(Claimed claimed, String code, Exception cause) {
    var binding = claimed.binding();
    var stuck = false;
    try {
      stuck = store.kept(claimed, code, backoff.pause(claimed.tries(), jitter), pace.patience());
    } catch (StoreUnavailableException e) {
      LOG.atWarn().addKeyValue("binding", binding.id()).setCause(e).log("binding.not_written");
    }
    (stuck ? LOG.atError() : LOG.atWarn())
        .addKeyValue("binding", binding.id())
        .addKeyValue("request", binding.request())
        .addKeyValue("cloud", binding.cloud())
        .addKeyValue("tries", claimed.tries())
        .addKeyValue("reason", code)
        .setCause(cause)
        .log(stuck ? "binding.stuck" : "binding.not_removed");
  }
}
