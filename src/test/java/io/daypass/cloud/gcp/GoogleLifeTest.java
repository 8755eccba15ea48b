package io.daypass.cloud.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Grants;
import io.daypass.cloud.LifeCases;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Random grants: no token of Google's outlives its own, not even at Google. */
class GoogleLifeTest {

  private static final long SEED = 20_261_122;

  @Test
  void p2_no_token_outlives_its_grant() {
    try (var bench = new Bench()) {
      var refused = new EnumMap<Reason, Integer>(Reason.class);
      var minted = LifeCases.of(SEED, Bench.grant()).filter(g -> holds(bench, g, refused)).count();
      assertThat(minted).isGreaterThan(LifeCases.EACH / 4);
      // Too short to be of use, or longer than the project lets this account's tokens live.
      assertThat(refused.keySet()).isSubsetOf(Reason.GRANT_TOO_SHORT, Reason.CLOUD_REFUSED);
    }
  }

  private static boolean holds(Bench bench, Grants grant, Map<Reason, Integer> refused) {
    bench.time.set(grant.recordedAt());
    try {
      var token = bench.cloud.mint(grant.recorded());
      assertThat(token.expiresAt())
          .as(grant.toString())
          .isBeforeOrEqualTo(grant.endsAt())
          // Google counts from when it reads the call.
          .isBeforeOrEqualTo(bench.time.instant().plus(grant.lifetime()));
      return true;
    } catch (MintException e) {
      if (e.reason() == Reason.CLOUD_REFUSED) {
        assertThat(grant.lifetime()).as(grant.toString()).isGreaterThan(Duration.ofHours(1));
      }
      refused.merge(e.reason(), 1, Integer::sum);
      return false;
    }
  }
}
