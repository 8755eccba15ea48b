package io.daypass.web;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is counted. Labels come from closed sets (route templates, status classes, codes), never
 * from a caller, so that nobody can make them grow.
 */
public final class Metrics {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MeterProvider<Timer> requests =
      Timer.builder("daypass.http.requests")
          .description("Answered HTTP requests")
          .serviceLevelObjectives(
              Duration.ofMillis(1),
              Duration.ofMillis(5),
              Duration.ofMillis(10),
              Duration.ofMillis(25),
              Duration.ofMillis(100),
              Duration.ofMillis(500),
              Duration.ofSeconds(2),
              Duration.ofSeconds(10))
          .withRegistry(registry);

  /** Where others count; the rule on labels holds for them too. */
  public MeterRegistry registry() {
    return registry;
  }

  /** A number that is looked at whenever somebody asks for the metrics. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /**
   * From now on also what the process takes: memory, pauses of the collector, threads, processor
   * time and file handles, by Micrometer's own names; and which version it is.
   */
  public void process(String version) {
    Gauge.builder("daypass.build.info", () -> 1)
        .description("1; what runs stands in the label")
        .tag("version", version)
        .register(registry);
    for (var meters :
        List.<MeterBinder>of(
            new JvmMemoryMetrics(),
            // It listens to the JVM for as long as that runs.
            new JvmGcMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())) {
      meters.bindTo(registry);
    }
  }

  void answered(String method, String route, Answer answer, Duration took) {
    var status = answer.status() / 100 + "xx";
    requests
        .withTags("method", method, "route", route, "status", status, "code", answer.code())
        .record(took);
  }

  /** Everything, as Prometheus reads it. */
  public Answer scrape() {
    var type = "text/plain; version=0.0.4; charset=utf-8";
    return new Answer(200, type, io.vertx.core.buffer.Buffer.buffer(registry.scrape()));
  }
}
