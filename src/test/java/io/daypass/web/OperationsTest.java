package io.daypass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsTest {

  private final AtomicReference<Optional<String>> database =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Document>> jwks = new AtomicReference<>(Optional.empty());
  private final Running running = Running.with(routes());

  @AfterEach
  void stop() {
    running.close();
  }

  private List<Route> routes() {
    var checks = new LinkedHashMap<String, Readiness.Check>();
    checks.put("database", database::get);
    checks.put("keys", Optional::empty);
    var description = Document.of("openapi: 3.1.0", "application/yaml", Duration.ofHours(1));
    var routes = new ArrayList<Route>();
    routes.addAll(Operations.health(new Readiness(checks)));
    routes.addAll(Operations.metrics(new Metrics()));
    routes.addAll(
        Operations.documents(
            new Operations.Documents(jwks::get, jwks::get, description, description)));
    return routes;
  }

  @Test
  void the_metrics_tell_which_version_runs_and_what_the_process_takes() {
    running.metrics.process("1.2.3");
    assertThat(running.metrics.scrape().body().toString())
        .contains(
            "daypass_build_info{version=\"1.2.3\"} 1",
            "jvm_memory_used_bytes{",
            "jvm_gc_memory_allocated_bytes_total",
            "jvm_threads_live_threads ",
            "process_cpu_usage ",
            "process_files_open_files ",
            "process_files_max_files ",
            "process_uptime_seconds ");
  }

  @Test
  void a_process_is_alive_whatever_else_is_wrong() {
    database.set(Optional.of("does not answer"));
    assertThat(running.get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void monitors_may_ask_by_head() {
    for (var path : List.of("/healthz", "/readyz")) {
      var answer = running.send(running.to(path).method("HEAD", BodyPublishers.noBody()));
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
    }
  }

  @Test
  void readiness_names_what_is_missing() {
    assertThat(running.get("/readyz").statusCode()).isEqualTo(200);
    database.set(Optional.of("does not answer"));
    var answer = running.get("/readyz");
    assertThat(answer.statusCode()).isEqualTo(503);
    var checks = new JsonObject(answer.body()).getJsonObject("checks");
    assertThat(checks.getString("database")).isEqualTo("does not answer");
    assertThat(checks.getString("keys")).isEqualTo("ok");
  }

  @Test
  void a_check_that_fails_to_look_is_not_ready() {
    var broken =
        new Readiness(
            java.util.Map.of(
                "broken",
                () -> {
                  throw new IllegalStateException("hunter2");
                }));
    assertThat(broken.answer().status()).isEqualTo(503);
    assertThat(broken.answer().body().toString()).doesNotContain("hunter2");
  }

  @Test
  void d5_keys_are_served_to_anybody_and_may_be_kept_for_a_while() {
    jwks.set(Optional.of(Document.of("{\"keys\":[]}", Answer.JSON, Duration.ofMinutes(5))));
    var answer = running.get("/.well-known/jwks.json");
    assertThat(answer.body()).isEqualTo("{\"keys\":[]}");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("public, max-age=300");
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    var etag = answer.headers().firstValue("ETag").orElseThrow();
    var again = running.to("/.well-known/jwks.json").header("If-None-Match", "\"x\", " + etag);
    var unchanged = running.send(again);
    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(unchanged.body()).isEmpty();
    var head = running.to("/.well-known/jwks.json").method("HEAD", BodyPublishers.noBody());
    assertThat(running.send(head).statusCode()).isEqualTo(200);
    assertThat(running.get("/.well-known/openid-configuration").statusCode()).isEqualTo(200);
  }

  @Test
  void without_keys_nothing_is_served_that_could_be_kept() {
    var answer = running.get("/.well-known/jwks.json");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void metrics_are_what_prometheus_reads() {
    var type = running.get("/metrics").headers().firstValue("Content-Type").orElseThrow();
    assertThat(type).startsWith("text/plain; version=0.0.4");
  }
}
