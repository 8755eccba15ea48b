package io.daypass.app;

import io.daypass.identity.CallerId;
import io.daypass.ledger.Strangers;
import io.daypass.web.Limits;
import io.daypass.web.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs the refusals of strangers that are one too many for the ledger. */
final class UnwrittenRefusals implements Strangers {

  private static final Logger LOG = LoggerFactory.getLogger(UnwrittenRefusals.class);

  private final Limits limits;
  private final MeterProvider<Counter> unwritten;

  /** Those of machines that {@code issuers} vouch for; each is counted from 0 on. */
  UnwrittenRefusals(Limits limits, Metrics metrics, Set<String> issuers) {
    this.limits = limits;
    this.unwritten =
        Counter.builder("daypass.refusals.unwritten")
            .description("Refusals of machines that no rule knows, beyond what is written down")
            .withRegistry(metrics.registry());
    issuers.forEach(issuer -> unwritten.withTag("issuer", issuer));
  }

  @Override
  public Optional<Duration> oneTooMany(CallerId stranger, @Nullable String role) {
    var wait = limits.refusal(stranger.issuer());
    if (wait.isPresent()) {
      unwritten.withTag("issuer", stranger.issuer()).increment();
      LOG.atWarn()
          .addKeyValue("issuer", stranger.issuer())
          .addKeyValue("subject", stranger.subject())
          .addKeyValue("role", role == null ? "" : role)
          .log("ledger.refusal_unwritten");
    }
    return wait;
  }
}
