package io.daypass.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.Callers;
import io.daypass.settings.RateSettings;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Limits;
import io.daypass.web.Route;
import io.daypass.web.Running;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many visitors at once, and such as are none. */
class VisitorsTogetherTest {

  private static final String OURS = "https://daypass.example.com";
  private static final String SESSION = "S".repeat(43);
  private static final String OTHER = "T".repeat(43);
  private static final int STRANGERS = 100;

  private final Caller alice = Callers.person("alice", Instant.EPOCH, "engineering");
  private final CountDownLatch go = new CountDownLatch(1);

  private static Visitors visitors(RateSettings rates, Visitors.Sessions sessions) {
    return new Visitors(
        new Visitors.Lodge(
            sessions, _ -> false, new Limits(rates, () -> 0), URI.create(OURS), new Templates()));
  }

  private static Call call(String method, String session) {
    var headers = Map.of("cookie", List.of("__Host-daypass=" + session));
    return new Call(
        method, "/requests/{id}", Map.of("id", "abc"), Map.of(), headers, "", "192.0.2.1", "t");
  }

  /** Nobody's, as is known after a while. */
  private Optional<Caller> nobodys(CountDownLatch looking) {
    looking.countDown();
    try {
      assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return Optional.empty();
  }

  @Test
  void sessions_that_are_none_are_in_parallel_no_more_than_in_a_row() throws Exception {
    var most = RateSettings.usual().failuresPerPeerAndSecond();
    var looking = new CountDownLatch(most);
    var looks = new AtomicInteger();
    var leave =
        visitors(
                RateSettings.usual(),
                (_, _) -> {
                  looks.incrementAndGet();
                  return nobodys(looking);
                })
            .leave("/sign-out", _ -> Answer.text(200, "out"))
            .handler();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var shown =
          Stream.generate(
                  () -> threads.submit(() -> leave.handle(call("POST", "G".repeat(43))).code()))
              .limit(STRANGERS)
              .toList();
      assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(200);
      assertThat(looks.get()).isEqualTo(most);
      go.countDown();
      var answers = new ArrayList<String>();
      for (var answer : shown) {
        answers.add(answer.get(10, TimeUnit.SECONDS));
      }
      assertThat(answers).filteredOn("sign_in_required"::equals).hasSize(most);
      assertThat(answers).filteredOn("too_many_failures"::equals).hasSize(STRANGERS - most);
    }
  }

  @Test
  void f13_made_up_sessions_hold_no_place_that_ends_access() throws Exception {
    var looking = new CountDownLatch(STRANGERS);
    var found = new CopyOnWriteArrayList<Boolean>();
    var strange = new CopyOnWriteArrayList<Boolean>();
    var here =
        visitors(
            new RateSettings(1_000, 5, 5, 5, 6, 9, 1, 18),
            (session, _) -> {
              var known = Set.of(SESSION, OTHER).contains(session.reveal());
              (known ? found : strange).add(isUrgent(Thread.currentThread().getName()));
              return known ? Optional.of(alice) : nobodys(looking);
            });
    Visitors.Page where = _ -> Answer.text(200, Thread.currentThread().getName());
    var routes =
        List.of(
            here.page("/requests/{id}", where),
            here.leave("/sign-out", where),
            here.act(
                "/requests/{id}",
                "revoke",
                Route.Lane.URGENT,
                Set.of(),
                (visit, _) -> where.of(visit)));
    try (var running = Running.with(routes)) {
      var known = new Browser(running, SESSION, OURS);
      assertThat(isUrgent(known.page("/requests/abc"))).isFalse();
      var strangers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < STRANGERS; i++) {
        var request = madeUp(running, i);
        strangers.add(running.client.sendAsync(request.build(), BodyHandlers.ofString()));
      }
      assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(isUrgent(revoked(known, SESSION))).isTrue();
      assertThat(isUrgent(revoked(new Browser(running, OTHER, OURS), OTHER))).isTrue();
      assertThat(strangers).noneMatch(CompletableFuture::isDone);
      go.countDown();
      for (var stranger : strangers) {
        assertThat(stranger.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(403);
      }
    }
    assertThat(strange).hasSize(STRANGERS).containsOnly(false);
    // Whose session was found here before is looked for over the connections that are kept.
    assertThat(found).containsExactly(false, true, false);
  }

  private static HttpRequest.Builder madeUp(Running running, int number) {
    return running
        .to(number % 2 == 0 ? "/sign-out" : "/requests/abc/revoke")
        .header(
            "Cookie", "__Host-daypass=" + String.valueOf(1_000 + number).repeat(11).substring(1))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString("form_token=x"));
  }

  private static String revoked(Browser browser, String session) {
    var form = Map.of(FormToken.FIELD, FormToken.of(session));
    return browser.post("/requests/abc/revoke", form).body();
  }

  private static boolean isUrgent(String thread) {
    return thread.startsWith(Running.URGENT);
  }

  @Test
  void who_looks_at_many_pages_at_once_sees_so_many() {
    var visitors = visitors(RateSettings.usual(), (_, _) -> Optional.of(alice));
    var seen = new AtomicInteger();
    assertThat(nested(visitors, seen, 20).status()).isEqualTo(200);
    assertThat(seen.get()).isEqualTo(8);
    assertThat(nested(visitors, seen, 1).status()).isEqualTo(200);
  }

  /** While one page is made the next is asked for. */
  private static Answer nested(Visitors visitors, AtomicInteger seen, int deep) {
    var page =
        visitors.page(
            "/requests/{id}",
            _ -> {
              seen.incrementAndGet();
              if (deep > 1) {
                var next = nested(visitors, seen, deep - 1);
                assertThat(next.code()).isIn("ok", "too_many_requests");
              }
              return Answer.text(200, "seen");
            });
    return page.handler().handle(call("GET", SESSION));
  }
}
