package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.CallerId;
import io.daypass.settings.RateSettings;
import io.daypass.web.Limits;
import io.daypass.web.Metrics;
import org.junit.jupiter.api.Test;

class UnwrittenRefusalsTest {

  private final Metrics metrics = new Metrics();
  private final UnwrittenRefusals refusals =
      new UnwrittenRefusals(new Limits(RateSettings.usual(), () -> 0), metrics);

  private void refuse(int times) {
    for (var i = 0; i < times; i++) {
      refusals.oneTooMany(new CallerId("github", "repo:mallory/r" + i), "prod-admin");
    }
  }

  @Test
  void only_what_the_ledger_does_not_get_is_counted_and_by_issuer_alone() {
    refuse(600);
    assertThat(metrics.registry().find("daypass.refusals.unwritten").counters()).isEmpty();
    refuse(7);
    assertThat(metrics.registry().find("daypass.refusals.unwritten").counters())
        .singleElement()
        .satisfies(counter -> {
          assertThat(counter.count()).isEqualTo(7);
          assertThat(counter.getId().getTag("issuer")).isEqualTo("github");
        });
  }
}
