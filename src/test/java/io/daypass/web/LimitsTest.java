package io.daypass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.identity.Continuations.Continued;
import io.daypass.identity.PollToken;
import io.daypass.identity.PollVerifier;
import io.daypass.identity.TestCallers;
import io.daypass.identity.Verification;
import io.daypass.settings.RateSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LimitsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final Limits limits = new Limits(RateSettings.usual(), nanos::get);
  private int tokens;

  /** Who brings another poll token of {@code request}. */
  private Caller waiting(String request) {
    var run = TestCallers.machine("repo:acme/shop", "jti").identity();
    var continued = new Continued(run, request, "asked", Instant.EPOCH, Instant.EPOCH);
    var token = PollToken.of(ByteBuffer.allocate(32).putInt(++tokens).array());
    return switch (new PollVerifier(_ -> Optional.of(continued), Set.of("github")).verify(token)) {
      case Verification.Verified(var caller) -> caller;
      case Verification other -> throw new AssertionError(other);
    };
  }

  @Test
  void all_poll_tokens_of_one_request_count_as_one() {
    for (var i = 0; i < RateSettings.usual().issuancesPerTokenAndMinute(); i++) {
      assertThat(limits.issuance(waiting("one"))).isEmpty();
    }
    assertThat(limits.issuance(waiting("one"))).isPresent();
    assertThat(limits.withdrawal(waiting("one"))).isPresent();
  }

  /** What becomes of so many tokens at once: nobody knows before all that are looked at are. */
  private List<String> together(int all, int lookedAt, String becomes) throws Exception {
    var looking = new Semaphore(0);
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> each =
          () ->
              limits.attempt(
                  "203.0.113.1",
                  () -> {
                    looking.release();
                    await(go);
                    return becomes;
                  },
                  "refused"::equals,
                  _ -> "not looked at");
      var shown = Stream.generate(() -> threads.submit(each)).limit(all).toList();
      assertThat(looking.tryAcquire(lookedAt, 10, TimeUnit.SECONDS)).isTrue();
      assertThat(looking.tryAcquire(200, TimeUnit.MILLISECONDS)).isFalse();
      go.countDown();
      var became = new ArrayList<String>();
      for (var one : shown) {
        became.add(one.get(10, TimeUnit.SECONDS));
      }
      return became;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refused_tokens_in_parallel_are_no_more_than_in_a_row() throws Exception {
    var most = RateSettings.usual().failuresPerPeerAndSecond();
    var became = together(100, most, "refused");
    assertThat(became).filteredOn("refused"::equals).hasSize(most);
    assertThat(became).filteredOn("not looked at"::equals).hasSize(100 - most);
  }

  @Test
  void good_tokens_in_parallel_are_all_let_in_however_few_may_fail() throws Exception {
    var became = together(100, RateSettings.usual().failuresPerPeerAndSecond(), "let in");
    assertThat(became).hasSize(100).containsOnly("let in");
    assertThat(limits.failure("203.0.113.1")).isEmpty();
  }

  private int reading(Caller caller, int deep) {
    return deep == 0 ? 0 : limits.reading(caller, () -> 1 + reading(caller, deep - 1), _ -> 0);
  }

  @Test
  void so_much_is_read_for_one_caller_at_once_and_others_have_their_own() {
    var alice = TestCallers.human("alice");
    assertThat(reading(alice, 100)).isEqualTo(8);
    assertThat(reading(TestCallers.machine("repo:acme/shop", "jti").make(), 100)).isEqualTo(32);
    var others =
        limits.<Integer>reading(alice, () -> reading(TestCallers.human("bob"), 100), _ -> 0);
    assertThat(others).isEqualTo(8);
    assertThat(reading(alice, 100)).isEqualTo(8);
  }

  private int written(String issuer) {
    var written = 0;
    while (limits.refusal(issuer).isEmpty()) {
      written++;
    }
    return written;
  }

  @Test
  void a_storm_of_refusals_is_written_down_and_a_flood_is_not() {
    assertThat(written("github")).isEqualTo(600);
    assertThat(limits.refusal("kubernetes")).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(3).toNanos());
    assertThat(written("github")).isEqualTo(180);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(written("github")).isEqualTo(600);
  }

  private int read(String auditor) {
    var read = 0;
    while (limits.reading(new CallerId("staff", auditor)).isEmpty()) {
      read++;
    }
    return read;
  }

  @Test
  void an_auditor_exports_a_large_ledger_at_once_and_does_not_write_without_end_by_reading() {
    assertThat(read("erin")).isEqualTo(300);
    assertThat(limits.reading(new CallerId("staff", "carol"))).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(3).toNanos());
    assertThat(read("erin")).isEqualTo(180);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(read("erin")).isEqualTo(300);
  }

  @Test
  void hundreds_of_requests_of_one_subject_are_waited_for_and_taken_back_at_a_time() {
    for (var i = 0; i < 500; i++) {
      assertThat(limits.issuance(waiting("request " + i))).isEmpty();
      assertThat(limits.withdrawal(waiting("request " + i))).isEmpty();
    }
  }
}
