package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.ledger.Checkpoints;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What auditors and administrators do. */
class OfficeCallsTest extends ApiCalls {

  private static String person(String subject) {
    return "{\"issuer\":\"staff\",\"subject\":\"" + subject + "\",\"reason\":\"left the team\"}";
  }

  @Test
  void an_administrator_suspends_and_reinstates() {
    world.get("bob", "/v1/me");
    var id = world.pending();
    var first = world.post("pat", "/v1/people/suspend", person("bob"));
    assertThat(json(first))
        .isEqualTo(
            new JsonObject(
                """
                {"issuer":"staff","subject":"bob","suspended":true,"changed":true}\
                """));
    assertThat(json(world.post("pat", "/v1/people/suspend", person("bob"))).getBoolean("changed"))
        .isFalse();
    assertThat(code(world.post("bob", "/v1/requests/" + id + "/approve", "{}")))
        .isEqualTo("suspended");
    assertThat(world.post("pat", "/v1/people/reinstate", person("bob")).statusCode())
        .isEqualTo(200);
    assertThat(world.post("bob", "/v1/requests/" + id + "/approve", "{}").statusCode())
        .isEqualTo(200);
  }

  @Test
  void only_administrators_suspend_and_only_who_is_known_with_a_reason() {
    world.get("bob", "/v1/me");
    for (var who : List.of("alice", "bob", "erin", "run")) {
      assertThat(code(world.post(who, "/v1/people/suspend", person("bob"))))
          .isEqualTo("not_allowed");
    }
    var nobody = world.post("pat", "/v1/people/suspend", person("nobody"));
    assertThat(code(nobody)).isEqualTo("not_found");
    assertThat(json(nobody).getString("detail")).startsWith("no person of that issuer and subject");
    assertThat(code(world.post("pat", "/v1/people/suspend", person("\\u0000"))))
        .isEqualTo("member_invalid");
    assertThat(code(world.post("pat", "/v1/people/suspend", "{\"issuer\":\"staff\"}")))
        .isEqualTo("member_invalid");
    assertThat(
            code(
                world.post(
                    "pat",
                    "/v1/people/suspend",
                    "{\"issuer\":\"staff\",\"subject\":\"bob\",\"reason\":\" \"}")))
        .isEqualTo("member_invalid");
  }

  @Test
  void nobody_lifts_their_own_suspension_and_two_who_are_suspended_not_each_others() {
    world.get("quin", "/v1/me");
    world.post("quin", "/v1/people/suspend", person("quin"));
    assertThat(code(world.post("quin", "/v1/people/reinstate", person("quin"))))
        .isEqualTo("self_reinstatement");
    world.post("pat", "/v1/people/suspend", person("pat"));
    assertThat(code(world.post("pat", "/v1/people/reinstate", person("quin"))))
        .isEqualTo("suspended");
  }

  @Test
  void the_ledger_is_for_auditors_and_reading_it_is_written_down() {
    var page = json(world.get("erin", "/v1/ledger"));
    assertThat(page.getJsonArray("entries").getJsonObject(0).getString("kind"))
        .isEqualTo("ledger_read");
    var csv = world.get("erin", "/v1/ledger/export?format=csv");
    assertThat(csv.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
    assertThat(csv.body()).startsWith("number,at,kind").contains("\"ledger_read\"");
    assertThat(world.get("erin", "/v1/ledger/export").body().lines()).hasSize(3);
  }

  @Test
  void entries_are_chosen_by_request_over_the_api_and_in_an_export() {
    var id = world.pending();
    world.post("alice", "/v1/requests/" + id + "/approve", "{}");
    world.get("erin", "/v1/ledger");
    for (var path : List.of("/v1/ledger?request=", "/v1/ledger/export?request=")) {
      assertThat(world.get("erin", path + id).body())
          .contains("\"kind\":\"refused\"", "self_approval")
          .doesNotContain("\"kind\":\"ledger_read\"");
    }
    assertThat(world.get("erin", "/v1/ledger/export?request=0000000000009999").body()).isEmpty();
  }

  @Test
  void an_export_ends_by_bytes_too_and_nothing_is_lost_or_twice_over_its_pages() {
    for (int i = 0; i < 400; i++) {
      world.stores.entries.add(
          Entry.ofBroker(EntryKind.POLICY_LOADED, Map.of("what", "x".repeat(i * 37 % 160 * 100))));
    }
    var whats = new ArrayList<Long>();
    var pages = 0;
    for (var cursor = Optional.of(""); cursor.isPresent(); pages++) {
      var query = cursor.get().isEmpty() ? "" : "&cursor=" + cursor.get();
      var page = world.get("erin", "/v1/ledger/export?kind=policy_loaded" + query);
      assertThat(page.body().length()).isLessThan(3 * 1024 * 1024);
      page.body().lines().forEach(line -> whats.add(new JsonObject(line).getLong("number")));
      cursor = page.headers().firstValue("Daypass-Cursor");
    }
    assertThat(pages).isEqualTo(2);
    assertThat(whats).isEqualTo(LongStream.rangeClosed(1, 400).boxed().toList());
  }

  @Test
  void one_reader_has_one_export_at_a_time_and_all_together_have_a_few() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    world.stores.reading =
        () -> {
          inside.countDown();
          try {
            assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> world.get("erin", "/v1/ledger/export"));
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      var second = world.get("erin", "/v1/ledger/export?format=csv");
      assertThat(code(second)).isEqualTo("too_many_requests");
      assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
      // Who may not export takes no turn, and says nothing of who does.
      assertThat(code(world.get("alice", "/v1/ledger/export"))).isEqualTo("not_allowed");
      goOn.countDown();
      assertThat(first.get().statusCode()).isEqualTo(200);
    }
    // The turn ends when the answer has gone, which its reader may know a little earlier.
    while (world.get("erin", "/v1/ledger/export").statusCode() != 200) {
      Thread.onSpinWait();
    }
  }

  @Test
  void who_reads_too_often_writes_no_more_entries() {
    for (int i = 0; i < 90; i++) {
      assertThat(world.get("erin", "/v1/ledger?kind=stop").statusCode()).isEqualTo(200);
    }
    for (var path : List.of("/v1/ledger", "/v1/ledger/export", "/v1/ledger?caller=erin")) {
      var refused = world.get("erin", path);
      assertThat(code(refused)).isEqualTo("too_many_requests");
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }
    assertThat(world.entries()).hasSize(90);
    world.nextMinute();
    assertThat(world.get("erin", "/v1/ledger").statusCode()).isEqualTo(200);
  }

  @Test
  void the_newest_checkpoint_is_for_auditors_to_keep() {
    assertThat(code(world.get("alice", "/v1/ledger/checkpoint"))).isEqualTo("not_allowed");
    var none = world.get("erin", "/v1/ledger/checkpoint");
    assertThat(code(none)).isEqualTo("not_found");
    assertThat(none.headers().firstValue("Retry-After")).hasValue("5");
    world.checkpoints.entries.add("an entry");
    new Checkpoints(world.checkpoints, "daypass.example.com/ledger", text -> "a.b.c").run();
    assertThat(json(world.get("erin", "/v1/ledger/checkpoint")))
        .isEqualTo(
            new JsonObject()
                .put("size", 1)
                .put("through", 1)
                .put("root", world.checkpoints.kept.getFirst().checkpoint().root())
                .put("at", world.checkpoints.kept.getFirst().at().toString())
                .put("signed", "a.b.c"));
  }

  @Test
  void who_reads_for_others_without_the_office_is_written_down_and_slowed() {
    for (var path :
        List.of(
            "/v1/ledger",
            "/v1/ledger/export",
            "/v1/ledger/checkpoint",
            "/v1/roles/prod-admin/explain?as=staff+bob")) {
      assertThat(code(world.get("alice", path))).isEqualTo("not_allowed");
    }
    assertThat(refused()).containsExactly("alice", "alice", "alice", "alice");
    // Each is a row: nobody fills the table by asking.
    var answers =
        IntStream.range(0, 30).mapToObj(_ -> code(world.get("alice", "/v1/ledger"))).toList();
    assertThat(answers).endsWith("too_many_requests");
    assertThat(refused()).hasSizeLessThan(34);
  }

  /** Who was refused something, as the ledger tells it. */
  private List<String> refused() {
    return json(world.get("erin", "/v1/ledger")).getJsonArray("entries").stream()
        .map(JsonObject.class::cast)
        .filter(entry -> entry.getString("kind").equals("refused"))
        .map(entry -> entry.getString("subject"))
        .toList();
  }

  @Test
  void only_administrators_stop_and_then_nothing_is_issued() {
    world.post("alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"30m\"}");
    assertThat(code(world.post("alice", "/v1/stop", "{}"))).isEqualTo("not_allowed");
    assertThat(json(world.post("pat", "/v1/stop", "{\"reason\":\"odd\"}")).getBoolean("changed"))
        .isTrue();
    var refused = world.post("alice", "/v1/roles/staging-admin/credentials", "{}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(code(refused)).isEqualTo("stopped");
    assertThat(json(world.post("pat", "/v1/resume", "")).getBoolean("stopped")).isFalse();
    assertThat(world.post("alice", "/v1/roles/staging-admin/credentials", "{}").statusCode())
        .isEqualTo(200);
  }

  @Test
  void c10_an_administrator_who_is_suspended_lifts_no_stop_and_ends_nothing_of_others() {
    var id = world.pending();
    world.post("alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"30m\"}");
    world.get("pat", "/v1/me");
    world.get("bob", "/v1/me");
    world.post("pat", "/v1/stop", "{}");
    assertThat(world.post("pat", "/v1/people/suspend", person("pat")).statusCode()).isEqualTo(200);
    for (var path : List.of("/v1/resume", "/v1/stop", "/v1/people/suspend")) {
      var body = path.endsWith("suspend") ? person("bob") : "{}";
      assertThat(code(world.post("pat", path, body))).isEqualTo("suspended");
    }
    assertThat(code(world.post("pat", "/v1/requests/" + id + "/revoke", "{\"reason\":\"odd\"}")))
        .isEqualTo("not_allowed");
    assertThat(code(world.post("alice", "/v1/roles/staging-admin/credentials", "{}")))
        .isEqualTo("stopped");
  }
}
