package io.daypass.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServerUnderStressTest {

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private final Route slow = new Route("GET", "/slow", Lane.WORK, Body.NONE, _ -> waitThen("done"));
  private final Route keys =
      new Route("GET", "/keys", Lane.MEMORY, Body.NONE, _ -> Answer.text(200, "keys"));
  private final Route health =
      new Route("GET", "/health", Lane.OPERATIONS, Body.NONE, _ -> Answer.text(200, "well"));
  private final Route revoke =
      new Route("GET", "/revoke", Lane.URGENT, Body.NONE, _ -> Answer.text(200, "revoked"));
  private final Route echo =
      new Route("POST", "/echo", Lane.WORK, Body.JSON, call -> Answer.text(200, call.body()));
  private final List<Route> routes = List.of(slow, keys, health, revoke, echo);

  private Answer waitThen(String text) {
    begun.countDown();
    try {
      assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Answer.text(200, text);
  }

  @Test
  void more_calls_than_places_are_503_and_what_ends_access_still_goes_through() throws Exception {
    try (var running = Running.with(routes, limits(Duration.ofSeconds(10), 100, 100, 1))) {
      var first = running.client.sendAsync(running.to("/slow").build(), BodyHandlers.ofString());
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      var refused = running.get("/slow");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(ServerTest.code(refused.body())).isEqualTo("overloaded");
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(running.get("/revoke").body()).isEqualTo("revoked");
      assertThat(running.get("/health").body()).isEqualTo("well");
      go.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
      assertThat(running.get("/slow").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void f33_a_drain_finishes_what_is_in_flight_and_serves_keys_to_the_last() throws Exception {
    try (var running = Running.with(routes, limits(Duration.ofSeconds(10), 100, 100, 10))) {
      var flying = running.client.sendAsync(running.to("/slow").build(), BodyHandlers.ofString());
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      var drained =
          CompletableFuture.supplyAsync(
              () -> running.server.drain(Duration.ofSeconds(20)), running.threads);
      while (!running.server.isDraining()) {
        Thread.onSpinWait();
      }
      var refused = running.get("/slow");
      assertThat(ServerTest.code(refused.body())).isEqualTo("shutting_down");
      assertThat(running.get("/keys").body()).isEqualTo("keys");
      assertThat(running.get("/health").body()).isEqualTo("well");
      assertThat(drained.isDone()).isFalse();
      go.countDown();
      assertThat(flying.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
      assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void f33_a_drain_does_not_wait_longer_than_it_may() {
    try (var running = Running.with(routes, limits(Duration.ofSeconds(10), 100, 100, 10))) {
      var flying = running.client.sendAsync(running.to("/slow").build(), BodyHandlers.ofString());
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(running.server.drain(Duration.ofMillis(200))).isFalse();
      go.countDown();
      flying.cancel(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Route hasty(Route.Handler handler) {
    return new Route("GET", "/hasty", Lane.WORK, Body.NONE, handler)
        .within(Duration.ofMillis(100), Answer.text(503, "late").code("late"));
  }

  @Test
  void who_does_not_wait_for_long_is_answered_and_the_work_keeps_its_place() throws Exception {
    var hasty = hasty(_ -> waitThen("done"));
    try (var running =
        Running.with(List.of(hasty, slow), limits(Duration.ofSeconds(10), 100, 100, 1))) {
      assertThat(running.get("/hasty").body()).isEqualTo("late");
      assertThat(ServerTest.code(running.get("/slow").body())).isEqualTo("overloaded");
      go.countDown();
      var answer = running.get("/slow");
      for (int i = 0; i < 500 && answer.statusCode() == 503; i++) {
        Thread.sleep(10);
        answer = running.get("/slow");
      }
      assertThat(answer.body()).isEqualTo("done");
      assertThat(running.get("/hasty").body()).isEqualTo("done");
    }
  }

  @Test
  void f33_a_drain_waits_for_work_that_nobody_waits_for_any_more() throws Exception {
    var hasty = hasty(_ -> waitThen("done"));
    try (var running =
        Running.with(List.of(hasty, keys), limits(Duration.ofSeconds(10), 100, 100, 10))) {
      assertThat(running.get("/hasty").body()).isEqualTo("late");
      var drained =
          CompletableFuture.supplyAsync(
              () -> running.server.drain(Duration.ofSeconds(20)), running.threads);
      while (!running.server.isDraining()) {
        Thread.onSpinWait();
      }
      assertThat(running.get("/keys").body()).isEqualTo("keys");
      assertThat(drained.isDone()).isFalse();
      go.countDown();
      assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void what_the_work_fails_with_is_logged_though_nobody_waits_for_it() throws Exception {
    var logger = (Logger) LoggerFactory.getLogger(Edge.class);
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    logger.setLevel(Level.ERROR);
    logger.addAppender(log);
    var hasty =
        hasty(_ -> {
          waitThen("");
          throw new IllegalStateException("hunter2");
        });
    try (var running = Running.with(List.of(hasty), limits(Duration.ofSeconds(10), 100, 100, 1))) {
      assertThat(running.get("/hasty").body()).isEqualTo("late");
      go.countDown();
      assertThat(running.server.drain(Duration.ofSeconds(10))).isTrue();
      assertThat(log.list).extracting(ILoggingEvent::getMessage).containsExactly("http.fault");
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void work_learns_that_nobody_waits_before_it_spends_anything_and_else_says_what_they_are_told()
      throws Exception {
    var stays = new CompletableFuture<Boolean>();
    var first =
        hasty(call -> {
          waitThen("");
          stays.complete(call.waiter().stays(Answer.text(403, "spent")));
          return Answer.text(200, "nobody reads it");
        });
    try (var running = Running.with(List.of(first))) {
      assertThat(running.get("/hasty").body()).isEqualTo("late");
      go.countDown();
      assertThat(stays.get(10, TimeUnit.SECONDS)).isFalse();
    }
    var later = new CountDownLatch(1);
    var second =
        hasty(call -> {
          assertThat(call.waiter().stays(Answer.text(403, "spent"))).isTrue();
          try {
            assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Answer.text(200, "nobody reads it");
        });
    try (var running = Running.with(List.of(second))) {
      assertThat(running.get("/hasty").body()).isEqualTo("spent");
      later.countDown();
    }
  }

  @Test
  void f41_a_client_that_never_finishes_its_head_is_cut_off_though_it_is_never_idle()
      throws Exception {
    try (var running = Running.with(routes, limits(Duration.ofMillis(300), 100, 100, 10));
        var raw = running.raw()) {
      raw.send("GET /keys HTTP/1.1\r\n");
      var cut = false;
      for (int i = 0; i < 100 && !cut; i++) {
        Thread.sleep(50);
        try {
          raw.send("X-Header-" + i + ": a\r\n");
        } catch (IOException _) {
          cut = true;
        }
      }
      assertThat(cut).isTrue();
      assertThat(running.get("/keys").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void f41_a_client_that_never_finishes_its_body_is_cut_off() throws Exception {
    try (var running = Running.with(routes, limits(Duration.ofMillis(300), 100, 100, 10));
        var raw = running.raw()) {
      raw.send(
          "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Content-Length: 100\r\n\r\n{");
      assertThat(raw.all()).isEmpty();
    }
  }

  @Test
  void f41_a_connection_at_rest_is_closed() throws Exception {
    try (var running = Running.with(routes, limits(Duration.ofMillis(300), 100, 100, 10));
        var raw = running.raw()) {
      raw.send(get("/keys"));
      assertThat(raw.all()).startsWith("HTTP/1.1 200").endsWith("keys");
    }
  }

  @Test
  void f41_one_address_has_so_many_connections_and_gets_them_back() throws Exception {
    try (var running = Running.with(routes, limits(Duration.ofSeconds(10), 100, 3, 10))) {
      var held = new ArrayList<Raw>();
      for (int i = 0; i < 3; i++) {
        held.add(running.raw());
        assertThat(ask(held.getLast())).startsWith("HTTP/1.1 200");
      }
      try (var fourth = running.raw()) {
        assertThat(ask(fourth)).isEmpty();
      }
      held.removeFirst().close();
      var answer = "";
      for (int i = 0; i < 100 && answer.isEmpty(); i++) {
        Thread.sleep(20);
        try (var again = running.raw()) {
          answer = ask(again);
        }
      }
      assertThat(answer).startsWith("HTTP/1.1 200");
      for (var raw : held) {
        raw.close();
      }
    }
  }

  @Test
  void pipelined_requests_are_answered_in_order() throws Exception {
    try (var running = Running.with(routes, limits(Duration.ofMillis(500), 100, 100, 10));
        var raw = running.raw()) {
      raw.send(get("/keys") + get("/health") + get("/nothing"));
      assertThat(raw.all()).containsSubsequence("keys", "well", "not_found");
    }
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String ask(Raw raw) {
    try {
      return raw.send(get("/keys")).head();
    } catch (IOException _) {
      return "";
    }
  }

  private static HttpLimits limits(Duration within, int all, int perPeer, int places) {
    return new HttpLimits(
        16_384, 100, 4_096, 65_536, within, within, within, all, perPeer, 100, 8_192, 65_536,
        65_536, places, 4, 2);
  }
}
