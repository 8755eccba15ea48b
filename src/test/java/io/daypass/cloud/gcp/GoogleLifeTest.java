package io.daypass.cloud.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.GenericJson;
import io.daypass.cloud.Binding;
import io.daypass.cloud.Grants;
import io.daypass.cloud.LifeCases;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
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

  @Test
  void p2_no_line_of_a_policy_outlives_its_grant() throws Exception {
    for (var grant : LifeCases.of(SEED, Bench.grant()).toList()) {
      var line =
          new PolicyLine(
              new Binding(
                  Grants.ISSUANCE,
                  Grants.REQUEST,
                  "gcp-storage",
                  "gcp",
                  Map.of("account", Bench.LOGS, "role", "roles/storage.admin")));
      var policy = new GenericJson();
      assertThat(line.addTo(policy, grant.endsAt())).isTrue();
      assertThat(end(policy))
          .as(grant.toString())
          .isBetween(grant.endsAt().minusSeconds(1), grant.endsAt());
      // One that extends it may lengthen the line, to its own end and no further.
      var extended = grant.endsAt().plus(grant.lifetime());
      line.prolongIn(policy, extended);
      assertThat(end(policy)).as(grant.toString()).isBetween(extended.minusSeconds(1), extended);
      line.prolongIn(policy, grant.endsAt());
      assertThat(end(policy)).as(grant.toString()).isBeforeOrEqualTo(extended);
    }
  }

  private static Instant end(GenericJson policy) {
    var text = String.valueOf(policy.get("bindings"));
    var found = TIMESTAMP.matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return Instant.parse(Objects.requireNonNull(found.group(1)));
  }

  private static final Pattern TIMESTAMP =
      Pattern.compile("request\\.time < timestamp\\(\"([^\"]+)\"\\)");

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
