package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.TokenProof.Proof;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An issuer that is away, or does not come to an end. */
@NullUnmarked // hands in nulls on purpose
@Timeout(120)
class IssuerOutagesTest extends IssuerKeysFixture {

  private static final Limits HURRIED =
      new Limits(
          Duration.ofMillis(300),
          Limits.STANDARD.spacing(),
          Limits.STANDARD.refreshEvery(),
          Limits.STANDARD.maxStale());

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
}
