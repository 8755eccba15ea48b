package io.daypass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Here three connections are awaited at most, and what weighs more than 2,000 bytes shares 25,000,
 * 15,000 of them for one address.
 */
class CapacityTest {

  private static final String OTHER = "127.0.0.2";
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Route keys =
      new Route("GET", "/keys", Lane.MEMORY, Body.NONE, _ -> Answer.text(200, "keys"));
  private final Route echo =
      new Route("POST", "/echo", Lane.WORK, Body.JSON, call -> Answer.text(200, call.body()));

  private Running limited() {
    var limits =
        new HttpLimits(
            16_384, 100, 4_096, 65_536, LONG, LONG, LONG, 100, 100, 3, 2_000, 25_000, 15_000, 10, 4,
            2);
    return Running.with(List.of(keys, echo), limits);
  }

  private static Raw announcing(Raw raw, int bytes) throws IOException {
    return raw.send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Expect: 100-continue\r\nContent-Length: "
            + bytes
            + "\r\n\r\n");
  }

  private static String of(int bytes) {
    return "\"" + "a".repeat(bytes - 2) + "\"";
  }

  @Test
  void f41_bodies_of_one_address_have_so_much_memory_and_those_of_others_have_theirs()
      throws Exception {
    try (var running = limited();
        var first = running.raw();
        var second = running.raw();
        var other = running.raw(OTHER)) {
      assertThat(announcing(first, 9_000).head()).startsWith("HTTP/1.1 100");
      assertThat(announcing(second, 9_000).all())
          .startsWith("HTTP/1.1 503")
          .contains("overloaded", "Retry-After: 1");
      assertThat(announcing(other, 9_000).head()).startsWith("HTTP/1.1 100");
      assertThat(other.send(of(9_000)).head()).startsWith("HTTP/1.1 200");
      assertThat(first.send(of(9_000)).head()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void f41_bodies_of_all_have_so_much_memory_and_small_ones_need_none() throws Exception {
    try (var running = limited();
        var first = running.raw();
        var second = running.raw(OTHER)) {
      assertThat(announcing(first, 13_000).head()).startsWith("HTTP/1.1 100");
      assertThat(announcing(second, 13_000).all()).startsWith("HTTP/1.1 503");
      try (var small = running.raw(OTHER)) {
        assertThat(announcing(small, 500).head()).startsWith("HTTP/1.1 100");
        assertThat(small.send(of(500)).head()).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void f41_memory_is_given_back_with_the_answer_and_with_the_connection() throws Exception {
    try (var running = limited()) {
      try (var answered = running.raw()) {
        for (int i = 0; i < 3; i++) {
          assertThat(announcing(answered, 13_000).head()).startsWith("HTTP/1.1 100");
          assertThat(answered.send(of(13_000)).head()).startsWith("HTTP/1.1 200");
          answered.skip(13_000);
        }
        assertThat(announcing(answered, 13_000).head()).startsWith("HTTP/1.1 100");
      }
      var again = "";
      for (int i = 0; i < 100 && !again.startsWith("HTTP/1.1 100"); i++) {
        Thread.sleep(20);
        try (var raw = running.raw()) {
          again = announcing(raw, 13_000).head();
        }
      }
      assertThat(again).startsWith("HTTP/1.1 100");
    }
  }

  @Test
  void f41_a_head_counts_as_what_it_costs() throws Exception {
    try (var running = limited();
        var raw = running.raw()) {
      raw.send(
          "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "a: b\r\n".repeat(97)
              + "Content-Length: 100\r\n\r\n");
      assertThat(raw.all()).startsWith("HTTP/1.1 503");
    }
  }

  // Both: what an ended one still does on its way out may take the place of every other one.
  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void f41_who_opens_more_connections_than_are_awaited_ends_their_own_and_nobody_elses(int opened)
      throws Exception {
    try (var running = limited();
        var other = running.raw(OTHER)) {
      other.send("GET /keys HTTP/1.1\r\nHo");
      var own = new ArrayList<Raw>();
      for (int i = 0; i < opened; i++) {
        own.add(running.raw().send("GET /keys HTTP/1.1\r\nHost"));
      }
      for (var ended : own.subList(0, opened - 2)) {
        assertThat(ended.all()).isEmpty();
      }
      for (var kept : own.subList(opened - 2, opened)) {
        assertThat(kept.send(": x\r\n\r\n").head()).startsWith("HTTP/1.1 200");
      }
      assertThat(other.send("st: x\r\n\r\n").head()).startsWith("HTTP/1.1 200");
      for (var raw : own) {
        raw.close();
      }
    }
  }

  @Test
  void a_head_of_more_fields_than_are_kept_is_refused_before_it_is_complete() throws Exception {
    try (var running = limited()) {
      try (var raw = running.raw()) {
        raw.send("GET /keys HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(99) + "\r\n");
        assertThat(raw.head()).startsWith("HTTP/1.1 200");
      }
      try (var raw = running.raw()) {
        raw.send("GET /keys HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(110));
        assertThat(raw.all())
            .matches("(?s)HTTP/1.[01] 431 .*")
            .contains("headers_too_large", "more than 100 header fields");
      }
    }
  }

  @Test
  void trailers_and_chunks_are_never_read() throws Exception {
    try (var running = limited();
        var raw = running.raw()) {
      raw.send(
          "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n0\r\n"
              + "a: b\r\n".repeat(200));
      assertThat(raw.all()).contains("411", "length_required", "Content-Length");
    }
  }

  @Test
  void a_version_of_http_that_is_not_spoken_is_told_so() throws Exception {
    try (var running = limited()) {
      for (var version : List.of("HTTP/2.0", "HTTP/1.0", "HTTP/3.0")) {
        try (var raw = running.raw()) {
          raw.send("GET /keys " + version + "\r\nHost: x\r\n\r\n");
          assertThat(raw.all())
              .as(version)
              .matches("(?s)HTTP/1.[01] 505 .*")
              .contains("http_version_unsupported");
        }
      }
    }
  }
}
