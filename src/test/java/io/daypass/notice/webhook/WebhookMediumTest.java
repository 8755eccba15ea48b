package io.daypass.notice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.Secret;
import io.daypass.notice.Messages;
import io.daypass.notice.NotDelivered;
import io.daypass.notice.NoticeKind;
import io.daypass.notice.Post;
import io.daypass.notice.post.HttpPosts;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.Approval.Verdict;
import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebhookMediumTest {

  private Sandbox sandbox;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start();
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  private WebhookMedium medium(Post post, String secret) {
    return new WebhookMedium(
        post,
        URI.create(sandbox.board().webhookUrl()),
        new WebhookKey(new Secret(secret)),
        InstantSource.system());
  }

  private WebhookMedium medium() {
    return medium(HttpPosts.patient(), sandbox.board().webhookSecret());
  }

  private JsonObject delivered(Messages message) throws NotDelivered {
    medium().deliver(message.make());
    return sandbox.board().list("webhook").getLast();
  }

  private void refused(Post post, String code) {
    try (var medium = medium(post, sandbox.board().webhookSecret())) {
      assertThatThrownBy(() -> medium.deliver(Messages.of(NoticeKind.WAITING).make()))
          .isInstanceOfSatisfying(NotDelivered.class, e -> assertThat(e.code()).isEqualTo(code));
    }
    assertThat(sandbox.board().list("webhook").size()).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void every_kind_is_signed_as_the_specification_says(NoticeKind kind) throws NotDelivered {
    var body = delivered(Messages.of(kind));
    assertThat(body.getString("type")).isEqualTo(kind.code());
    assertThat(body.getInteger("version")).isEqualTo(1);
    assertThat(body.getString("id")).isEqualTo("00000000-0000-0001-0000-000000000002");
    assertThat(body.getString("timestamp")).isEqualTo("2026-11-22T10:00:00Z");
  }

  @Test
  void the_signature_is_the_one_of_the_specification_s_own_example() {
    // github.com/standard-webhooks/standard-webhooks, libraries' test vector.
    var key = new WebhookKey(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assertThat(
            key.signature(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void a_secret_of_another_form_is_none() {
    assertThatThrownBy(() -> new WebhookKey(new Secret("secret")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_is_signed_with_another_secret_is_not_taken() {
    try (var medium = medium(HttpPosts.patient(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")) {
      assertThatThrownBy(() -> medium.deliver(Messages.of(NoticeKind.WAITING).make()))
          .isInstanceOfSatisfying(
              NotDelivered.class, e -> assertThat(e.code()).isEqualTo("http_401"));
    }
    assertThat(sandbox.board().list()).isEmpty();
  }

  @Test
  void a_request_is_told_in_the_api_s_words() throws NotDelivered {
    var data =
        delivered(
                Messages.of(NoticeKind.APPROVED)
                    .by(Messages.run("mallory"))
                    .decided("bob", Verdict.APPROVE, "go"))
            .getJsonObject("data");
    var request = data.getJsonObject("request");
    assertThat(request.getString("id")).isEqualTo("0123456789abcdef");
    assertThat(request.getString("url"))
        .isEqualTo("https://daypass.example.com/requests/0123456789abcdef");
    assertThat(request.getString("state")).isEqualTo("approved");
    assertThat(request.getJsonObject("requester"))
        .isEqualTo(
            new JsonObject()
                .put("issuer", "github")
                .put("subject", "repo:acme/shop:environment:release")
                .put("kind", "workload")
                .put("shown_as", "repo:acme/shop:environment:release"));
    assertThat(request.getJsonObject("origin"))
        .isEqualTo(
            new JsonObject()
                .put("repository", "acme/shop")
                .put("ref", "refs/heads/main")
                .put("commit", "8f3c1d2e")
                .put("actor", "mallory")
                .put("run", "https://github.com/acme/shop/actions/runs/77/attempts/2"));
    assertThat(request.getJsonArray("approval"))
        .isEqualTo(new JsonArray(List.of(Map.of("from", "\"leads\" in groups", "count", 1))));
    var approval = request.getJsonArray("approvals").getJsonObject(0);
    assertThat(approval.getJsonObject("approver").getString("subject")).isEqualTo("bob");
    assertThat(approval.getString("comment")).isEqualTo("go");
    assertThat(approval.getString("duration")).isEqualTo("30m");
    assertThat(data.getJsonObject("role"))
        .isEqualTo(
            new JsonObject()
                .put("name", "prod-admin")
                .put("description", "a role")
                .put("access", "write")
                .put("sensitivity", "high")
                .put("cloud", "aws"));
  }

  @Test
  void an_end_and_what_concerns_the_whole_broker_are_told() throws NotDelivered {
    assertThat(
            delivered(Messages.of(NoticeKind.REVOKED))
                .getJsonObject("data")
                .getJsonObject("request")
                .getJsonObject("ended")
                .getString("by"))
        .isEqualTo("pat@acme.example");
    medium().deliver(Messages.of(NoticeKind.STOPPED).broker(Map.of("reason", "incident")));
    var data = sandbox.board().list("webhook").getLast().getJsonObject("data");
    assertThat(data.getString("reason")).isEqualTo("incident");
    assertThat(data.getJsonObject("by").getString("subject")).isEqualTo("pat");
    assertThat(data.containsKey("request")).isFalse();
  }

  @Test
  void what_callers_write_arrives_as_they_wrote_it_and_as_text_only() throws NotDelivered {
    var request =
        delivered(Messages.of(NoticeKind.WAITING).reason(Messages.HOSTILE))
            .getJsonObject("data")
            .getJsonObject("request");
    assertThat(request.getString("reason")).isEqualTo(Messages.HOSTILE);
    assertThat(request.fieldNames()).doesNotContain("Bcc", "Yes");
  }

  @Test
  void f38_a_receiver_that_fails_redirects_or_lies_has_not_taken_it() {
    var faults = sandbox.board().webhookFaults();
    for (var status : List.of(400, 404, 410, 429, 500, 503)) {
      faults.next(new Fault.Refuse(status, "no"), 1);
      refused(HttpPosts.patient(), "http_" + status);
    }
    faults.next(Fault.redirect(sandbox.board().webhookUrl()), 1);
    refused(HttpPosts.patient(), "http_302");
    faults.next(new Fault.Close(), 1);
    refused(HttpPosts.patient(), "no_answer");
  }

  @Test
  void f38_a_receiver_that_asks_for_patience_is_heard() {
    sandbox
        .board()
        .webhookFaults()
        .next(
            new Fault.Rewrite(reply ->
                new io.daypass.sandbox.http.Reply(
                    429, "text/plain", "", Map.of("Retry-After", "90"))),
            1);
    assertThatThrownBy(() -> medium().deliver(Messages.of(NoticeKind.WAITING).make()))
        .isInstanceOfSatisfying(
            NotDelivered.class, e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(90)));
  }

  @Test
  void f38_a_receiver_that_hangs_is_left_at_the_deadline() {
    sandbox.board().webhookFaults().next(new Fault.Hang(), 1);
    refused(HttpPosts.impatient(), "timeout");
  }

  @Test
  void f38_a_yes_is_a_yes_however_long_or_slow_its_text() throws NotDelivered {
    var faults = sandbox.board().webhookFaults();
    faults.next(new Fault.Endless(), 1);
    faults.next(Fault.html(), 1);
    var medium = medium();
    medium.deliver(Messages.of(NoticeKind.WAITING).make());
    medium.deliver(Messages.of(NoticeKind.WAITING).make(Status.PENDING));
    assertThat(sandbox.board().list("webhook")).hasSize(2);
  }

  @Test
  void f38_a_receiver_that_is_down_has_not_taken_it() {
    var url = sandbox.board().webhookUrl();
    sandbox.close();
    var medium =
        new WebhookMedium(
            HttpPosts.patient(),
            URI.create(url),
            new WebhookKey(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
            InstantSource.system());
    assertThatThrownBy(() -> medium.deliver(Messages.of(NoticeKind.WAITING).make()))
        .isInstanceOfSatisfying(
            NotDelivered.class, e -> assertThat(e.code()).isEqualTo("no_answer"));
  }
}
