package io.daypass.identity.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one issuer, in memory. A key that is known is found without waiting for anybody; only
 * a kid that is not known asks the issuer, and however many such tokens come, there is one fetch at
 * a time and a pause between two. The lock is never held while the network is waited for.
 */
final class IssuerKeys {

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  /** How many callers may wait for one fetch; the rest are told to come again. */
  private static final int MOST_WAITING = 256;

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final String issuer;
  private final Supplier<Fetched> site;
  private final InstantSource clock;
  private final Limits limits;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private final ReentrantLock lock = new ReentrantLock();
  private final AbsentKids absent;

  private volatile @Nullable Held held;

  // Guarded by the lock.
  private @Nullable CompletableFuture<Void> inFlight;
  private @Nullable Instant lastStart;
  private int failuresInARow;
  private long refused;
  private long failed;

  IssuerKeys(String issuer, Supplier<Fetched> site, InstantSource clock, Limits limits) {
    this.issuer = issuer;
    this.site = site;
    this.clock = clock;
    this.limits = limits;
    this.absent = new AbsentKids(limits.spacing().multipliedBy(6));
  }

  /** Waits for the issuer only if the kid is not known. */
  Found find(String kid) {
    var known = key(kid);
    if (known != null) {
      return new Found.Key(known);
    }
    var asked = ask(kid);
    if (asked != null && !await(asked.fetch())) {
      return new Found.Unavailable();
    }
    var found = key(kid);
    if (found != null) {
      return new Found.Key(found);
    }
    // A fetch that somebody else began may have missed a key published since.
    return settle(kid, asked != null && asked.begun());
  }

  /** Starts a fetch if one is due, and waits for nothing. */
  void refreshIfDue() {
    lock.lock();
    try {
      if (inFlight == null && isDue(clock.instant())) {
        var _ = start(clock.instant());
      }
    } finally {
      lock.unlock();
    }
  }

  IssuerHealth health() {
    var current = current();
    lock.lock();
    try {
      return new IssuerHealth(
          issuer,
          current != null,
          current == null ? 0 : current.keys().size(),
          current == null ? null : current.at(),
          refused,
          failed);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable VerifyingKey key(String kid) {
    var current = current();
    return current == null ? null : current.keys().get(kid);
  }

  /** What is held, unless it is nothing or too old to be believed. */
  private @Nullable Held current() {
    var all = held;
    return all == null
            || all.keys().isEmpty()
            || Duration.between(all.at(), clock.instant()).compareTo(limits.maxStale()) > 0
        ? null
        : all;
  }

  /** The fetch to wait for, or null if this kid gives no reason for one. */
  private @Nullable Asked ask(String kid) {
    var now = clock.instant();
    lock.lock();
    try {
      if (inFlight != null) {
        return new Asked(inFlight, false);
      }
      if (absent.has(kid, now) || !Limits.elapsed(lastStart, limits.spacing(), now)) {
        return null;
      }
      return new Asked(start(now), true);
    } finally {
      lock.unlock();
    }
  }

  /** Without the key: it does not exist if the issuer could be asked lately, else nobody knows. */
  private Found settle(String kid, boolean inVain) {
    var usable = current() != null;
    lock.lock();
    try {
      if (!usable || failuresInARow > 0) {
        return new Found.Unavailable();
      }
      if (inVain) {
        absent.add(kid, clock.instant());
      }
      return new Found.Unknown();
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue(Instant now) {
    var all = held;
    if (all == null || all.keys().isEmpty() || failuresInARow > 0) {
      var doubled = limits.spacing().multipliedBy(1L << Math.clamp(failuresInARow - 1L, 0, 6));
      return Limits.elapsed(
          lastStart, doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled, now);
    }
    return Limits.elapsed(lastStart, limits.refreshEvery(), now);
  }

  /** Under the lock. The fetch has a thread of its own, so a caller that leaves does not end it. */
  private CompletableFuture<Void> start(Instant now) {
    var fetch = new CompletableFuture<Void>();
    // First the thread: a fetch that nobody runs would be waited for by all to come.
    Thread.ofVirtual().name("issuer-keys-" + issuer).start(() -> run(fetch, now));
    inFlight = fetch;
    lastStart = now;
    return fetch;
  }

  private void run(CompletableFuture<Void> fetch, Instant startedAt) {
    Fetched outcome = new Fetched.Unreachable("the fetch broke off");
    try {
      outcome = site.get();
    } finally {
      take(outcome, startedAt);
      fetch.complete(null);
    }
  }

  private void take(Fetched outcome, Instant startedAt) {
    lock.lock();
    try {
      inFlight = null;
      switch (outcome) {
        case Fetched.Keys keys -> {
          failuresInARow = 0;
          held = new Held(keys.byKid(), startedAt);
        }
        case Fetched.Refused _ -> {
          failuresInARow++;
          refused++;
        }
        case Fetched.Unreachable _ -> {
          failuresInARow++;
          failed++;
        }
      }
    } finally {
      lock.unlock();
    }
    tell(outcome);
  }

  private void tell(Fetched outcome) {
    switch (outcome) {
      case Fetched.Refused(var reason) ->
          LOG.atError()
              .addKeyValue("issuer", issuer)
              .addKeyValue("reason", reason)
              .log("issuer.keys.refused");
      case Fetched.Unreachable(var reason) ->
          LOG.atWarn()
              .addKeyValue("issuer", issuer)
              .addKeyValue("reason", reason)
              .log("issuer.keys.unreachable");
      case Fetched.Keys(var keys, var skipped) -> {
        var quiet = skipped.isEmpty() ? LOG.atDebug() : LOG.atInfo();
        (keys.isEmpty() ? LOG.atError() : quiet)
            .addKeyValue("issuer", issuer)
            .addKeyValue("keys", keys.size())
            .addKeyValue("skipped", skipped)
            .log(keys.isEmpty() ? "issuer.keys.none" : "issuer.keys.fetched");
      }
    }
  }

  private boolean await(CompletableFuture<Void> fetch) {
    if (!waiting.tryAcquire()) {
      return false;
    }
    try {
      fetch.get(limits.deadline().plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } finally {
      waiting.release();
    }
  }

  /** What became of a kid. */
  sealed interface Found {

    /** The issuer publishes it. */
    record Key(VerifyingKey key) implements Found {}

    /** The issuer does not publish it. */
    record Unknown() implements Found {}

    /** Whether the issuer publishes it cannot be known now. */
    record Unavailable() implements Found {}
  }

  private record Asked(CompletableFuture<Void> fetch, boolean begun) {}

  private record Held(Map<String, VerifyingKey> keys, Instant at) {}
}
