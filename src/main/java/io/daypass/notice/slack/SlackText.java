package io.daypass.notice.slack;

import java.util.regex.Pattern;

/** Text as Slack shows it and nothing more ("Escaping text" in its formatting guide). */
final class SlackText {

  private static final Pattern SHOUT =
      Pattern.compile("@(?=(?:channel|here|everyone|group)\\b)", Pattern.CASE_INSENSITIVE);

  private SlackText() {}

  /**
   * {@code text} with what Slack would act on made harmless, in at most {@code most} characters.
   */
  static String of(String text, int most) {
    var escaped = new StringBuilder();
    // Where names are linked, a word joiner keeps a name from being one.
    var quiet = SHOUT.matcher(text).replaceAll("@\u2060");
    for (var i = 0; i < quiet.length(); ) {
      var point = quiet.codePointAt(i);
      var shown = shown(point);
      if (escaped.length() + shown.length() > most - 1) {
        return escaped.append('…').toString();
      }
      escaped.append(shown);
      i += Character.charCount(point);
    }
    return escaped.toString();
  }

  private static String shown(int point) {
    return switch (point) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      default -> Character.toString(point);
    };
  }
}
