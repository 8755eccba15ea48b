package io.daypass.cloud;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What stands in a module of Terraform's, read without Terraform and without its providers. */
public record TerraformText(String text) {

  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** {@code terraform/<module>/main.tf}. */
  public static TerraformText ofModule(String module) {
    return ofFile(module, "main.tf");
  }

  /** {@code terraform/<module>/<file>}. */
  public static TerraformText ofFile(String module, String file) {
    try {
      return new TerraformText(Files.readString(Path.of("terraform", module, file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The resource of this type and name. */
  public TerraformText resource(String type, String name) {
    return block("resource \"" + type + "\" \"" + name + "\"");
  }

  /** The block that begins so. */
  public TerraformText block(String head) {
    var at = text.indexOf(head);
    if (at < 0) {
      throw new AssertionError("there is no " + head);
    }
    var begin = text.indexOf('{', at);
    var depth = 0;
    for (var i = begin; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return new TerraformText(text.substring(begin + 1, i));
      }
    }
    throw new AssertionError("no end of " + head);
  }

  public boolean has(String key) {
    return assigned(key).matcher(text).find();
  }

  /** What {@code key} is, as it is written: an expression, or a text with its quotes. */
  public String raw(String key) {
    var found = assigned(key).matcher(text);
    if (!found.find()) {
      throw new AssertionError("nothing is assigned to " + key);
    }
    return text.substring(found.end()).lines().findFirst().orElseThrow().strip();
  }

  /** The text that {@code key} is, with what it refers to as it is written. */
  public String text(String key) {
    var quoted = QUOTED.matcher(raw(key));
    if (!quoted.matches()) {
      throw new AssertionError(key + " is no text");
    }
    return quoted.group(1);
  }

  /** The texts of the list that {@code key} is. */
  public List<String> texts(String key) {
    var found = assigned(key).matcher(text);
    if (!found.find()) {
      throw new AssertionError("nothing is assigned to " + key);
    }
    var list = text.substring(text.indexOf('[', found.start()), text.indexOf(']', found.end()));
    return QUOTED.matcher(list).results().map(text -> text.group(1)).toList();
  }

  /** The document that {@code key} is (a heredoc). */
  public String document(String key) {
    var found = assigned(key).matcher(text);
    if (!found.find()) {
      throw new AssertionError("nothing is assigned to " + key);
    }
    var from = text.indexOf('\n', found.end());
    return text.substring(from, text.indexOf("EOT", from));
  }

  /** The texts of a map whose keys are texts. */
  public Map<String, String> map() {
    var map = new LinkedHashMap<String, String>();
    text.lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> {
          var quoted = QUOTED.matcher(line).results().map(text -> text.group(1)).toList();
          map.put(quoted.get(0), quoted.get(1));
        });
    return map;
  }

  private static Pattern assigned(String key) {
    return Pattern.compile("(?m)^\\s*" + Pattern.quote(key) + "\\s*=\\s*");
  }
}
