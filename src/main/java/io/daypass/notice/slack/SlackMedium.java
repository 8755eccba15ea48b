package io.daypass.notice.slack;

import io.daypass.cloud.Secret;
import io.daypass.document.Json;
import io.daypass.notice.Medium;
import io.daypass.notice.Message;
import io.daypass.notice.NotDelivered;
import io.daypass.notice.Post;
import io.daypass.notice.Wording;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A Slack channel, by an incoming webhook, whose URL is a secret. What callers wrote stands in
 * {@code plain_text} objects, where Slack looks for no mention, no link and no formatting, with its
 * control characters escaped besides; links are ours alone.
 */
public final class SlackMedium implements Medium {

  // Slack's Block Kit reference: header and section blocks.
  private static final int LONGEST_HEADER = 150;
  private static final int LONGEST_SECTION = 3000;
  private static final int LONGEST_LINE = 500;
  private static final int ANSWER = 1024;

  /** Slack's words for a no, in "Sending messages using incoming webhooks". */
  private static final Set<String> KNOWN =
      Set.of(
          "invalid_payload",
          "invalid_blocks",
          "invalid_token",
          "no_service",
          "no_service_id",
          "no_team",
          "no_text",
          "team_disabled",
          "user_not_found",
          "channel_not_found",
          "channel_is_archived",
          "action_prohibited",
          "posting_to_general_channel_denied");

  private final Post post;
  private final Secret url;

  public SlackMedium(Post post, Secret url) {
    this.post = post;
    this.url = url;
  }

  @Override
  public void deliver(Message message) throws NotDelivered {
    var body = Json.write((Object) payload(Wording.of(message)));
    var reply =
        post.send(
            URI.create(url.reveal()),
            Map.of("Content-Type", "application/json; charset=utf-8"),
            body.getBytes(StandardCharsets.UTF_8),
            ANSWER);
    var word = reply.body().strip();
    if (reply.status() != 200 || !word.equals("ok")) {
      throw reply.refused(KNOWN.contains(word) ? "slack_" + word : "http_" + reply.status());
    }
  }

  @Override
  public void close() {
    post.close();
  }

  private static Map<String, Object> payload(Wording.Words words) {
    var blocks = new ArrayList<Map<String, Object>>();
    blocks.add(
        Map.of("type", "header", "text", plain(SlackText.of(words.title(), LONGEST_HEADER))));
    for (var section : sections(words.lines())) {
      blocks.add(Map.of("type", "section", "text", plain(section)));
    }
    blocks.add(Map.of("type", "section", "text", links(words)));
    return Map.of(
        // What stands in a notification, where blocks do not.
        "text",
        SlackText.of(words.title(), LONGEST_HEADER),
        "blocks",
        blocks,
        // Nobody fetches the page ahead of whoever clicks.
        "unfurl_links",
        false,
        "unfurl_media",
        false);
  }

  private static List<String> sections(List<Wording.Line> lines) {
    var sections = new ArrayList<String>();
    var section = new StringBuilder();
    for (var line : lines) {
      var text = line.label() + ": " + SlackText.of(line.text(), LONGEST_LINE);
      if (!section.isEmpty() && section.length() + 1 + text.length() > LONGEST_SECTION) {
        sections.add(section.toString());
        section.setLength(0);
      }
      section.append(section.isEmpty() ? "" : "\n").append(text);
    }
    if (!section.isEmpty()) {
      sections.add(section.toString());
    }
    return sections;
  }

  private static Map<String, Object> plain(String text) {
    return Map.of("type", "plain_text", "text", text, "emoji", false);
  }

  // Both are of our own making: the page of ours, the run of letters, digits and slashes only.
  private static Map<String, Object> links(Wording.Words words) {
    var text = "<" + words.page() + "|Open in Daypass>";
    var run = words.run();
    if (run != null) {
      text += "   <" + run + "|Open the run>";
    }
    return Map.of("type", "mrkdwn", "text", text, "verbatim", true);
  }
}
