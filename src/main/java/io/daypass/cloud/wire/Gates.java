package io.daypass.cloud.wire;

import io.daypass.cloud.MintException.Reason;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Keeps trouble where it is: per host and account, so many calls at once, so many more that wait
 * for their turn, and none for a while after too many failed. A refusal is an answer, not a
 * failure: one role that the cloud does not let us have must not close the account to the others.
 *
 * <p>There are as many gates as accounts in the policies.
 */
public final class Gates {

  // A storm of pipelines is no trouble: those who wait are this many times those in flight.
  private static final int CROWD = 8;

  private final BulkheadConfig crowd;
  private final BulkheadConfig bulkhead;
  private final CircuitBreakerConfig breaker;
  private final ConcurrentHashMap<Key, Gate> gates = new ConcurrentHashMap<>();

  public Gates(Limits limits) {
    this.crowd = bulkhead(CROWD * limits.concurrent(), Duration.ZERO);
    this.bulkhead = bulkhead(limits.concurrent(), limits.total());
    this.breaker =
        CircuitBreakerConfig.custom()
            .slidingWindowSize(limits.breakAfter())
            .minimumNumberOfCalls(limits.breakAfter())
            .failureRateThreshold(50)
            .waitDurationInOpenState(limits.breakFor())
            .permittedNumberOfCallsInHalfOpenState(3)
            .writableStackTraceEnabled(false)
            .build();
  }

  private static BulkheadConfig bulkhead(int calls, Duration wait) {
    return BulkheadConfig.custom()
        .maxConcurrentCalls(calls)
        .maxWaitDuration(wait)
        .writableStackTraceEnabled(false)
        .build();
  }

  private record Key(String host, String account) {}

  private record Gate(Bulkhead crowd, Bulkhead bulkhead, CircuitBreaker breaker) {
    void leave() {
      bulkhead.onComplete();
      crowd.onComplete();
    }
  }

  /**
   * The right to one passage through a gate, waited for as long as a passage may take; empty while
   * the crowd there is too large, too many calls failed, or the wait was in vain.
   */
  public Optional<Place> place(String host, String account) {
    var gate = gate(host, account);
    if (isShut(gate) || !gate.crowd().tryAcquirePermission()) {
      return Optional.empty();
    }
    var begun = System.nanoTime();
    if (!gate.bulkhead().tryAcquirePermission()) {
      gate.crowd().releasePermission();
      return Optional.empty();
    }
    // Who waited may find that those in front have failed.
    if (!gate.breaker().tryAcquirePermission()) {
      gate.leave();
      return Optional.empty();
    }
    return Optional.of(new Place(gate, Duration.ofNanos(System.nanoTime() - begun)));
  }

  /** Whether nothing is sent there at the moment, because too many calls failed. */
  public boolean isShut(String host, String account) {
    return isShut(gate(host, account));
  }

  private static boolean isShut(Gate gate) {
    if (!gate.breaker().tryAcquirePermission()) {
      return true;
    }
    // Only asked.
    gate.breaker().releasePermission();
    return false;
  }

  /**
   * Makes {@code passage} once the gate lets it through, for which it may wait as long as the
   * passage itself may take. For what is not the first passage of a mint: a mint's own turn is
   * taken before anything is recorded.
   *
   * @param host which of the cloud's services
   * @param account whose: an account, a project or a tenant, named by the policies
   */
  public <T> T pass(String host, String account, Passage<T> passage) throws Failure {
    var gate = gate(host, account);
    if (!gate.bulkhead().tryAcquirePermission()) {
      throw Failure.lasting(Reason.CLOUD_BUSY, "too many calls in flight");
    }
    try {
      if (!gate.breaker().tryAcquirePermission()) {
        throw Failure.lasting(Reason.CLOUD_BUSY, "too many calls failed");
      }
      return counted(gate.breaker(), passage);
    } finally {
      gate.bulkhead().onComplete();
    }
  }

  /** How many accounts nothing is sent to at the moment, because too many calls failed. */
  public int closed() {
    return (int)
        gates.values().stream()
            .filter(gate -> gate.breaker().getState() == CircuitBreaker.State.OPEN)
            .count();
  }

  private static <T> T counted(CircuitBreaker breaker, Passage<T> passage) throws Failure {
    var settled = false;
    var begun = System.nanoTime();
    try {
      var result = passage.make();
      settled = true;
      breaker.onSuccess(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
      return result;
    } catch (Failure failure) {
      settled = true;
      var took = System.nanoTime() - begun;
      if (isTrouble(failure.reason())) {
        breaker.onError(took, TimeUnit.NANOSECONDS, failure);
      } else {
        breaker.onSuccess(took, TimeUnit.NANOSECONDS);
      }
      throw failure;
    } finally {
      if (!settled) {
        breaker.releasePermission();
      }
    }
  }

  private static boolean isTrouble(Reason reason) {
    return switch (reason) {
      case CLOUD_THROTTLED, CLOUD_UNREACHABLE, CLOUD_FAILED, CLOUD_ANSWER_WRONG -> true;
      case CLOUD_REFUSED,
          CLOUD_BUSY,
          KEYS_UNAVAILABLE,
          SESSION_POLICY_TOO_LARGE,
          GRANT_TOO_SHORT,
          GRANT_OVER,
          ACCESS_TAKEN,
          ACCESS_NOT_READY ->
          false;
    };
  }

  private Gate gate(String host, String account) {
    return gates.computeIfAbsent(new Key(host, account), this::made);
  }

  private Gate made(Key key) {
    var name = key.host() + "/" + key.account();
    return new Gate(
        Bulkhead.of(name, crowd), Bulkhead.of(name, bulkhead), CircuitBreaker.of(name, breaker));
  }

  /** An open way through a gate, for one passage; not for several threads. */
  public static final class Place implements AutoCloseable {

    private final Gate gate;
    private final Duration waited;
    private boolean held = true;

    private Place(Gate gate, Duration waited) {
      this.gate = gate;
      this.waited = waited;
    }

    /** How long it took until it was free. */
    public Duration waited() {
      return waited;
    }

    /** Makes {@code passage} and gives the place back, whatever came of it. */
    public <T> T pass(Passage<T> passage) throws Failure {
      if (!held) {
        throw new IllegalStateException("a place is good for one passage");
      }
      held = false;
      try {
        return counted(gate.breaker(), passage);
      } finally {
        gate.leave();
      }
    }

    /** Gives the place back, if nothing passed. */
    @Override
    public void close() {
      if (held) {
        held = false;
        gate.breaker().releasePermission();
        gate.leave();
      }
    }
  }

  /** What is let through. */
  @FunctionalInterface
  public interface Passage<T> {
    T make() throws Failure;
  }
}
