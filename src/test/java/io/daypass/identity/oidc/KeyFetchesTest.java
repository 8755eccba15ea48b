package io.daypass.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.TokenProof.Proof;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often an issuer is asked for its keys, and who waits for its answer. */
@NullUnmarked // hands in nulls on purpose
@Timeout(120)
class KeyFetchesTest extends IssuerKeysFixture {

  @Test
  void a9_a_flood_of_unknown_kids_makes_one_fetch_in_each_pause() throws Exception {
    assertSigned(first);
    flood(300);
    assertThat(issuer.fetches()).as("the pause after the first fetch holds").isEqualTo(1);
    clock.move(Limits.STANDARD.spacing());
    flood(300);
    assertThat(issuer.fetches()).isEqualTo(2);
    assertSigned(first);
  }

  @Test
  void a9_a_kid_that_was_asked_for_in_vain_does_not_ask_again_at_once() {
    assertSigned(first);
    clock.move(Limits.STANDARD.spacing());
    assertThat(prove(second)).isEqualTo(KEY_UNKNOWN);
    assertThat(issuer.fetches()).isEqualTo(2);
    clock.move(Limits.STANDARD.spacing());
    assertThat(prove(second)).isEqualTo(KEY_UNKNOWN);
    assertThat(issuer.fetches()).isEqualTo(2);
    clock.move(Limits.STANDARD.spacing().multipliedBy(6));
    issuer.publish(first, second);
    assertSigned(second);
  }

  @Test
  void a9_known_keys_verify_while_a_fetch_hangs_and_callers_share_it() throws Exception {
    assertSigned(first);
    var asked = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    issuer.answerKeys(exchange -> {
      asked.countDown();
      wait(release);
      TestIssuer.json(jwks(first, second)).handle(exchange);
    });
    clock.move(Limits.STANDARD.spacing());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = new ArrayList<Future<Proof>>();
      for (var i = 0; i < 20; i++) {
        waiting.add(callers.submit(() -> prove(second)));
      }
      asked.await();
      assertSigned(first);
      release.countDown();
      for (var one : waiting) {
        assertThat(one.get()).isInstanceOf(Proof.Signed.class);
      }
    }
    assertThat(issuer.fetches()).isEqualTo(2);
  }

  @Test
  void a9_no_more_than_256_callers_wait_for_one_fetch() throws Exception {
    var release = new CountDownLatch(1);
    issuer.answerKeys(exchange -> {
      wait(release);
      TestIssuer.json(jwks(first)).handle(exchange);
    });
    var early = Collections.synchronizedList(new ArrayList<Proof>());
    var turnedAway = new CountDownLatch(44);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 300; i++) {
        var _ =
            callers.submit(() -> {
              early.add(prove(first));
              turnedAway.countDown();
            });
      }
      turnedAway.await();
      assertThat(early).hasSize(44).containsOnly(UNAVAILABLE);
      release.countDown();
    }
    assertThat(early).hasSize(300);
    assertThat(early.stream().filter(Proof.Signed.class::isInstance)).hasSize(256);
  }

  @Test
  void f26_a_token_that_came_too_late_for_a_fetch_is_not_held_against_its_key() throws Exception {
    assertSigned(first);
    var asked = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var before = jwks(first);
    issuer.answerKeys(exchange -> {
      asked.countDown();
      wait(release);
      TestIssuer.json(before).handle(exchange);
    });
    clock.move(Limits.STANDARD.spacing());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var beginner = callers.submit(() -> prove(SigningKey.es256("none")));
      asked.await();
      var joiner = new ArrayList<Proof>();
      var joined = Thread.ofVirtual().start(() -> joiner.add(prove(second)));
      release.countDown();
      joined.join();
      assertThat(beginner.get()).isEqualTo(KEY_UNKNOWN);
      assertThat(joiner).containsExactly(KEY_UNKNOWN);
    }
    issuer.publish(first, second);
    clock.move(Limits.STANDARD.spacing());
    assertSigned(second);
  }

  @Test
  void a_caller_that_is_interrupted_gets_an_outage_and_ends_no_fetch() throws Exception {
    var release = new CountDownLatch(1);
    issuer.answerKeys(exchange -> {
      wait(release);
      TestIssuer.json(jwks(first)).handle(exchange);
    });
    var result = new ArrayList<Proof>();
    var caller =
        Thread.ofVirtual()
            .start(() -> {
              Thread.currentThread().interrupt();
              result.add(prove(first));
            });
    caller.join();
    assertThat(result).containsExactly(UNAVAILABLE);
    release.countDown();
    assertSigned(first);
    assertThat(issuer.fetches()).isEqualTo(1);
  }

  private void flood(int tokens) throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < tokens; i++) {
        var key = first.named("flood-" + i);
        var _ = callers.submit(() -> prove(key));
      }
    }
  }
}
