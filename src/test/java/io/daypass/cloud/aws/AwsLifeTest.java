package io.daypass.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Grants;
import io.daypass.cloud.LifeCases;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random grants: no session does anything after its own, whatever STS's shortest life is. */
class AwsLifeTest {

  private static final long SEED = 20_261_122;
  private static final Pattern END = Pattern.compile("\"aws:CurrentTime\":\"([^\"]+)\"");

  @Test
  void p2_no_session_outlives_its_grant() {
    try (var bench = new Bench()) {
      var minted =
          LifeCases.of(SEED, Grants.standard()).filter(grant -> holds(bench, grant)).count();
      assertThat(minted).isGreaterThan(LifeCases.EACH / 3);
    }
  }

  private static boolean holds(Bench bench, Grants grant) {
    bench.sts.now = grant.recordedAt();
    bench.sts.seen.clear();
    try {
      var session = bench.cloud.mint(grant.recorded());
      var sent = bench.sts.seen.getLast().parameters();
      var end = END.matcher(sent.getOrDefault("Policy", ""));
      assertThat(end.find()).as(grant.toString()).isTrue();
      assertThat(Instant.parse(end.group(1)))
          .as(grant.toString())
          .isBeforeOrEqualTo(grant.endsAt())
          .isAfterOrEqualTo(session.expiresAt());
      assertThat(session.expiresAt()).as(grant.toString()).isBeforeOrEqualTo(grant.endsAt());
      if (grant.lifetime().compareTo(Duration.ofMinutes(15)) < 0) {
        // Shorter than STS's shortest: the policy's end is the role's.
        assertThat(session.expiresAt())
            .as(grant.toString())
            .isBeforeOrEqualTo(grant.recordedAt().plus(grant.lifetime()));
      }
      return true;
    } catch (MintException e) {
      assertThat(e.reason()).as(grant.toString()).isEqualTo(Reason.GRANT_TOO_SHORT);
      assertThat(bench.sts.seen).isEmpty();
      return false;
    }
  }
}
