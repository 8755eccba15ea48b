package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that are kept: to whom and until when they are handed back. */
class KeptCredentialsTest extends CredentialsFixture {

  @Test
  void nobodyElseIsServedFromIt() {
    take();
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(
            shell.with("DAYPASS_TOKEN", "d.e.f").run("aws", "credentials", "prod-readonly").out())
        .contains("\"TWO\"");
  }

  @Test
  void anotherBrokersCredentialIsNotThisOnes() {
    take();
    try (var other = new FakeBroker()) {
      other.refuses(CALL, 403, "approval_required", "no", "ask");
      assertThat(
              shell
                  .with("DAYPASS_URL", other.url())
                  .run("aws", "credentials", "prod-readonly")
                  .exit())
          .isEqualTo(1);
    }
  }

  @Test
  void beforeSdksWouldAskAgainThereIsAFreshOne() {
    take();
    gives("TWO", Duration.ofHours(2), Duration.ofHours(8));
    assertThat(at(Duration.ofMinutes(43)).out()).contains("\"ONE\"");
    assertThat(at(Duration.ofMinutes(44)).out()).contains("\"TWO\"");
  }

  @Test
  void aShortCredentialIsNotTakenAnewAtEveryCall() {
    gives("SHORT", Duration.ofMinutes(15), Duration.ofHours(8));
    take();
    at(Duration.ofMinutes(7));
    assertThat(broker.heard(CALL)).isOne();
    at(Duration.ofMinutes(8));
    assertThat(broker.heard(CALL)).isEqualTo(2);
  }

  @Test
  void whatEndsWithItsGrantIsHandedBackToTheLastSecond() {
    gives("LAST", Duration.ofMinutes(5), Duration.ofMinutes(5));
    take();
    broker.refuses(CALL, 403, "grant_ended", "the grant has ended", "ask again");
    broker.on(REQUEST, 200, "{\"id\":\"r1\",\"requester\":{},\"state\":\"approved\"}");
    assertThat(at(Duration.ofSeconds(119)).out()).contains("\"LAST\"");
    assertThat(broker.asked).hasSize(1);
    // That the request stands is looked at, now and then; credentials are not asked for.
    assertThat(at(Duration.ofSeconds(298)).out()).contains("\"LAST\"");
    assertThat(at(Duration.ofSeconds(299)).out()).contains("\"LAST\"");
    assertThat(broker.heard(REQUEST)).isOne();
    assertThat(broker.heard(CALL)).isOne();
    var over = at(Duration.ofMinutes(5));
    assertThat(over.out()).isEmpty();
    assertThat(over.err())
        .isEqualTo(
            "daypass: error: prod-readonly: the grant has ended; hint: daypass request"
                + " prod-readonly --for 1h --reason \"...\"\n");
    assertThat(over.exit()).isEqualTo(1);
  }

  @Test
  void whenTheBrokerIsDownWhatIsGoodIsHandedBack() {
    take();
    broker.close();
    var late = at(Duration.ofMinutes(59));
    assertThat(late.out()).contains("\"ONE\"");
    assertThat(late.err()).contains("cannot be reached", "good until 2026-03-02T13:00:00Z");
    assertThat(late.exit()).isZero();
    var over = at(Duration.ofMinutes(60));
    assertThat(over.out()).isEmpty();
    assertThat(over.err().lines()).hasSize(1);
    assertThat(over.err()).contains("the broker at " + broker.url() + " cannot be reached");
  }

  @ParameterizedTest
  @CsvSource({"503,stopped", "429,too_many_requests", "401,token_expired", "502,cloud_failed"})
  void whatIsGoodOutlivesATroubledBroker(int status, String code) {
    take();
    broker.refuses(CALL, status, code, "not now", "wait");
    assertThat(at(Duration.ofMinutes(50)).out()).contains("\"ONE\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void whatIsGoodOutlivesABrokerThatItsProxyCannotReach(int status) {
    take();
    broker.on(CALL, status, "<html>Bad Gateway</html>").on(REQUEST, status, "<html>");
    assertThat(at(Duration.ofMinutes(2)).out()).contains("\"ONE\"");
    var late = at(Duration.ofMinutes(59));
    assertThat(late.out()).contains("\"ONE\"");
    assertThat(late.err()).contains("cannot be reached", "good until 2026-03-02T13:00:00Z");
    var over = at(Duration.ofMinutes(60));
    assertThat(over.out()).isEmpty();
    assertThat(over.err()).contains("a proxy before it answered", "try again in a moment");
    assertThat(over.exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"token_already_used", "grant_too_short", "cannot_wait_here", "not_allowed"})
  void aNoThatTakesNothingAwayLeavesWhatIsGood(String code) {
    take();
    broker.refuses(CALL, 403, code, "no", "ask");
    assertThat(at(Duration.ofMinutes(59)).out()).contains("\"ONE\"");
    assertThat(at(Duration.ofMinutes(60)).exit()).isEqualTo(1);
  }

  @Test
  void whoeverElseForbidsItOnTheWayLeavesWhatIsGood() {
    take();
    broker.on(CALL, 403, "<html>blocked by the proxy, grant_revoked</html>");
    assertThat(at(Duration.ofMinutes(59)).out()).contains("\"ONE\"");
  }

  @Test
  void whoWaitsForPeopleAgainHasNothingLeftOfBefore() {
    take();
    broker.on(CALL, 202, "{\"code\":\"authorization_pending\",\"request_id\":\"r2\"}");
    assertThat(at(Duration.ofMinutes(50)).exit()).isEqualTo(3);
    broker.close();
    assertThat(at(Duration.ofMinutes(50)).out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"revoked", "returned", "ended"})
  void aGrantThatWasEndedElsewhereDoesNotHideANewOne(String state) {
    gives("OLD", Duration.ofHours(1), Duration.ofHours(1));
    take();
    broker.on(REQUEST, 200, "{\"id\":\"r1\",\"state\":\"" + state + "\"}");
    gives("NEW", Duration.ofHours(1), Duration.ofHours(1));
    assertThat(at(Duration.ofSeconds(119)).out()).contains("\"OLD\"");
    assertThat(at(Duration.ofMinutes(2)).out()).contains("\"NEW\"");
  }

  @Test
  void aGrantThatWasEndedElsewhereForGoodIsFoundOut() {
    gives("OLD", Duration.ofHours(1), Duration.ofHours(1));
    take();
    broker.on(REQUEST, 200, "{\"id\":\"r1\",\"state\":\"revoked\"}");
    broker.refuses(CALL, 403, "grant_revoked", "the grant was revoked", "ask");
    assertThat(at(Duration.ofMinutes(2)).exit()).isEqualTo(1);
    assertThat(at(Duration.ofMinutes(2)).out()).isEmpty();
  }

  @Test
  void aBrokerThatIsSlowOrAwayHoldsNobodyUpForLong() {
    gives("LAST", Duration.ofHours(1), Duration.ofHours(1));
    take();
    broker.silent(REQUEST);
    var begun = System.nanoTime();
    var ran = at(Duration.ofMinutes(2));
    assertThat(ran.out()).contains("\"LAST\"");
    assertThat(ran.err()).isEmpty();
    assertThat(at(Duration.ofMinutes(3)).out()).contains("\"LAST\"");
    assertThat(broker.heard(REQUEST)).as("nobody looks again at once").isOne();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    broker.close();
    assertThat(at(Duration.ofMinutes(30)).out()).contains("\"LAST\"");
  }

  @Test
  void ofManyAtOnceOneLooks() throws Exception {
    gives("LAST", Duration.ofHours(1), Duration.ofHours(1));
    take();
    broker.on(REQUEST, 200, "{\"id\":\"r1\",\"state\":\"approved\"}");
    shell.at(() -> NOON.plus(Duration.ofMinutes(2)));
    var calls = new ArrayList<Callable<Shell.Ran>>();
    for (var i = 0; i < 20; i++) {
      calls.add(this::take);
    }
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (var ran : threads.invokeAll(calls)) {
        assertThat(ran.get().out()).contains("\"LAST\"");
      }
    }
    assertThat(broker.heard(REQUEST)).isOne();
    assertThat(broker.heard(CALL)).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "denied_by_policy",
        "approval_required",
        "approval_lost",
        "grant_not_started",
        "grant_ended",
        "grant_revoked",
        "grant_returned",
        "grant_over",
        "request_denied",
        "request_cancelled",
        "request_lapsed"
      })
  void whatWasTakenAwayIsNotHandedBack(String code) {
    take();
    broker.refuses(CALL, 403, code, "no", "ask");
    assertThat(at(Duration.ofMinutes(50)).exit()).isEqualTo(1);
    assertThat(at(Duration.ofMinutes(50)).out()).isEmpty();
    assertThat(broker.heard(CALL)).isEqualTo(3);
  }
}
