package io.daypass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Here one call is worked on at a time, four end access, two of them of one address. */
class PassageTest {

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private Answer waitThen(String text) {
    begun.countDown();
    try {
      assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Answer.text(200, text);
  }

  private static HttpLimits limits() {
    var within = Duration.ofSeconds(10);
    return new HttpLimits(
        16_384, 100, 4_096, 65_536, within, within, within, 100, 100, 100, 8_192, 65_536, 65_536, 1,
        4, 2);
  }

  private static Route gated(String path, Passage passage) {
    return Route.gated("GET", path, Lane.URGENT, Body.NONE, _ -> passage);
  }

  private static Passage thread() {
    return new Passage.In(() -> Answer.text(200, Thread.currentThread().getName()));
  }

  @Test
  void f13_who_is_not_known_is_looked_for_where_everybody_is_and_then_has_a_place_of_their_own()
      throws Exception {
    var slow = new Route("GET", "/slow", Lane.WORK, Body.NONE, _ -> Answer.text(200, "done"));
    var slowly =
        gated(
            "/slowly",
            new Passage.Unknown(() -> {
              assertThat(Thread.currentThread().getName()).doesNotStartWith(Running.URGENT);
              waitThen("");
              return thread();
            }));
    var known = gated("/known", thread());
    var nobody = gated("/nobody", new Passage.Out(Answer.text(401, "nobody")));
    try (var running = Running.with(List.of(slow, slowly, known, nobody), limits())) {
      var first = running.client.sendAsync(running.to("/slowly").build(), BodyHandlers.ofString());
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ServerTest.code(running.get("/slowly").body())).isEqualTo("overloaded");
      assertThat(ServerTest.code(running.get("/slow").body())).isEqualTo("overloaded");
      assertThat(running.get("/nobody").body()).isEqualTo("nobody");
      assertThat(running.get("/known").body()).startsWith(Running.URGENT);
      go.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS).body()).startsWith(Running.URGENT);
    }
  }

  @Test
  void f13_one_address_holds_so_many_of_the_places_that_end_access_and_no_more() throws Exception {
    var holding = new CountDownLatch(2);
    var held =
        gated(
            "/held",
            new Passage.In(() -> {
              holding.countDown();
              return waitThen("done");
            }));
    try (var running = Running.with(List.of(held, gated("/known", thread())), limits());
        var other =
            HttpClient.newBuilder().localAddress(InetAddress.getByName("127.0.0.2")).build()) {
      var both = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 2; i++) {
        both.add(running.client.sendAsync(running.to("/held").build(), BodyHandlers.ofString()));
      }
      assertThat(holding.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ServerTest.code(running.get("/known").body())).isEqualTo("overloaded");
      var others = other.send(running.to("/known").build(), BodyHandlers.ofString());
      assertThat(others.body()).startsWith(Running.URGENT);
      go.countDown();
      for (var one : both) {
        assertThat(one.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
      }
    }
  }

  @Test
  void what_a_gate_fails_with_is_told_as_any_fault_is() {
    var broken =
        Route.gated(
            "GET",
            "/broken",
            Lane.URGENT,
            Body.NONE,
            _ -> {
              throw new IllegalStateException("hunter2");
            });
    try (var running = Running.with(List.of(broken))) {
      var answer = running.get("/broken");
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).contains("internal_error").doesNotContain("hunter2");
    }
  }
}
