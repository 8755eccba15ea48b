package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.CallerId;
import io.daypass.settings.RateSettings;
import io.daypass.web.Limits;
import io.daypass.web.Metrics;
import io.micrometer.core.instrument.Counter;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UnwrittenRefusalsTest {

  private final Metrics metrics = new Metrics();
  private final UnwrittenRefusals refusals =
      new UnwrittenRefusals(
          new Limits(RateSettings.usual(), () -> 0), metrics, Set.of("github", "gitlab"));

  private void refuse(int times) {
    for (var i = 0; i < times; i++) {
      refusals.oneTooMany(new CallerId("github", "repo:mallory/r" + i), "prod-admin");
    }
  }

  private Map<String, Double> counted() {
    return metrics.registry().find("daypass.refusals.unwritten").counters().stream()
        .collect(
            Collectors.toMap(
                counter -> String.valueOf(counter.getId().getTag("issuer")), Counter::count));
  }

  @Test
  void only_what_the_ledger_does_not_get_is_counted_and_by_issuer_alone() {
    assertThat(counted()).containsOnly(Map.entry("github", 0.0), Map.entry("gitlab", 0.0));
    refuse(600);
    assertThat(counted()).containsOnly(Map.entry("github", 0.0), Map.entry("gitlab", 0.0));
    refuse(7);
    assertThat(counted()).containsOnly(Map.entry("github", 7.0), Map.entry("gitlab", 0.0));
  }
}
