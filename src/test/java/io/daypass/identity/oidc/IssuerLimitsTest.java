package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The times and sizes of issuers' keys that docs/security.md tells of are those in force. */
@Timeout(120)
class IssuerLimitsTest {

  private static final Proof UNAVAILABLE = new Proof.KeysUnavailable("staff");

  private final SigningKey key = SigningKey.es256("first");
  private final SigningKey stranger = SigningKey.es256("stranger");
  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = new TestIssuer(key);
  private final OidcProof proof = OidcProof.idle(List.of(issuer.trusted()), null, clock, PATIENT);

  @AfterEach
  void stop() {
    proof.close();
    issuer.close();
  }

  private Proof prove(SigningKey by) {
    return proof.prove(by.token(new LinkedHashMap<>(issuer.claims())));
  }

  private void proved() {
    assertThat(prove(key)).isInstanceOf(Proof.Signed.class);
  }

  /** Whoever names a key that is not known waits for the fetch that is under way, if one is. */
  private int fetchesWhenLookedAfter() {
    proof.refresh();
    var _ = prove(stranger);
    return issuer.fetches();
  }

  @Test
  void a8_keys_are_fetched_anew_after_5_minutes_and_no_sooner() {
    proved();
    clock.move(Duration.ofSeconds(4));
    assertThat(prove(stranger)).isEqualTo(new Proof.Unsigned(Rejection.KEY_UNKNOWN));
    clock.move(Duration.ofMinutes(5).minusSeconds(5));
    proof.refresh();
    proved();
    assertThat(issuer.fetches()).isEqualTo(1);
    clock.move(Duration.ofSeconds(1));
    assertThat(fetchesWhenLookedAfter()).isEqualTo(2);
  }

  @Test
  void a9_between_two_fetches_there_are_5_seconds_whatever_keys_are_named() {
    proved();
    clock.move(Duration.ofSeconds(5).minusMillis(1));
    var _ = prove(stranger);
    assertThat(issuer.fetches()).isEqualTo(1);
    clock.move(Duration.ofMillis(1));
    var _ = prove(stranger);
    assertThat(issuer.fetches()).isEqualTo(2);
  }

  @Test
  void f25_the_last_good_keys_serve_for_24_hours_and_no_longer() {
    proved();
    issuer.goDown();
    clock.move(Duration.ofHours(24));
    proved();
    clock.move(Duration.ofMillis(1));
    assertThat(prove(key)).isEqualTo(UNAVAILABLE);
  }

  @Test
  void a12_a_document_of_100_kib_is_read_and_one_byte_more_is_not() {
    var keys = JSONObjectUtils.toJSONString(Map.of("keys", List.of(key.jwk())));
    var room = 100 * 1024 - keys.length();
    issuer.answerKeys(TestIssuer.json(keys + " ".repeat(room + 1)));
    assertThat(prove(key)).isEqualTo(UNAVAILABLE);
    issuer.answerKeys(TestIssuer.json(keys + " ".repeat(room)));
    clock.move(Duration.ofSeconds(5));
    proved();
  }

  @Test
  void a12_an_issuer_has_64_keys_at_most() {
    issuer.publish(IntStream.range(0, 65).mapToObj(i -> key.named("k" + i).jwk()).toList());
    assertThat(prove(key.named("k0"))).isEqualTo(UNAVAILABLE);
    issuer.publish(IntStream.range(0, 64).mapToObj(i -> key.named("k" + i).jwk()).toList());
    clock.move(Duration.ofSeconds(5));
    assertThat(prove(key.named("k63"))).isInstanceOf(Proof.Signed.class);
  }

  // How long a fetch really takes nobody can say on a busy machine: here the deadline is compared.
  @Test
  void a12_what_is_told_of_them_is_what_is_in_force() throws IOException {
    assertThat(Limits.STANDARD)
        .isEqualTo(
            new Limits(
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                Duration.ofHours(24)));
    assertThat(Files.readString(Path.of("docs/security.md")))
        .contains(
            "are fetched anew every 5 minutes, and at once when a token names a key that is not"
                + " known, with 5 s between two fetches",
            "The last good ones serve for 24 hours",
            "A fetch has 3 s",
            "100 KiB",
            "64 keys");
  }
}
