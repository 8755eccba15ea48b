package io.daypass.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.settings.RateSettings;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How often one may come: failures to sign in and looks into the ledger per peer, credentials,
 * decisions and pages of the ledger per subject. Counted in memory, per replica; bounded in size,
 * so that nobody can fill it. There is no way to turn it off.
 *
 * <p>Every method answers, or hands on, how long to wait; empty is "go on".
 */
public final class Limits {

  /** Beyond this many subjects the ones longest unseen are forgotten. */
  private static final int SUBJECTS = 100_000;

  private static final int READS_AT_ONCE_OF_A_PERSON = 8;

  /** All runs of one branch are one subject. */
  private static final int READS_AT_ONCE_OF_A_WORKLOAD = 32;

  /** So many times as often as it may fail, a peer may have looked up what it holds. */
  private static final int LOOKS_PER_FAILURE = 10;

  private static final Duration READINGS_FULL_AGAIN =
      Duration.ofMinutes(RateSettings.READINGS_AT_ONCE);

  /** What names the repository in tokens of GitHub, GitLab and Buildkite: ids, never names. */
  private static final List<String> REPOSITORY =
      List.of("repository_id", "project_id", "pipeline_id");

  private final RateSettings rates;
  private final TimeMeter clock;
  private final Cache<String, Tries> failures = cache();
  private final Cache<String, Bucket> looks = cache();
  private final Cache<CallerId, Bucket> decisions = cache();
  private final Cache<CallerId, Bucket> bySubject = cache();
  private final Cache<String, Bucket> byToken = cache();
  private final Cache<String, Bucket> byRepository = cache();
  private final Cache<String, Bucket> polls = cache();
  private final Cache<CallerId, Bucket> readings = cache(READINGS_FULL_AGAIN);
  private final Shares<CallerId> readers = new Shares<>();

  /** Of the issuers in the settings: few, and never forgotten, for they fill up slowly. */
  private final Map<String, Bucket> refusals = new ConcurrentHashMap<>();

  /**
   * Limits by these rates.
   *
   * @param nanos rises with time, never falls
   */
  public Limits(RateSettings rates, LongSupplier nanos) {
    this.rates = rates;
    this.clock = new Meter(nanos);
  }

  /**
   * What comes of {@code attempt}, by which {@code peer} proves who it is. It counts as a failure
   * from before anything is looked at until it is known to be none. What breaks off is none.
   *
   * @param failed whether that proved nothing
   * @param refused what is told who failed too often, and does not try
   */
  public <T> T attempt(
      String peer, Supplier<T> attempt, Predicate<T> failed, Function<Duration, T> refused) {
    var tries = tries(peer);
    var wait = tries.begin();
    if (wait.isPresent()) {
      return refused.apply(wait.get());
    }
    var counts = false;
    try {
      var came = attempt.get();
      counts = failed.test(came);
      return came;
    } finally {
      tries.end(counts);
    }
  }

  /** What counts as a failure whatever comes of it. */
  public Optional<Duration> failure(String peer) {
    return attempt(peer, Optional::empty, _ -> true, Optional::of);
  }

  /**
   * What {@code work} reads for {@code caller}, who may have so much of it at once: connections
   * that lists wait for are those that credentials wait for.
   */
  public <T> T reading(Caller caller, Supplier<T> work, Function<Duration, T> refused) {
    var most = caller.isHuman() ? READS_AT_ONCE_OF_A_PERSON : READS_AT_ONCE_OF_A_WORKLOAD;
    if (!readers.take(caller.id(), most)) {
      return refused.apply(Duration.ofSeconds(1));
    }
    try {
      return work.get();
    } finally {
      readers.giveBack(caller.id());
    }
  }

  /**
   * A peer wants something that it holds looked up in the ledger, which costs also if it is there.
   */
  public Optional<Duration> look(String peer) {
    var rate = rates.failuresPerPeerAndSecond() * LOOKS_PER_FAILURE;
    return take(looks.get(Peers.household(peer), _ -> bucket(rate, Duration.ofSeconds(1))));
  }

  /** A credential or a console link is asked for. */
  public Optional<Duration> issuance(Caller caller) {
    if (caller.isHuman()) {
      return human(caller.id());
    }
    var token = caller.token();
    return switch (token.use()) {
      // It was counted when it opened its request; hundreds of those may wait at a time.
      case CARRIES_ON -> token(token.countsAs());
      case SESSION -> throw new IllegalStateException("only people have sessions");
      case SINGLE_USE, REUSABLE -> {
        var wait = workload(caller.id(), token.replayKey());
        yield wait.isPresent() ? wait : repository(caller);
      }
    };
  }

  /** A request still waits and its poll token comes again: whether that was too soon. */
  public Optional<Duration> poll(Caller caller, Duration interval) {
    return take(
        polls.get(
            caller.token().replayKey(),
            // Two, so that a client whose clock runs a little fast is not told off.
            _ -> bucket(2, 1, interval)));
  }

  private Optional<Duration> token(String key) {
    return take(byToken.get(key, _ -> perMinute(rates.issuancesPerTokenAndMinute())));
  }

  /** All branches and environments of a repository are subjects of their own, but one client. */
  private Optional<Duration> repository(Caller caller) {
    for (var claim : REPOSITORY) {
      if (caller.identity().claims().get(claim) instanceof String id && !id.isBlank()) {
        var key = caller.id().issuer() + ' ' + claim + ' ' + id;
        return take(byRepository.get(key, _ -> perMinute(rates.issuancesPerRepositoryAndMinute())));
      }
    }
    return Optional.empty();
  }

  Optional<Duration> human(CallerId id) {
    var rate = rates.issuancesPerPersonAndMinute();
    return take(bySubject.get(id, _ -> perMinute(rate)));
  }

  Optional<Duration> workload(CallerId id, String token) {
    var one = token(token);
    return one.isPresent()
        ? one
        : take(bySubject.get(id, _ -> perMinute(rates.issuancesPerWorkloadAndMinute())));
  }

  /** A person makes, decides or ends a request. */
  public Optional<Duration> decision(CallerId id) {
    return take(decisions.get(id, _ -> perMinute(rates.decisionsPerPersonAndMinute())));
  }

  /** Somebody takes a request back. By poll tokens, each run does so for itself. */
  public Optional<Duration> withdrawal(Caller caller) {
    var token = caller.token();
    return switch (token.use()) {
      case CARRIES_ON -> token(token.countsAs());
      case SINGLE_USE, REUSABLE, SESSION -> decision(caller.id());
    };
  }

  /** The refusal of a machine of {@code issuer} that no rule knows is to be written down. */
  public Optional<Duration> refusal(String issuer) {
    var rate = rates.refusalsPerIssuerAndMinute();
    return take(
        refusals.computeIfAbsent(
            issuer, _ -> bucket(rates.refusalsPerIssuerAtOnce(), rate, Duration.ofMinutes(1))));
  }

  /** An auditor reads a page of the ledger, which is written down each time. */
  public Optional<Duration> reading(CallerId id) {
    var rate = rates.readingsPerAuditorAndMinute();
    return take(
        readings.get(
            id, _ -> bucket(RateSettings.READINGS_AT_ONCE * rate, rate, Duration.ofMinutes(1))));
  }

  private Tries tries(String peer) {
    var rate = rates.failuresPerPeerAndSecond();
    return failures.get(
        Peers.household(peer),
        _ -> new Tries(bucket(rate, Duration.ofSeconds(1)), clock::currentTimeNanos));
  }

  private Bucket perMinute(int rate) {
    return bucket(rate, Duration.ofMinutes(1));
  }

  private Bucket bucket(int rate, Duration period) {
    return bucket(rate, rate, period);
  }

  private Bucket bucket(int capacity, int rate, Duration period) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(capacity).refillGreedy(rate, period))
        .withCustomTimePrecision(clock)
        .build();
  }

  private static Optional<Duration> take(Bucket bucket) {
    var probe = bucket.tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  private static <K, V> Cache<K, V> cache() {
    return cache(Duration.ofMinutes(1));
  }

  private static <K, V> Cache<K, V> cache(Duration fullAgain) {
    // Twice as long: a bucket that is forgotten then was full again anyway.
    return Caffeine.newBuilder()
        .maximumSize(SUBJECTS)
        .expireAfterAccess(fullAgain.multipliedBy(2))
        .build();
  }

  private record Meter(LongSupplier nanos) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanos.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
