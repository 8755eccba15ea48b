package io.daypass.sandbox.notices;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Slack's Block Kit reference says of the blocks that notices use. Nothing else is taken. */
final class SlackRules {

  private static final int MOST_BLOCKS = 50;
  private static final int LONGEST_HEADER = 150;
  private static final int LONGEST_SECTION = 3000;
  // What Slack acts on: <!here>, <@U123>, <#C123>, <https://...|...>, and entities left bare.
  private static final Pattern CONTROL = Pattern.compile("[<>]|&(?!amp;|lt;|gt;)");
  private static final Pattern LINKS =
      Pattern.compile(
          "<https?://[A-Za-z0-9.:/_-]+\\|[A-Za-z ]+>( +<https?://[A-Za-z0-9.:/_-]+\\|[A-Za-z ]+>)?");

  private SlackRules() {}

  /** Slack's word for what is wrong; empty if nothing is. */
  static Optional<String> wrong(JsonObject body) {
    var text = body.getString("text", "");
    if (text.isBlank() || CONTROL.matcher(text).find()) {
      return Optional.of("no_text");
    }
    var blocks = body.getJsonArray("blocks", new JsonArray());
    if (blocks.isEmpty() || blocks.size() > MOST_BLOCKS) {
      return Optional.of("invalid_blocks");
    }
    for (var block : blocks) {
      if (!good((JsonObject) block)) {
        return Optional.of("invalid_blocks");
      }
    }
    return Optional.empty();
  }

  private static boolean good(JsonObject block) {
    var text = block.getJsonObject("text");
    var content = text.getString("text");
    return switch (block.getString("type") + " " + text.getString("type")) {
      case "header plain_text" -> plain(content, LONGEST_HEADER);
      case "section plain_text" -> plain(content, LONGEST_SECTION);
      case "section mrkdwn" ->
          text.getBoolean("verbatim")
              && content.length() <= LONGEST_SECTION
              && LINKS.matcher(content).matches();
      default -> false;
    };
  }

  private static boolean plain(String content, int longest) {
    return !content.isBlank() && content.length() <= longest && !CONTROL.matcher(content).find();
  }
}
