package io.daypass.web.pages;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What was filled into a form, as the API's calls would say it. */
final class Filled {

  private static final Pattern LOCAL =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}");

  private static final int MINUTES = "2027-01-31T08:00".length();

  private Filled() {}

  /** What was filled in; a field that was left empty is not there. */
  static Map<String, String> members(Map<String, String> fields) {
    var members = new HashMap<String, String>();
    fields.forEach((name, value) -> {
      // Browsers send line ends of text areas as CR LF (HTML standard, form submission).
      var text = value.replace("\r\n", "\n");
      if (!text.isBlank() && !name.equals("key")) {
        members.put(name, name.equals("starts_at") ? instant(text) : text);
      }
    });
    return members;
  }

  /** The form's own mark, by which it is done once however often it is sent. */
  static List<String> keys(Map<String, String> fields) {
    var key = fields.get("key");
    return key == null ? List.of() : List.of(key);
  }

  /** What a browser's field for dates shows of an instant that a link brought; UTC. */
  static String local(String instant) {
    var minutes = instant.length() < MINUTES ? "" : instant.substring(0, MINUTES);
    return LOCAL.matcher(minutes).matches() ? minutes : "";
  }

  // A browser's field for dates knows no zone; on these pages all times are UTC.
  static String instant(String text) {
    return LOCAL.matcher(text).matches() ? text + ":00Z" : text.endsWith("Z") ? text : text + "Z";
  }
}
