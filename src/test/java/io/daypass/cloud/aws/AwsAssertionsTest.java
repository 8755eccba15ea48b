package io.daypass.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What STS makes of our assertions, whose keys it fetches and whose times it reads. */
class AwsAssertionsTest {

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  private static StrictSts.Fault refusing(String words) {
    return StrictSts.answering(400, StrictSts.errorXml("InvalidIdentityToken", words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No OpenIDConnect provider found in your account for https://daypass.example.com",
        "Incorrect token audience",
      })
  void f22_what_an_account_was_not_told_is_final_at_once(String words) {
    bench.sts.next(refusing(words));
    assertThat(failure()).isEqualTo(Reason.CLOUD_REFUSED);
    assertThat(bench.sts.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Couldn't retrieve verification key from your identity provider,  please reference"
            + " AssumeRoleWithWebIdentity documentation for requirements",
        "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
        "whatever else AWS may say",
      })
  void f22_what_may_be_over_the_next_time_is_asked_again(String words) throws Exception {
    bench.sts.next(refusing(words), refusing(words));
    assertThat(bench.cloud.mint(Grants.standard().recorded())).isNotNull();
    assertThat(bench.sts.calls()).hasSize(3);
    bench.sts.next(refusing(words), refusing(words), refusing(words));
    assertThat(failure()).isEqualTo(Reason.CLOUD_REFUSED);
  }

  @Test
  void f28_an_sts_whose_clock_is_20_s_behind_takes_what_is_dated_back() throws Exception {
    bench.sts.now = Grants.NOW.minusSeconds(20);
    assertThat(bench.cloud.mint(Grants.standard().recorded())).isNotNull();
  }

  @Test
  void f28_an_sts_whose_clock_is_60_s_behind_takes_nothing() {
    bench.sts.now = Grants.NOW.minusSeconds(60);
    assertThat(failure()).isEqualTo(Reason.CLOUD_REFUSED);
  }

  private Reason failure() {
    try {
      bench.cloud.mint(Grants.standard().recorded());
      throw new AssertionError("minted");
    } catch (MintException e) {
      return e.reason();
    }
  }
}
