package io.daypass.ledger;

import io.daypass.request.RequestId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entries, of which a page has {@code limit} at most and ends with the one that makes it
 * {@link #BYTES}; null means no condition.
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

  /** Of an entry these are its canonical bytes: a page of large ones has fewer of them. */
  public static final long BYTES = 2 * 1024 * 1024;

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

  /** Whether {@code page} is one that ended before the entries did, for all that is known. */
  public boolean isFilledBy(List<WrittenEntry> page) {
    return page.size() >= limit || page.stream().mapToLong(WrittenEntry::bytes).sum() >= BYTES;
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
