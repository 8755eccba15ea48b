package io.daypass.ledger;

import io.daypass.request.RequestId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries; null means no condition.
 *
 * @param since entries written at or after this instant
 * @param caller the subject, or issuer and subject joined by a space
 * @param beyond entries with a higher number; newest first, with a lower one
 */
public record LedgerQuery(
    @Nullable Instant since,
    @Nullable String role,
    @Nullable String caller,
    @Nullable String kind,
    @Nullable RequestId request,
    Order order,
    long beyond,
    int limit) {

  /** Oldest first. */
  public LedgerQuery(
      @Nullable Instant since,
      @Nullable String role,
      @Nullable String caller,
      @Nullable String kind,
      @Nullable RequestId request,
      long after,
      int limit) {
    this(since, role, caller, kind, request, Order.OLDEST_FIRST, after, limit);
  }

  /** Which come first. */
  public enum Order {
    OLDEST_FIRST(0),
    NEWEST_FIRST(Long.MAX_VALUE);

    private final long start;

    Order(long start) {
      this.start = start;
    }

    /** What the first page is beyond. */
    public long start() {
      return start;
    }
  }
}
