package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.Callers;
import io.daypass.identity.Continuations.Continued;
import io.daypass.identity.PollToken;
import io.daypass.identity.PollVerifier;
import io.daypass.identity.Rejection;
import io.daypass.identity.Verification;
import io.daypass.settings.RateSettings;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Limits;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.Running;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is let in, where that is looked at, and what others have of the same meanwhile. */
class DoorTest {

  private static final int STRANGERS = 100;

  private final Map<String, Caller> tokens =
      Map.of(
          "alice", Callers.person("alice", World.NOW, "engineering"),
          "bob", Callers.person("bob", World.NOW, "engineering"));
  private final List<String> places = new CopyOnWriteArrayList<>();
  private final List<Caller> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch looking = new CountDownLatch(STRANGERS);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger verified = new AtomicInteger();

  private Door door(int failures) {
    return new Door(
        this::verify,
        new PollVerifier(this::look, Set.of("github")),
        seen::add,
        new Limits(new RateSettings(failures, 5, 5, 5, 6, 9, 1, 18), () -> 0),
        World.CLOCK);
  }

  private Verification verify(String token) {
    verified.incrementAndGet();
    var caller = tokens.get(token);
    return caller == null
        ? new Verification.Rejected(Rejection.TOKEN_MALFORMED)
        : new Verification.Verified(caller);
  }

  private Optional<Continued> look(String sha256) {
    places.add(Thread.currentThread().getName());
    looking.countDown();
    try {
      assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return Optional.empty();
  }

  private static String pollToken(int number) {
    return PollToken.of(ByteBuffer.allocate(32).putInt(number).array()).reveal();
  }

  private static HttpRequest.Builder post(Running running, String path, String token) {
    return running
        .to(path)
        .header("Authorization", "Bearer " + token)
        .POST(HttpRequest.BodyPublishers.noBody());
  }

  @Test
  void f13_made_up_poll_tokens_hold_no_place_that_ends_access() throws Exception {
    var door = door(1_000);
    Door.Work where = (_, _) -> Answer.text(200, Thread.currentThread().getName());
    var cancel = Route.gated("POST", "/cancel", Lane.URGENT, Body.JSON, door.withdrawers(where));
    var stop = Route.gated("POST", "/stop", Lane.URGENT, Body.JSON, door.deciders(where));
    try (var running = Running.with(List.of(cancel, stop))) {
      var strangers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < STRANGERS; i++) {
        var request = post(running, "/cancel", pollToken(i)).build();
        strangers.add(running.client.sendAsync(request, BodyHandlers.ofString()));
      }
      assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
      for (var path : List.of("/stop", "/cancel")) {
        assertThat(running.send(post(running, path, "alice")).body()).startsWith(Running.URGENT);
      }
      assertThat(strangers).noneMatch(CompletableFuture::isDone);
      go.countDown();
      for (var stranger : strangers) {
        assertThat(stranger.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
      }
      assertThat(places).hasSize(STRANGERS).noneMatch(name -> name.startsWith(Running.URGENT));
      // Those who are new here are written down over the connections that are kept, too.
      assertThat(seen).hasSize(2);
    }
  }

  @Test
  void a_poll_token_is_no_failure_where_none_is_taken_and_nobody_looks_whose_it_is() {
    var door = door(1);
    var reads = door.callers((_, _) -> Answer.text(200, "read"));
    for (int i = 0; i < 10; i++) {
      var answer = reads.handle(call(pollToken(i)));
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.code()).isEqualTo("token_type_not_allowed");
      assertThat(answer.body().toString()).contains("takes its request back");
    }
    assertThat(places).isEmpty();
    assertThat(verified.get()).isZero();
    assertThat(reads.handle(call("alice")).status()).isEqualTo(200);
  }

  @Test
  void who_lists_in_parallel_takes_no_credentials_from_others() {
    var door = door(20);
    var takes = door.takers((_, _) -> Answer.text(200, "taken"));
    var lists = new ArrayList<Answer>();
    lists(door, lists, takes, 12);
    var read = lists.stream().filter(answer -> answer.status() == 200).toList();
    var refused = lists.stream().filter(answer -> answer.status() != 200).toList();
    assertThat(read).hasSize(8);
    assertThat(refused).hasSize(1);
    assertThat(refused.getFirst().code()).isEqualTo("too_many_requests");
    assertThat(refused.getFirst().headers()).containsEntry("Retry-After", "1");
    var again = door.callers((_, _) -> Answer.text(200, "read"));
    assertThat(again.handle(call("alice")).status()).isEqualTo(200);
  }

  /** While one list is read the next is asked for; within them all, bob and alice have theirs. */
  private void lists(Door door, List<Answer> lists, Route.Handler takes, int deep) {
    var list =
        door.callers((_, _) -> {
          if (deep > 0) {
            lists(door, lists, takes, deep - 1);
          }
          return Answer.text(200, "read");
        });
    var answer = list.handle(call("alice"));
    if (answer.status() != 200) {
      assertThat(door.callers((_, _) -> Answer.text(200, "read")).handle(call("bob")).status())
          .isEqualTo(200);
      assertThat(takes.handle(call("bob")).status()).isEqualTo(200);
      assertThat(takes.handle(call("alice")).status()).isEqualTo(200);
    }
    lists.add(answer);
  }

  private static Call call(String token) {
    return new Call(
        "GET",
        "/v1/requests",
        Map.of(),
        Map.of(),
        Map.of("authorization", List.of("Bearer " + token)),
        "",
        "192.0.2.1",
        "t");
  }
}
