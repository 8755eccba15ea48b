package io.daypass.cloud;

import static io.daypass.cloud.Grants.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.MintException.Reason;
import io.daypass.policy.SessionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionEndTest {

  private static final Duration FLOOR = Duration.ofMinutes(15);
  private static final Duration CEILING = Duration.ofHours(12);
  private static final Instant SECOND = Instant.parse("2026-11-21T10:00:00Z");

  @Test
  void c7_the_shortest_of_lifetime_remaining_time_and_the_clouds_limit_is_asked_for()
      throws MintException {
    var grant = Grants.standard();
    assertThat(end(grant).asked()).isEqualTo(Duration.ofHours(1));
    assertThat(end(grant.ending(SECOND.plusSeconds(1801))).asked())
        .isEqualTo(Duration.ofMinutes(30));
    assertThat(end(grant.lifetime(Duration.ofDays(2)).ending(SECOND.plusSeconds(90_000))).asked())
        .isEqualTo(CEILING);
  }

  @Test
  void a_grant_shorter_than_the_floor_asks_for_the_floor_and_ends_when_it_ends()
      throws MintException {
    var ends = SECOND.plusSeconds(300);
    var end = end(Grants.standard().ending(ends));
    assertThat(end).isEqualTo(new SessionEnd(ends, FLOOR));
    assertThat(end.earlierThan(SECOND.plusSeconds(900))).isEqualTo(ends);
    assertThat(end.earlierThan(SECOND.plusSeconds(200))).isEqualTo(SECOND.plusSeconds(200));
  }

  @Test
  void a_lifetime_shorter_than_the_floor_ends_the_session_before_the_grant() throws MintException {
    assertThat(end(Grants.standard().lifetime(Duration.ofMinutes(5))))
        .isEqualTo(new SessionEnd(SECOND.plusSeconds(300), FLOOR));
  }

  @Test
  void a_grant_that_is_all_but_over_is_too_short() {
    for (long seconds : new long[] {5, 1, 0, -1, -1_000_000}) {
      assertThatThrownBy(() -> end(Grants.standard().ending(SECOND.plusSeconds(seconds))))
          .isInstanceOfSatisfying(
              MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.GRANT_TOO_SHORT));
    }
  }

  @Test
  void nothing_outlives_its_grant_in_ten_thousand_cases() {
    var random = new Random(11);
    int minted = 0;
    for (int i = 0; i < 10_000; i++) {
      var now = Instant.ofEpochMilli(random.nextLong(4_102_444_800_000L));
      var ends = now.plusSeconds(random.nextLong(-100, 100_000)).plusNanos(random.nextInt());
      var lifetime = Duration.ofSeconds(1 + random.nextLong(100_000));
      try {
        var end = end(Grants.standard().at(now).ending(ends).lifetime(lifetime));
        var given = now.plusSeconds(random.nextLong(43_200));
        assertThat(end.at()).isAfter(now).isBeforeOrEqualTo(ends);
        assertThat(end.earlierThan(given)).isBeforeOrEqualTo(ends).isBeforeOrEqualTo(given);
        assertThat(end.asked()).isBetween(FLOOR, CEILING);
        assertThat(end.asked().compareTo(FLOOR) == 0 || !now.plus(end.asked()).isAfter(ends))
            .isTrue();
        assertThat(lifetime.compareTo(FLOOR) >= 0 || !end.at().isAfter(now.plus(lifetime)))
            .isTrue();
        assertThat(SessionPolicyDocument.until(end.at(), null).json())
            .contains("\"aws:CurrentTime\":\"" + end.at() + "\"");
        minted++;
      } catch (MintException e) {
        assertThat(e.reason()).isEqualTo(Reason.GRANT_TOO_SHORT);
        assertThat(ends.isBefore(now.plusSeconds(6)) || lifetime.toSeconds() < 6).isTrue();
      }
    }
    assertThat(minted).isGreaterThan(9_000);
  }

  @Test
  void the_end_is_an_explicit_deny_behind_an_allow() throws MintException {
    assertThat(SessionPolicyDocument.until(Instant.parse("2026-08-22T14:05:00.9Z"), null).json())
        .isEqualTo(
            "{\"Version\":\"2012-10-17\",\"Statement\":["
                + "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},"
                + "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                + "{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-08-22T14:05:00Z\"}}}]}");
  }

  @Test
  void b9_a_roles_own_session_policy_replaces_the_allow() throws MintException {
    var own = "{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}";
    assertThat(SessionPolicyDocument.until(NOW, new SessionPolicy(own)).json())
        .startsWith("{\"Version\":\"2012-10-17\",\"Statement\":[" + own + ",{\"Effect\":\"Deny\"")
        .doesNotContain("\"Action\":\"*\",\"Resource\":\"*\"},");
  }

  @Test
  void a_policy_of_more_than_2048_characters_is_refused() throws MintException {
    var most = 2048 - SessionPolicyDocument.until(NOW, new SessionPolicy("")).json().length();
    assertThat(SessionPolicyDocument.until(NOW, new SessionPolicy("x".repeat(most))).json())
        .hasSize(2048);
    assertThatThrownBy(
            () -> SessionPolicyDocument.until(NOW, new SessionPolicy("x".repeat(most + 1))))
        .isInstanceOfSatisfying(
            MintException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.SESSION_POLICY_TOO_LARGE));
  }

  @Test
  void f29_a_year_that_iam_cannot_write_is_cut_to_the_last_it_can() throws MintException {
    assertThat(SessionPolicyDocument.until(Instant.MAX, null).json())
        .contains("\"9999-12-31T23:59:59Z\"");
  }

  private static SessionEnd end(Grants grants) throws MintException {
    return SessionEnd.of(grants.recorded(), FLOOR, CEILING);
  }
}
