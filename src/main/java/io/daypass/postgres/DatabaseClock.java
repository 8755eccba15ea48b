package io.daypass.postgres;

import io.daypass.request.StoreUnavailableException;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The database's clock, as near as this machine's clock plus a measured difference comes. What is
 * decided for good is decided again inside the database, by its own clock.
 */
public final class DatabaseClock implements InstantSource {

  /** More than this and a replica is not ready: somebody's clock is wrong. */
  public static final Duration MOST_SKEW = Duration.ofSeconds(5);

  private final Database database;
  private final InstantSource machine;
  private final LongSupplier ticks;
  private volatile Measured measured;

  /** When the database last answered, by ticks: a clock that is turned back hides no silence. */
  private record Measured(Duration difference, @Nullable Long at) {}

  public DatabaseClock(Database database, InstantSource machine) {
    this(database, machine, System::nanoTime);
  }

  /**
   * The same by other ticks.
   *
   * @param ticks nanoseconds that only go forward
   */
  public DatabaseClock(Database database, InstantSource machine, LongSupplier ticks) {
    this.database = database;
    this.machine = machine;
    this.ticks = ticks;
    this.measured = new Measured(Duration.ZERO, null);
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(difference());
  }

  /** Asks the database what time it is; call it every few seconds. */
  public void measure() throws StoreUnavailableException {
    var before = machine.instant();
    var row = database.reservedRow("SELECT clock_timestamp() AS now", Tuple.tuple());
    var after = machine.instant();
    var middle = before.plus(Duration.between(before, after).dividedBy(2));
    measured =
        new Measured(Duration.between(middle, RequestRows.required(row, "now")), ticks.getAsLong());
  }

  /** How far the database's clock is ahead of this machine's; negative if behind. */
  public Duration difference() {
    return measured.difference();
  }

  /** Whether the difference can be lived with. */
  public boolean isTrustworthy() {
    return difference().abs().compareTo(MOST_SKEW) <= 0;
  }

  /** Whether the database has answered within {@code time}. */
  public boolean answeredWithin(Duration time) {
    var at = measured.at();
    return at != null && ticks.getAsLong() - at < time.toNanos();
  }
}
