package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** From when until when a token is good. */
@NullUnmarked // hands in nulls on purpose
class TokenTimesTest extends ClaimsFixture {

  @Test
  void a15_the_times_are_required() {
    for (var claim : List.of("exp", "iat", "sub", "aud")) {
      assertThat(refusal(without(claim))).as(claim).isEqualTo(Rejection.CLAIM_MISSING);
    }
  }

  @Test
  void a15_a_token_that_lives_longer_than_its_issuers_may_is_refused() {
    var hour = Duration.ofHours(1).toSeconds();
    caller(with("exp", NOW.getEpochSecond() + hour));
    assertThat(refusal(with("exp", NOW.getEpochSecond() + hour + 1)))
        .isEqualTo(Rejection.TOKEN_LIFE_TOO_LONG);
  }

  @Test
  void a15_the_leeway_is_30_seconds_and_not_one_more() {
    now = NOW.plusSeconds(300 + 29);
    caller(good());
    now = NOW.plusSeconds(300 + 30);
    assertThat(refusal(good())).isEqualTo(Rejection.TOKEN_EXPIRED);
    now = NOW.minusSeconds(30);
    caller(good());
    now = NOW.minusSeconds(31);
    assertThat(refusal(good())).isEqualTo(Rejection.TOKEN_NOT_YET_VALID);
    now = NOW;
    caller(with("nbf", NOW.plusSeconds(30).getEpochSecond()));
    assertThat(refusal(with("nbf", NOW.plusSeconds(31).getEpochSecond())))
        .isEqualTo(Rejection.TOKEN_NOT_YET_VALID);
  }

  @Test
  void a15_a_token_that_expires_before_it_was_issued_is_refused() {
    var claims = with("iat", NOW.plusSeconds(20).getEpochSecond());
    claims.put("exp", NOW.plusSeconds(20).getEpochSecond());
    assertThat(refusal(claims)).isEqualTo(Rejection.TOKEN_EXPIRED);
  }

  @Test
  void a15_a_sign_in_in_the_future_is_refused() {
    var signedIn = NOW.minusSeconds(60);
    assertThat(caller(with("auth_time", signedIn.getEpochSecond())).token().signedInAt())
        .isEqualTo(signedIn);
    assertThat(refusal(with("auth_time", NOW.plusSeconds(31).getEpochSecond())))
        .isEqualTo(Rejection.TOKEN_NOT_YET_VALID);
  }

  @Test
  void f28_a_clock_ten_minutes_off_refuses_and_breaks_nothing() {
    now = NOW.plus(Duration.ofMinutes(10));
    assertThat(refusal(good())).isEqualTo(Rejection.TOKEN_EXPIRED);
    now = NOW.minus(Duration.ofMinutes(10));
    assertThat(refusal(good())).isEqualTo(Rejection.TOKEN_NOT_YET_VALID);
  }

  @Test
  void f29_times_at_the_end_of_the_calendar_do_not_overflow() {
    for (var time : List.of(Long.MAX_VALUE, Long.MIN_VALUE, 253_402_300_800L, -1L)) {
      assertThat(refusal(with("exp", time))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
      assertThat(refusal(with("iat", time))).isEqualTo(Rejection.CLAIM_WRONG_TYPE);
    }
    assertThat(refusal(with("exp", 253_402_300_799L))).isEqualTo(Rejection.TOKEN_LIFE_TOO_LONG);
    now = Instant.parse("2038-01-19T03:14:08Z");
    var claims = with("iat", now.getEpochSecond());
    claims.put("exp", now.getEpochSecond() + 60);
    caller(claims);
  }
}
