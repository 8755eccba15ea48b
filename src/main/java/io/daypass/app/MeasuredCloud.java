package io.daypass.app;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Turn;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import io.daypass.web.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A cloud that is measured: how its mints ended and how long they took, and how much of it nothing
 * is sent to at the moment.
 */
final class MeasuredCloud implements Cloud {

  private static final String OUTCOME = "outcome";
  private static final String CAME = "came";
  private static final String TURNED_AWAY = "turned_away";
  private static final String MINTED = "minted";
  private static final String FAULT = "fault";

  private final Cloud cloud;
  private final MeterProvider<Timer> turns;
  private final MeterProvider<Timer> mints;

  private MeasuredCloud(String name, Cloud cloud, MeterRegistry registry) {
    this.cloud = cloud;
    this.turns =
        Timer.builder("daypass.cloud.turns")
            .description("Waits for a turn at a cloud, before anything is recorded")
            .tag("cloud", name)
            .withRegistry(registry);
    this.mints =
        Timer.builder("daypass.cloud.mints")
            .description("Credentials asked of a cloud, by how that ended")
            .tag("cloud", name)
            .withRegistry(registry);
    // From the start: what first appears with 1 has not risen, for whoever watches.
    Stream.of(CAME, TURNED_AWAY).forEach(outcome -> turns.withTag(OUTCOME, outcome));
    Stream.of(MINTED, FAULT).forEach(outcome -> mints.withTag(OUTCOME, outcome));
    Stream.of(MintException.Reason.values())
        .forEach(reason -> mints.withTag(OUTCOME, reason.code()));
  }

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
    var begun = System.nanoTime();
    var turn = cloud.turn(target);
    turns
        .withTag(OUTCOME, turn.isPresent() ? CAME : TURNED_AWAY)
        .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    return turn.map(MeasuredTurn::new);
  }

  @Override
  public int heldBack() {
    return cloud.heldBack();
  }

  private final class MeasuredTurn implements Turn {

    private final Turn turn;

    MeasuredTurn(Turn turn) {
      this.turn = turn;
    }

    @Override
    public Duration waited() {
      return turn.waited();
    }

    @Override
    public Credential mint(RecordedGrant grant) throws MintException {
      var begun = System.nanoTime();
      var outcome = FAULT;
      try {
        var credential = turn.mint(grant);
        outcome = MINTED;
        return credential;
      } catch (MintException refused) {
        outcome = refused.reason().code();
        throw refused;
      } finally {
        mints.withTag(OUTCOME, outcome).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
      }
    }

    @Override
    public void close() {
      turn.close();
    }
  }
}
