package io.daypass.cli.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of an AWS config file: what the person wrote, and between two comment lines what we did.
 * Outside of those every byte stays as it is.
 */
public final class ConfigText {

  private static final String BEGIN =
      "# >>> written by daypass aws configure; what is changed in here will be lost >>>\n";
  private static final String END = "# <<< written by daypass aws configure <<<\n";
  private static final Pattern SECTION =
      Pattern.compile(
          "(?m)^[ \\t]*\\[[ \\t]*(?:profile[ \\t]+)?['\"]?([^\\]'\"]*?)['\"]?[ \\t]*\\]");
  private static final Pattern OURS =
      Pattern.compile(
          "\\[profile ([^\\]\\n]+)\\]\\ncredential_process = ([^\\n]*)\\n(?:region = ([^\\n]*)\\n)?");
  private static final Pattern DEFAULT_REGION =
      Pattern.compile(
          "(?m)^\\[default\\][ \\t]*\\r?\\n(?:(?!\\[).*\\n)*?[ \\t]*region[ \\t]*=[ \\t]*([a-z0-9-]+)");

  private final String before;
  private final Map<String, Profile> ours;
  private final String after;

  private ConfigText(String before, Map<String, Profile> ours, String after) {
    this.before = before;
    this.ours = ours;
    this.after = after;
  }

  /** Reads a file's text; empty if one of our two comment lines is missing or comes twice. */
  public static Optional<ConfigText> read(String text) {
    var begin = text.indexOf(BEGIN);
    var end = text.indexOf(END);
    if (begin < 0 && end < 0) {
      return Optional.of(new ConfigText(text, Map.of(), ""));
    }
    if (begin < 0
        || end < begin
        || text.indexOf(BEGIN, begin + 1) >= 0
        || text.indexOf(END, end + 1) >= 0) {
      return Optional.empty();
    }
    var ours = new LinkedHashMap<String, Profile>();
    var found = OURS.matcher(text.substring(begin + BEGIN.length(), end));
    while (found.find()) {
      ours.put(found.group(1), new Profile(found.group(1), found.group(2), found.group(3)));
    }
    return Optional.of(
        new ConfigText(text.substring(0, begin), ours, text.substring(end + END.length())));
  }

  /** The names of the sections that somebody else wrote. */
  public List<String> othersNames() {
    return names(before + "\n" + after);
  }

  /** The names of the sections of a config or credentials file. */
  public static List<String> names(String text) {
    var names = new ArrayList<String>();
    var found = SECTION.matcher(text);
    while (found.find()) {
      names.add(found.group(1));
    }
    return names;
  }

  /** The region of the person's default profile. */
  public Optional<String> defaultRegion() {
    var found = DEFAULT_REGION.matcher(before + "\n" + after);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** The region that one of our profiles has. */
  public @Nullable String region(String name) {
    var profile = ours.get(name);
    return profile == null ? null : profile.region();
  }

  /**
   * The text with these profiles.
   *
   * @param all whether they are all there shall be; else those that are there stay
   */
  public String with(List<Profile> profiles, boolean all) {
    var merged = all ? new LinkedHashMap<String, Profile>() : new LinkedHashMap<>(ours);
    profiles.forEach(profile -> merged.put(profile.name(), profile));
    if (merged.isEmpty() && ours.isEmpty()) {
      return before + after;
    }
    var text = new StringBuilder(before);
    if (ours.isEmpty() && !before.isEmpty()) {
      text.append(before.endsWith("\n") ? "\n" : "\n\n");
    }
    text.append(BEGIN);
    merged.values().stream().map(Profile::text).forEach(text::append);
    return text.append(END).append(after).toString();
  }
}
