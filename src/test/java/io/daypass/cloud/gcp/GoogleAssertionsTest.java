package io.daypass.cloud.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInProvider;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Google makes of our assertions, whose keys it fetches and whose times it reads. */
class GoogleAssertionsTest {

  private static final String STS = "gcp.sts";

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void f22_an_issuer_that_google_could_not_reach_once_is_no_refusal() throws Exception {
    bench.issuerAway.set(1);
    assertThat(bench.cloud.mint(Bench.grant().recorded())).isNotNull();
    assertThat(bench.calls(STS, "token")).isEqualTo(2);
  }

  @Test
  void f22_an_issuer_that_google_cannot_reach_is_told_as_that_after_three_times() {
    bench.issuerAway.set(1000);
    assertThatExceptionOfType(MintException.class)
        .isThrownBy(() -> bench.cloud.mint(Bench.grant().recorded()))
        .satisfies(e -> {
          assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED);
          var said = Objects.requireNonNull(e.said());
          assertThat(said.code()).isEqualTo("invalid_grant");
          assertThat(said.text())
              .startsWith("Google cannot reach our issuer's keys: 400 invalid_grant: Error");
        });
    assertThat(bench.calls(STS, "token")).isEqualTo(3);
  }

  @Test
  void f22_what_else_the_exchange_does_not_take_is_final_at_once() {
    var other = StandInProvider.of(GcpStandIn.PROVIDER, "https://other.example");
    bench.sandbox.gcp().add(other);
    assertThat(failure()).isEqualTo(Reason.CLOUD_REFUSED);
    assertThat(bench.calls(STS, "token")).isEqualTo(1);
  }

  @Test
  void f28_a_google_whose_clock_is_20_s_behind_takes_what_is_dated_back() throws Exception {
    bench.time.set(Grants.NOW.minusSeconds(20));
    assertThat(bench.cloud.mint(Bench.grant().recorded())).isNotNull();
  }

  @Test
  void f28_a_google_whose_clock_is_60_s_behind_takes_nothing() {
    bench.time.set(Grants.NOW.minusSeconds(60));
    assertThat(failure()).isEqualTo(Reason.CLOUD_REFUSED);
  }

  private Reason failure() {
    try {
      bench.cloud.mint(Bench.grant().recorded());
      throw new AssertionError("minted");
    } catch (MintException e) {
      return e.reason();
    }
  }
}
