package io.daypass.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which keys an issuer is known to have, and from when until when. */
@NullUnmarked // hands in nulls on purpose
@Timeout(120)
class IssuerKeysTest extends IssuerKeysFixture {

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
  void f26_a_token_of_a_new_key_is_accepted_by_one_fetch() {
    assertSigned(first);
    issuer.publish(first, second);
    clock.move(Limits.STANDARD.spacing());
    assertSigned(second);
    assertSigned(first);
    assertThat(issuer.fetches()).isEqualTo(2);
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
}
