package io.daypass.app;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Turn;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import io.daypass.web.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A cloud that is measured: how its mints ended and how long they took, and how much of it nothing
 * is sent to at the moment.
 */
record MeasuredCloud(String name, Cloud cloud, MeterRegistry registry) implements Cloud {

  static MeasuredCloud of(String name, Cloud cloud, Metrics metrics) {
    var registry = metrics.registry();
    Gauge.builder("daypass.cloud.held.back", cloud, Cloud::heldBack)
        .description("Accounts to which nothing is sent at the moment, because calls failed")
        .tag("cloud", name)
        .strongReference(true)
        .register(registry);
    return new MeasuredCloud(name, cloud, registry);
  }

  @Override
  public boolean serves(Target target) {
    return cloud.serves(target);
  }

  @Override
  public Optional<Turn> turn(Target target) {
    return cloud.turn(target);
  }

  @Override
  public int heldBack() {
    return cloud.heldBack();
  }

  @Override
  public Credential mint(RecordedGrant grant) throws MintException {
    var begun = System.nanoTime();
    var outcome = "fault";
    try {
      var credential = cloud.mint(grant);
      outcome = "minted";
      return credential;
    } catch (MintException refused) {
      outcome = refused.reason().code();
      throw refused;
    } finally {
      Timer.builder("daypass.cloud.mints")
          .description("Credentials asked of a cloud, by how that ended")
          .tag("cloud", name)
          .tag("outcome", outcome)
          .register(registry)
          .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    }
  }
}
