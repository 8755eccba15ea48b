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
import java.util.function.LongSupplier;

/**
 * How often one may come: failures to sign in and looks into the ledger per peer, credentials,
 * decisions and pages of the ledger per subject. Counted in memory, per replica; bounded in size,
 * so that nobody can fill it. There is no way to turn it off.
 *
 * <p>Every method answers how long to wait, or empty for "go on".
 */
public final class Limits {

  /** Beyond this many subjects the ones longest unseen are forgotten. */
  private static final int SUBJECTS = 100_000;

  /** So many times as often as it may fail, a peer may have looked up what it holds. */
  private static final int LOOKS_PER_FAILURE = 10;

  private static final Duration READINGS_FULL_AGAIN =
      Duration.ofMinutes(RateSettings.READINGS_AT_ONCE);

  /** What names the repository in tokens of GitHub, GitLab and Buildkite: ids, never names. */
  private static final List<String> REPOSITORY =
      List.of("repository_id", "project_id", "pipeline_id");

  private final RateSettings rates;
  private final TimeMeter clock;
  private final Cache<String, Bucket> failures = cache();
  private final Cache<String, Bucket> looks = cache();
  private final Cache<CallerId, Bucket> decisions = cache();
  private final Cache<CallerId, Bucket> bySubject = cache();
  private final Cache<String, Bucket> byToken = cache();
  private final Cache<String, Bucket> byRepository = cache();
  private final Cache<String, Bucket> polls = cache();
  private final Cache<CallerId, Bucket> readings = cache(READINGS_FULL_AGAIN);

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

  /** Asked before a token is looked at: nothing is consumed. */
  public Optional<Duration> mayTry(String peer) {
    return probe(failed(peer));
  }

  /** A peer failed to prove who it is. */
  public void failedBy(String peer) {
    failed(peer).tryConsume(1);
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

  private Bucket failed(String peer) {
    var rate = rates.failuresPerPeerAndSecond();
    return failures.get(Peers.household(peer), _ -> bucket(rate, Duration.ofSeconds(1)));
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

  private static Optional<Duration> probe(Bucket bucket) {
    var probe = bucket.estimateAbilityToConsume(1);
    return probe.canBeConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  private static Optional<Duration> take(Bucket bucket) {
    var probe = bucket.tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  private static <K> Cache<K, Bucket> cache() {
    return cache(Duration.ofMinutes(1));
  }

  private static <K> Cache<K, Bucket> cache(Duration fullAgain) {
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
