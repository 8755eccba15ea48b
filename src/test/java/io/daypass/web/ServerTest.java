package io.daypass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {

  private static Running running;

  @BeforeAll
  static void start() {
    running =
        Running.with(
            List.of(
                new Route("GET", "/hello", Lane.WORK, Body.NONE, _ -> Answer.text(200, "hello"))
                    .parameters("name"),
                new Route(
                    "GET",
                    "/things/{id}",
                    Lane.WORK,
                    Body.NONE,
                    c -> Answer.text(200, c.segment("id"))),
                new Route("GET", "/things/own", Lane.MEMORY, Body.NONE, _ -> Answer.text(200, "!")),
                new Route(
                    "POST", "/echo", Lane.WORK, Body.JSON, call -> Answer.text(200, call.body())),
                new Route(
                    "GET",
                    "/broken",
                    Lane.WORK,
                    Body.NONE,
                    _ -> {
                      throw new IllegalStateException("hunter2 stands in this message");
                    }),
                new Route("GET", "/peer", Lane.WORK, Body.NONE, c -> Answer.text(200, c.peer()))));
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void a_route_answers_with_every_security_header() {
    var answer = running.get("/hello?name=x");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hello");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    assertThat(answer.headers().firstValue("Cross-Origin-Resource-Policy")).hasValue("same-origin");
    assertThat(answer.headers().firstValue("Daypass-Trace")).isPresent();
    assertThat(answer.headers().firstValue("Server")).isEmpty();
  }

  @Test
  void a_name_in_a_path_takes_one_segment_and_the_spelled_out_path_wins() {
    assertThat(running.get("/things/seven").body()).isEqualTo("seven");
    assertThat(running.get("/things/own").body()).isEqualTo("!");
    assertThat(running.get("/things/seven/more").statusCode()).isEqualTo(404);
    assertThat(running.get("/things").statusCode()).isEqualTo(404);
  }

  @Test
  void an_unknown_path_is_404_and_a_wrong_method_405_with_what_is_allowed() {
    assertThat(code(running.get("/nothing").body())).isEqualTo("not_found");
    var answer = running.post("/hello", "{}");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
    assertThat(
            running.send(running.to("/hello").method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(405);
  }

  @Test
  void a_problem_has_every_member_and_its_media_type() {
    var answer = running.get("/nothing");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(new JsonObject(answer.body()).fieldNames())
        .containsExactly("type", "title", "status", "code", "detail", "next");
    assertThat(new JsonObject(answer.body()).getString("type"))
        .isEqualTo("urn:daypass:problem:not_found");
  }

  @Test
  void an_exception_is_500_with_an_incident_and_none_of_its_words() {
    var answer = running.get("/broken");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("hunter2").doesNotContain("IllegalState");
    var trace = answer.headers().firstValue("Daypass-Trace").orElseThrow();
    assertThat(new JsonObject(answer.body()).getString("instance"))
        .isEqualTo("urn:daypass:incident:" + trace);
  }

  @Test
  void an_unknown_or_repeated_parameter_is_refused() {
    assertThat(code(running.get("/hello?nam=x").body())).isEqualTo("parameter_unknown");
    assertThat(code(running.get("/hello?name=x&name=y").body())).isEqualTo("parameter_repeated");
    assertThat(code(running.get("/hello?name=%ff").body())).isEqualTo("parameter_invalid");
    assertThat(code(running.get("/hello?access_token=x").body())).isEqualTo("parameter_unknown");
  }

  @Test
  void a_parameter_that_is_wrongly_encoded_is_refused() throws Exception {
    try (var raw = running.raw()) {
      raw.send("GET /hello?name=%zz HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(raw.head()).startsWith("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json, text/plain",
        "application/jsonp"
      })
  void w2_a_body_that_is_not_json_is_refused(String type) {
    var answer =
        running.send(
            running.to("/echo").header("Content-Type", type).POST(BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(code(answer.body())).isEqualTo("content_type_unsupported");
  }

  @Test
  void w2_a_body_without_a_content_type_is_refused() {
    var answer = running.send(running.to("/echo").POST(BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void json_is_taken_with_or_without_its_charset() {
    for (var type : List.of("application/json", "Application/JSON; charset=UTF-8")) {
      var request = running.to("/echo").header("Content-Type", type);
      assertThat(running.send(request.POST(BodyPublishers.ofString("{\"a\":\"ü\"}"))).body())
          .isEqualTo("{\"a\":\"ü\"}");
    }
  }

  @Test
  void a_body_where_none_is_taken_is_refused() {
    var request = running.to("/hello").method("GET", BodyPublishers.ofString("x"));
    assertThat(code(running.send(request).body())).isEqualTo("body_not_allowed");
  }

  @Test
  void a_body_that_is_too_large_is_refused_before_it_is_read() throws Exception {
    try (var raw = running.raw()) {
      raw.send(post("Content-Length: 10000000"));
      assertThat(raw.all()).startsWith("HTTP/1.1 413").contains("body_too_large");
    }
  }

  @Test
  void a_body_that_is_not_utf8_is_refused() throws Exception {
    try (var raw = running.raw()) {
      raw.send(post("Content-Length: 2\r\nConnection: close") + "\u00ff\u00fe");
      assertThat(raw.all()).startsWith("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/things/../hello",
        "/things/%2e%2e/hello",
        "/things%2fown",
        "/things/..;/hello",
        "/hello;a=b",
        "//hello",
        "/things//own",
        "/hello/",
        "/things\\own",
        "/./hello",
        "/hello%00",
        "/hello#x",
        "http://other/hello",
        "*"
      })
  void w6_a_path_that_needs_interpretation_is_refused(String target) throws Exception {
    try (var raw = running.raw()) {
      raw.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(raw.all()).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void w7_a_request_with_two_lengths_or_a_transfer_encoding_is_refused_and_closed()
      throws Exception {
    for (var framing :
        List.of(
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: xchunked",
            "Content-Length: 4\r\nContent-Length: 5",
            "Content-Length: +4",
            "Content-Length: 4,4",
            "Content-Length: -1",
            "Content-Length : 4")) {
      try (var raw = running.raw()) {
        raw.send(post(framing) + "0\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        var all = raw.all();
        assertThat(all).as(framing).matches("(?s)HTTP/1.1 (400|411) .*");
        assertThat(all.split("HTTP/1.1 ", -1)).as(framing).hasSize(2);
      }
    }
  }

  @Test
  void w7_http_1_0_and_unknown_versions_are_refused_and_closed() throws Exception {
    for (var version : List.of("HTTP/1.0", "HTTP/1.2", "HTTP/3.0", "HTTX/1.1")) {
      try (var raw = running.raw()) {
        raw.send("GET /hello " + version + "\r\nHost: x\r\n\r\n");
        assertThat(raw.all())
            .as(version)
            .matches("(?s)HTT[PX]/[0-9.]+ (505|400|501) .*")
            .doesNotContain("\r\n\r\nhello");
      }
    }
  }

  @Test
  void w7_a_host_is_sent_exactly_once() throws Exception {
    for (var host : List.of("", "Host: a\r\nHost: b\r\n")) {
      try (var raw = running.raw()) {
        raw.send("GET /hello HTTP/1.1\r\n" + host + "\r\n");
        assertThat(raw.all()).startsWith("HTTP/1.1 400");
      }
    }
  }

  @Test
  void large_heads_are_refused() throws Exception {
    try (var raw = running.raw()) {
      raw.send("GET /hello HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(17_000) + "\r\n\r\n");
      assertThat(raw.all()).matches("(?s)HTTP/1.[01] 431 .*");
    }
    try (var raw = running.raw()) {
      raw.send("GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(raw.all()).matches("(?s)HTTP/1.[01] 414 .*");
    }
  }

  @Test
  void w5_forwarded_headers_of_a_peer_that_is_no_proxy_are_ignored() {
    var answer =
        running.send(
            running
                .to("/peer")
                .header("X-Forwarded-For", "203.0.113.9")
                .header("Forwarded", "for=203.0.113.9"));
    assertThat(answer.body()).isEqualTo("127.0.0.1");
  }

  @Test
  void w5_a_configured_proxy_is_believed_as_far_as_it_wrote_the_header() {
    var peer = new Route("GET", "/peer", Lane.WORK, Body.NONE, c -> Answer.text(200, c.peer()));
    try (var behind = Running.behind(List.of(peer), "127.0.0.0/8")) {
      var forged = behind.to("/peer").header("X-Forwarded-For", "10.9.9.9, 203.0.113.9");
      assertThat(behind.send(forged).body()).isEqualTo("203.0.113.9");
      var nonsense = behind.to("/peer").header("X-Forwarded-For", "203.0.113.9, unknown");
      assertThat(behind.send(nonsense).body()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void e3_no_caller_data_becomes_a_label() {
    running.get("/things/some-secret-name");
    running.get("/no/such/path/made-up");
    running.send(running.to("/hello").method("MADEUP", BodyPublishers.noBody()));
    var scrape = running.metrics.scrape().body().toString();
    assertThat(scrape)
        .contains("route=\"/things/{id}\"", "route=\"unmatched\"", "status=\"4xx\"")
        .doesNotContain("some-secret-name")
        .doesNotContain("made-up")
        .doesNotContain("MADEUP");
  }

  @Test
  void a22_only_one_header_with_exactly_a_bearer_token_is_read() {
    assertThat(Bearer.of(List.of("Bearer abc.def-_~+/==")))
        .isEqualTo(new Bearer.Token("abc.def-_~+/=="));
    assertThat(Bearer.of(List.of("bearer abc"))).isEqualTo(new Bearer.Token("abc"));
    assertThat(Bearer.of(List.of())).isEqualTo(new Bearer.None());
    assertThat(Bearer.of(List.of("Bearer abc", "Bearer abc"))).isEqualTo(new Bearer.Malformed());
    for (var lax :
        List.of(
            "",
            "Bearer",
            "Bearer ",
            "Bearer  abc",
            " Bearer abc",
            "Bearer abc ",
            "Bearer\tabc",
            "abc",
            "Basic abc",
            "Bearer abc def",
            "Bearer abc,Bearer def",
            "Bearer: abc",
            "Bearer a=b",
            "Bearer \u00e4",
            "Token abc",
            "Bearer abc\n")) {
      assertThat(Bearer.of(List.of(lax))).as(lax).isEqualTo(new Bearer.Malformed());
    }
    assertThat(new Bearer.Token("abc").toString()).doesNotContain("abc");
  }

  private static String post(String headers) {
    return "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + headers
        + "\r\n\r\n";
  }

  static String code(String body) {
    return new JsonObject(body).getString("code");
  }
}
