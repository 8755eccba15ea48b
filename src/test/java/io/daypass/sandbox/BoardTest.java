package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receivers of notices take only what real ones would. */
class BoardTest {

  private final HttpClient http = HttpClient.newHttpClient();
  private final String id = UUID.randomUUID().toString();
  private Sandbox sandbox;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start();
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  private JsonObject notice() {
    return new JsonObject()
        .put("version", 1)
        .put("id", id)
        .put("type", "waiting")
        .put("timestamp", Instant.now().toString())
        .put("data", new JsonObject().put("url", "https://daypass.example.com/"));
  }

  private int webhook(String signedId, Instant at, String signed, String sent) throws Exception {
    var timestamp = String.valueOf(at.getEpochSecond());
    var mac = Mac.getInstance("HmacSHA256");
    var key = Base64.getDecoder().decode(sandbox.board().webhookSecret().substring(6));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    var hash =
        mac.doFinal((signedId + "." + timestamp + "." + signed).getBytes(StandardCharsets.UTF_8));
    var request =
        HttpRequest.newBuilder(URI.create(sandbox.board().webhookUrl()))
            .header("Content-Type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", "v1," + Base64.getEncoder().encodeToString(hash))
            .POST(HttpRequest.BodyPublishers.ofString(sent));
    return http.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  @Test
  void what_is_signed_now_by_the_right_key_is_taken_and_shown() throws Exception {
    var body = notice().encode();
    assertThat(webhook(id, Instant.now(), body, body)).isEqualTo(200);
    assertThat(Http.get(sandbox.url() + "/notices").body()).contains("\"by\":\"webhook\"", id);
  }

  @Test
  void what_is_changed_old_of_another_id_or_no_notice_is_not_taken() throws Exception {
    var body = notice().encode();
    assertThat(webhook(id, Instant.now(), body, body + " ")).isEqualTo(401);
    assertThat(webhook("other", Instant.now(), body, body)).isEqualTo(401);
    assertThat(webhook(id, Instant.now().minusSeconds(600), body, body)).isEqualTo(401);
    assertThat(webhook(id, Instant.now().plusSeconds(600), body, body)).isEqualTo(401);
    for (var bad : new String[] {"{}", "[]", "", notice().put("version", 2).encode()}) {
      assertThat(webhook(id, Instant.now(), bad, bad)).as(bad).isEqualTo(400);
    }
    assertThat(sandbox.board().list()).isEmpty();
  }

  private String slack(String url, JsonObject body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
    return http.send(request.build(), BodyHandlers.ofString()).body();
  }

  private static JsonObject message(String header, String section, String links) {
    return new JsonObject()
        .put("text", header)
        .put(
            "blocks",
            new JsonArray()
                .add(block("header", "plain_text", header))
                .add(block("section", "plain_text", section))
                .add(block("section", "mrkdwn", links)));
  }

  private static JsonObject block(String type, String format, String text) {
    return new JsonObject()
        .put("type", type)
        .put("text", new JsonObject().put("type", format).put("text", text).put("verbatim", true));
  }

  @Test
  void slack_takes_blocks_within_its_limits_and_nothing_that_acts() throws Exception {
    var url = sandbox.board().slackUrl();
    var link = "<https://daypass.example.com/requests/x|Open in Daypass>";
    assertThat(slack(url, message("a", "b", link))).isEqualTo("ok");
    assertThat(slack(url + "x", message("a", "b", link))).isEqualTo("invalid_token");
    assertThat(slack(url, message("a".repeat(151), "b", link))).isEqualTo("invalid_blocks");
    assertThat(slack(url, message("a", "b".repeat(3001), link))).isEqualTo("invalid_blocks");
    assertThat(slack(url, message("a", "<!here>", link))).isEqualTo("invalid_blocks");
    assertThat(slack(url, message("a & b", "c", link))).isEqualTo("no_text");
    assertThat(slack(url, message("a", "b", "*bold* " + link))).isEqualTo("invalid_blocks");
    assertThat(slack(url, new JsonObject().put("text", "a"))).isEqualTo("invalid_blocks");
    assertThat(slack(url, new JsonObject().put("text", "a").put("blocks", "b")))
        .isEqualTo("invalid_payload");
    assertThat(sandbox.board().list("slack")).hasSize(1);
  }
}
