package io.daypass.app;

import io.daypass.lease.Coalesced;
import io.daypass.notice.Channel;
import io.daypass.notice.Composer;
import io.daypass.notice.Courier;
import io.daypass.notice.NoticeKind;
import io.daypass.notice.Outbox;
import io.daypass.policy.Policies;
import io.daypass.settings.Settings;
import io.daypass.web.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When this replica looks for what is to be told, and what it says of what is not taken. */
final class Telling {

  private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

  /** Longer than a decision that came in time takes to its commit. */
  private static final Duration SETTLE = Duration.ofSeconds(7);

  private static final Duration KEEP = Duration.ofDays(7);
  private static final int MOST_AT_ONCE = 500;

  private final Outbox outbox;
  private final Map<String, Set<NoticeKind>> channels;
  private final List<Courier> couriers;
  private final ThreadFactory threads;
  private final Coalesced spread;
  private volatile @Nullable MeterRegistry registry;
  private volatile List<Outbox.Backlog> backlog = List.of();

  Telling(
      List<Channel> channels,
      Outbox outbox,
      Composer composer,
      ThreadFactory threads,
      RandomGenerator jitter) {
    this.outbox = outbox;
    this.threads = threads;
    this.channels = channels.stream().collect(Collectors.toMap(Channel::name, Channel::of));
    this.couriers =
        channels.stream()
            .map(channel ->
                new Courier(
                    channel, outbox, composer, Courier.Pace.STANDARD, threads, jitter, this::count))
            .toList();
    this.spread = new Coalesced(() -> outbox.spread(this.channels, MOST_AT_ONCE));
  }

  static Telling over(
      Settings settings,
      Stores stores,
      Supplier<Policies> policies,
      ThreadFactory threads,
      RandomGenerator jitter) {
    var made = new Channels(stores.clock(), threads);
    return new Telling(
        settings.notices().stream().map(made::of).toList(),
        stores.outbox(),
        new Composer(stores.requests(), policies, settings.publicUrl(), stores.clock()),
        threads,
        jitter);
  }

  /** Labels are the channels' names and the kinds: of the settings, not of callers. */
  void measuredBy(Metrics metrics) {
    registry = metrics.registry();
    channels.forEach(
        (channel, kinds) -> kinds.forEach(kind -> measured(metrics.registry(), channel, kind)));
    metrics.gauge(
        "daypass.notices.oldest.seconds",
        "How long the oldest notice that is not delivered has waited",
        this::oldest);
  }

  /** All there from the start: what first appears with 1 has not risen, for whoever watches. */
  private void measured(MeterRegistry metrics, String channel, NoticeKind kind) {
    Gauge.builder("daypass.notices.waiting", () -> waiting(channel, kind))
        .description("Notices that wait to be delivered")
        .tag("channel", channel)
        .tag("kind", kind.code())
        .register(metrics);
    for (var outcome : Courier.Outcome.values()) {
      var _ = counter(metrics, channel, kind, outcome);
    }
  }

  private static Counter counter(
      MeterRegistry metrics, String channel, NoticeKind kind, Courier.Outcome outcome) {
    return Counter.builder("daypass.notices")
        .description("Deliveries of notices, by how they ended")
        .tag("channel", channel)
        .tag("kind", kind.code())
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(metrics);
  }

  private long waiting(String channel, NoticeKind kind) {
    return backlog.stream()
        .filter(b -> b.channel().equals(channel) && b.kind().equals(kind.code()))
        .mapToLong(Outbox.Backlog::count)
        .sum();
  }

  private double oldest() {
    return backlog.stream().mapToLong(b -> b.oldest().toSeconds()).max().orElse(0);
  }

  private void count(String channel, NoticeKind kind, Courier.Outcome outcome) {
    var counted = registry;
    if (counted != null) {
      counter(counted, channel, kind, outcome).increment();
    }
  }

  void begin(Upkeep upkeep) {
    upkeep.every(Duration.ofSeconds(2), "notices", this::run);
    upkeep.every(Duration.ofSeconds(5), "lapses", () -> outbox.noteLapses(SETTLE));
    upkeep.every(Duration.ofSeconds(10), "waiting notices", () -> backlog = outbox.backlog());
    upkeep.every(Duration.ofMinutes(10), "old notices", this::forget);
  }

  /** Something happened that people are told of: looks at once. */
  void hurry(Upkeep upkeep) {
    upkeep.now("notices", this::run);
  }

  void run() {
    spread.run();
    couriers.forEach(Courier::run);
  }

  private void forget() {
    outbox
        .forget(Courier.Pace.STANDARD.patience(), KEEP)
        .forEach(channel ->
            LOG.atError()
                .addKeyValue("channel", channel)
                .addKeyValue("reason", "no_such_channel")
                .log("notice.given_up"));
  }

  /** Takes on nothing more; what is on its way gets {@code patience} to end. Whether it has. */
  boolean end(Duration patience) {
    return Together.all(threads, couriers.stream().map(courier -> () -> courier.end(patience)));
  }
}
