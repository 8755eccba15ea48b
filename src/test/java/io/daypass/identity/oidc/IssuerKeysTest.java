package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpHandler;
import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof.Proof;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullUnmarked // hands in nulls on purpose
@Timeout(120)
class IssuerKeysTest {

  private static final Proof UNAVAILABLE = new Proof.KeysUnavailable("staff");
  private static final Proof KEY_UNKNOWN = new Proof.Unsigned(Rejection.KEY_UNKNOWN);
  private static final Limits HURRIED =
      new Limits(
          Duration.ofMillis(300),
          Limits.STANDARD.spacing(),
          Limits.STANDARD.refreshEvery(),
          Limits.STANDARD.maxStale());

  private final SigningKey first = SigningKey.es256("first");
  private final SigningKey second = SigningKey.es256("second");
  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = new TestIssuer(first);
  private OidcProof proof = proof(PATIENT);

  @AfterEach
  void stop() {
    proof.close();
    issuer.close();
  }

  @Test
  void keys_are_fetched_once_and_then_known() {
    for (var i = 0; i < 10; i++) {
      assertSigned(first);
    }
    assertThat(issuer.discoveries()).isEqualTo(1);
    assertThat(issuer.fetches()).isEqualTo(1);
  }

  @Test
  void a8_a_withdrawn_key_is_refused_after_the_next_refresh() {
    assertSigned(first);
    issuer.publish(second);
    assertSigned(first);
    clock.move(Limits.STANDARD.refreshEvery());
    proof.refresh();
    assertThat(prove(SigningKey.es256("none"))).isEqualTo(KEY_UNKNOWN);
    assertThat(prove(first)).isEqualTo(KEY_UNKNOWN);
    assertSigned(second);
  }

  @Test
  void a8_no_refresh_happens_before_it_is_due() {
    assertSigned(first);
    clock.move(Limits.STANDARD.refreshEvery().minusSeconds(1));
    proof.refresh();
    assertThat(issuer.fetches()).isEqualTo(1);
  }

  @Test
  void a8_an_issuer_that_withdraws_all_its_keys_has_none() {
    assertSigned(first);
    issuer.publish();
    try (var alarms = new Alarms()) {
      clock.move(Limits.STANDARD.spacing());
      assertThat(prove(second)).isEqualTo(UNAVAILABLE);
      assertThat(prove(first)).isEqualTo(UNAVAILABLE);
      assertThat(alarms.events()).containsExactly("issuer.keys.none");
    }
    assertThat(proof.health().getFirst().usable()).isFalse();
  }

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
  void a11_redirects_are_not_followed() {
    try (var trap = new TestIssuer(first)) {
      for (var redirectKeys : List.of(true, false)) {
        issuer.comeBack(first);
        if (redirectKeys) {
          issuer.answerKeys(TestIssuer.redirect(trap.url() + "/keys"));
        } else {
          issuer.answerDiscovery(TestIssuer.redirect(trap.url() + "/keys"));
        }
        assertRefusedAsPoison();
      }
      assertThat(trap.fetches() + trap.discoveries()).isZero();
    }
  }

  @Test
  void a11_discovery_must_name_the_very_issuer_and_keys_on_its_own_origin() {
    try (var trap = new TestIssuer(first)) {
      var keys = issuer.url() + "/keys";
      for (var document :
          List.of(
              TestIssuer.discoveryDocument(issuer.url() + "/", keys),
              TestIssuer.discoveryDocument(trap.url(), keys),
              TestIssuer.discoveryDocument(issuer.url(), trap.url() + "/keys"),
              TestIssuer.discoveryDocument(issuer.url(), "https" + keys.substring(4)),
              TestIssuer.discoveryDocument(issuer.url(), keys.replace("//", "//user@")),
              TestIssuer.discoveryDocument(issuer.url(), "not a URI"),
              TestIssuer.discoveryDocument(issuer.url(), "file:///etc/passwd"),
              "{\"issuer\":\"" + issuer.url() + "\",\"jwks_uri\":[\"" + keys + "\"]}",
              "{\"issuer\":\"" + issuer.url() + "\"}",
              "<html>")) {
        issuer.answerDiscovery(TestIssuer.json(document));
        assertRefusedAsPoison();
      }
      assertThat(trap.fetches() + trap.discoveries()).isZero();
      assertThat(issuer.fetches()).isZero();
    }
  }

  @Test
  void a11_keys_elsewhere_are_taken_where_they_are_configured() {
    try (var elsewhere = new TestIssuer(first)) {
      proof.close();
      var keys = URI.create(elsewhere.url() + "/keys");
      proof =
          OidcProof.idle(
              List.of(issuer.trusted("staff", keys)),
              AmazonCorrettoCryptoProvider.INSTANCE,
              clock,
              PATIENT);
      assertSigned(first);
      assertThat(issuer.discoveries() + issuer.fetches()).isZero();
    }
  }

  @Test
  void a12_an_answer_that_drips_is_given_up_at_the_deadline() {
    proof.close();
    proof = proof(HURRIED);
    issuer.answerKeys(TestIssuer.drip());
    try (var alarms = new Alarms()) {
      assertThat(prove(first)).isEqualTo(UNAVAILABLE);
      assertThat(alarms.events()).containsExactly("issuer.keys.unreachable");
    }
    issuer.comeBack(first);
    issuer.answerDiscovery(TestIssuer.drip());
    clock.move(Limits.STANDARD.spacing());
    assertThat(prove(first)).isEqualTo(UNAVAILABLE);
    assertThat(proof.health().getFirst().failed()).isEqualTo(2);
  }

  @Test
  void f25_an_outage_is_never_a_refusal_and_keys_serve_until_they_are_too_old() {
    try (var healthy = new TestIssuer(second)) {
      proof.close();
      proof =
          OidcProof.idle(
              List.of(issuer.trusted(), healthy.trusted("other", null)), null, clock, PATIENT);
      assertSigned(first);
      issuer.goDown();
      clock.move(Limits.STANDARD.maxStale());
      assertSigned(first);
      assertThat(prove(second)).isEqualTo(UNAVAILABLE);
      clock.move(Duration.ofSeconds(1));
      assertThat(prove(first)).isEqualTo(UNAVAILABLE);
      assertThat(proof.health().getFirst().usable()).isFalse();
      assertThat(proof.prove(second.token(healthy.claims()))).isInstanceOf(Proof.Signed.class);
      assertThat(proof.health().get(1).usable()).isTrue();
      clock.move(Limits.STANDARD.spacing());
      issuer.comeBack(first);
      assertSigned(first);
    }
  }

  @Test
  void f25_an_issuer_that_is_down_at_the_start_is_asked_again() {
    issuer.goDown();
    proof.refresh();
    assertThat(prove(first)).isEqualTo(UNAVAILABLE);
    var health = proof.health().getFirst();
    assertThat(health.usable()).isFalse();
    assertThat(health.failed()).isEqualTo(1);
    assertThat(health.fetchedAt()).isNull();
    issuer.comeBack(first);
    proof.refresh();
    assertThat(prove(first)).as("the pause holds").isEqualTo(UNAVAILABLE);
    clock.move(Limits.STANDARD.spacing());
    proof.refresh();
    assertSigned(first);
    assertThat(proof.health().getFirst())
        .isEqualTo(new IssuerHealth("staff", true, 1, NOW.plus(Limits.STANDARD.spacing()), 0, 1));
  }

  @Test
  void f25_an_answer_that_is_not_200_is_an_outage() {
    for (var status : List.of(204, 404, 429, 500, 503)) {
      issuer.answerKeys(TestIssuer.status(status, status == 204 ? "" : jwks(first)));
      clock.move(Limits.STANDARD.spacing());
      assertThat(prove(first)).isEqualTo(UNAVAILABLE);
    }
    assertThat(proof.health().getFirst().failed()).isEqualTo(5);
  }

  @Test
  void f26_a_token_of_a_new_key_is_accepted_by_one_fetch() {
    assertSigned(first);
    issuer.publish(first, second);
    clock.move(Limits.STANDARD.spacing());
    assertSigned(second);
    assertSigned(first);
    assertThat(issuer.fetches()).isEqualTo(2);
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
  void a12_single_bad_keys_are_left_out_and_told_of() {
    var secret = new LinkedHashMap<>(second.jwk());
    secret.put("d", "AQAB");
    issuer.publish(List.of(first.jwk(), secret));
    try (var alarms = new Alarms()) {
      assertSigned(first);
      assertThat(alarms.events()).containsExactly("issuer.keys.fetched");
      assertThat(alarms.details().getFirst()).contains("it is a secret key").doesNotContain("AQAB");
    }
    assertThat(prove(second)).isEqualTo(KEY_UNKNOWN);
  }

  @Test
  void f27_a_poisoned_document_keeps_the_old_keys_and_raises_an_alarm() {
    assertSigned(first);
    var refused = 0;
    for (var poison : poisons()) {
      issuer.answerKeys(poison);
      clock.move(Limits.STANDARD.spacing());
      try (var alarms = new Alarms()) {
        assertThat(prove(SigningKey.es256("fresh-" + refused))).isEqualTo(UNAVAILABLE);
        assertThat(alarms.events()).containsExactly("issuer.keys.refused");
        assertThat(alarms.details().getFirst()).contains("issuer=\"staff\"");
      }
      assertThat(proof.health().getFirst().refused()).isEqualTo(++refused);
      assertSigned(first);
    }
    issuer.publish(first, second);
    clock.move(Limits.STANDARD.spacing());
    assertSigned(second);
  }

  @Test
  void f28_a_clock_that_is_set_back_stops_no_fetch_and_no_verification() {
    assertSigned(first);
    clock.move(Duration.ofMinutes(-10));
    assertSigned(first);
    issuer.publish(first, second);
    assertSigned(second);
    clock.move(Duration.ofMinutes(20));
    assertSigned(first);
  }

  @Test
  void a_started_proof_fetches_by_itself_and_stops_when_closed() {
    proof.close();
    proof =
        OidcProof.start(List.of(issuer.trusted()), AmazonCorrettoCryptoProvider.INSTANCE, clock);
    // On a busy machine the first fetch may miss its deadline: then comes another.
    while (prove(first).equals(UNAVAILABLE)) {
      clock.move(Limits.STANDARD.spacing());
    }
    assertSigned(first);
    proof.close();
    assertSigned(first);
    clock.move(Limits.STANDARD.spacing());
    assertThat(prove(second)).isEqualTo(UNAVAILABLE);
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

  private List<HttpHandler> poisons() {
    var many = new ArrayList<Map<String, Object>>();
    for (var i = 0; i < 65; i++) {
      many.add(first.named("k" + i).jwk());
    }
    return List.of(
        TestIssuer.json("<!doctype html><title>Sign in</title>"),
        TestIssuer.json(" ".repeat(10 * 1024 * 1024) + jwks(second)),
        TestIssuer.json("{\"keys\":[" + "{},".repeat(99_999) + "{}]}"),
        TestIssuer.json("{\"keys\":[" + "{},".repeat(64) + "{}]}"),
        TestIssuer.json(JSONObjectUtils.toJSONString(Map.of("keys", many))),
        TestIssuer.endless(),
        TestIssuer.json(""),
        TestIssuer.json("[]"),
        TestIssuer.json("{}"),
        TestIssuer.json("{\"keys\":{}}"),
        TestIssuer.json("{\"keys\":[1]}"),
        TestIssuer.json("{\"keys\":[],\"keys\":[]}"),
        TestIssuer.json("{\"keys\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}"),
        TestIssuer.json(jwks(second.named("twice"), first.named("twice"))));
  }

  /** Refused with an alarm, and an outage for the token. */
  private void assertRefusedAsPoison() {
    try (var alarms = new Alarms()) {
      assertThat(prove(first)).isEqualTo(UNAVAILABLE);
      assertThat(alarms.events()).containsExactly("issuer.keys.refused");
    }
    clock.move(Limits.STANDARD.spacing());
  }

  private void flood(int tokens) throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < tokens; i++) {
        var key = first.named("flood-" + i);
        var _ = callers.submit(() -> prove(key));
      }
    }
  }

  private OidcProof proof(Limits limits) {
    return OidcProof.idle(
        List.of(issuer.trusted()), AmazonCorrettoCryptoProvider.INSTANCE, clock, limits);
  }

  private void assertSigned(SigningKey key) {
    assertThat(prove(key)).isInstanceOf(Proof.Signed.class);
  }

  private Proof prove(SigningKey key) {
    return proof.prove(key.token(new LinkedHashMap<>(issuer.claims())));
  }

  private static String jwks(SigningKey... keys) {
    var entries = List.of(keys).stream().map(SigningKey::jwk).toList();
    return JSONObjectUtils.toJSONString(Map.of("keys", entries));
  }

  private static void wait(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
