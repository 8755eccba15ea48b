package io.daypass.notice.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.Secret;
import io.daypass.notice.Messages;
import io.daypass.notice.NotDelivered;
import io.daypass.notice.NoticeKind;
import io.daypass.notice.Post;
import io.daypass.notice.post.HttpPosts;
import io.daypass.request.Approval.Verdict;
import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlackMediumTest {

  private Sandbox sandbox;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start();
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  private SlackMedium medium(Post post) {
    return new SlackMedium(post, new Secret(sandbox.board().slackUrl()));
  }

  private JsonObject delivered(Messages message) throws NotDelivered {
    try (var medium = medium(HttpPosts.patient())) {
      medium.deliver(message.make());
    }
    return sandbox.board().list("slack").getLast();
  }

  private static List<String> texts(JsonObject body, String type) {
    var texts = new ArrayList<String>();
    for (var block : body.getJsonArray("blocks")) {
      var text = ((JsonObject) block).getJsonObject("text");
      if (text.getString("type").equals(type)) {
        texts.add(text.getString("text"));
      }
    }
    return texts;
  }

  private void refused(Post post, String code) {
    try (var medium = medium(post)) {
      assertThatThrownBy(() -> medium.deliver(Messages.of(NoticeKind.WAITING).make()))
          .isInstanceOfSatisfying(
              NotDelivered.class,
              e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.toString()).doesNotContain(sandbox.board().slackUrl());
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_kind_is_taken(NoticeKind kind) throws NotDelivered {
    assertThat(delivered(Messages.of(kind)).getString("text")).startsWith(kind.phrase());
  }

  @Test
  void who_decides_reads_what_is_asked_and_opens_the_page_and_the_run() throws NotDelivered {
    var body = delivered(Messages.of(NoticeKind.WAITING).by(Messages.run("mallory")));
    assertThat(String.join("\n", texts(body, "plain_text")))
        .contains(
            "Approval needed: prod-admin for repo:acme/shop:environment:release",
            "Reason: disk full",
            "Must agree: 1 person with \"leads\" in groups",
            "Repository: acme/shop",
            "Ref: refs/heads/main",
            "Commit: 8f3c1d2e",
            "Actor: mallory",
            "Run: https://github.com/acme/shop/actions/runs/77/attempts/2");
    assertThat(texts(body, "mrkdwn"))
        .containsExactly(
            "<https://daypass.example.com/requests/0123456789abcdef|Open in Daypass>"
                + "   <https://github.com/acme/shop/actions/runs/77/attempts/2|Open the run>");
    assertThat(body.getBoolean("unfurl_links")).isFalse();
  }

  @Test
  void c11_what_callers_write_calls_nobody_and_links_nowhere() throws NotDelivered {
    var body =
        delivered(
            Messages.of(NoticeKind.WAITING)
                .by(Messages.run(Messages.HOSTILE))
                .reason(Messages.HOSTILE)
                .decided("bob", Verdict.APPROVE, Messages.HOSTILE));
    var text = String.join("\n", texts(body, "plain_text"));
    assertThat(text)
        .contains("&lt;!channel&gt;", "&lt;https://evil.example|Approve&gt;", "&amp;amp;")
        .doesNotContain("<", ">", "@here")
        .doesNotContainPattern("(?m)^(Yes: bob\t|Bcc)");
    assertThat(texts(body, "mrkdwn")).hasSize(1);
    assertThat(texts(body, "mrkdwn").getFirst()).doesNotContain("evil");
  }

  @Test
  void a_name_of_nothing_but_what_must_be_escaped_still_gets_through() throws NotDelivered {
    var message =
        Messages.of(NoticeKind.WAITING)
            .by(Messages.person("&".repeat(300)))
            .reason("<".repeat(1000));
    for (var i = 0; i < 9; i++) {
      message.decided("&".repeat(200), Verdict.APPROVE, ">".repeat(1000));
    }
    var body = delivered(message);
    assertThat(body.getString("text").length()).isLessThanOrEqualTo(150);
    assertThat(body.getJsonArray("blocks").size()).isBetween(4, 20);
  }

  @Test
  void names_that_call_everybody_are_words() {
    assertThat(SlackText.of("@channel @HERE @everyone a@hereford.example", 200))
        .doesNotContainPattern("@(?i:channel|here\\b|everyone)")
        .contains("a@hereford.example");
    assertThat(SlackText.of("🙂🙂🙂", 5)).isEqualTo("🙂🙂…");
  }

  @Test
  void f38_a_slack_that_fails_redirects_or_lies_has_not_taken_it() {
    var faults = sandbox.board().slackFaults();
    faults.next(new Fault.Refuse(404, "channel_not_found"), 1);
    refused(HttpPosts.patient(), "slack_channel_not_found");
    faults.next(new Fault.Refuse(400, "what callers wrote, quoted"), 1);
    refused(HttpPosts.patient(), "http_400");
    faults.next(new Fault.Refuse(500, "no"), 1);
    refused(HttpPosts.patient(), "http_500");
    faults.next(Fault.redirect("https://evil.example/"), 1);
    refused(HttpPosts.patient(), "http_302");
    for (var fault : List.of(Fault.html(), Fault.garbage(), new Fault.Endless())) {
      faults.next(fault, 1);
      refused(HttpPosts.patient(), "http_200");
    }
    faults.next(new Fault.Cut(), 1);
    refused(HttpPosts.patient(), "no_answer");
  }

  @Test
  void f38_a_slack_that_hangs_or_drips_is_left_at_the_deadline() {
    var faults = sandbox.board().slackFaults();
    faults.next(new Fault.Hang(), 1);
    refused(HttpPosts.impatient(), "timeout");
    faults.next(new Fault.Drip(Duration.ofSeconds(5)), 1);
    refused(HttpPosts.impatient(), "timeout");
  }
}
