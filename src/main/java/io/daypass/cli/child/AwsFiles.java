package io.daypass.cli.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the command reads instead of the person's AWS files. SDKs look for a default profile there
 * before they ask a container's agent; one with keys of its own would silently be used instead of
 * the role. So the file of keys is empty for the command, and in the other one the default profile
 * keeps everything but what leads to keys. Read as botocore does, which is the laxest.
 */
record AwsFiles(Map<String, String> environment, Path home, String role) {

  private static final Set<String> LEADS_TO_KEYS =
      Set.of(
          "aws_access_key_id",
          "aws_secret_access_key",
          "aws_session_token",
          "aws_security_token",
          "role_arn",
          "source_profile",
          "credential_source",
          "credential_process",
          "web_identity_token_file",
          "login_session",
          "sso_session",
          "sso_account_id",
          "sso_role_name",
          "sso_start_url");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})");

  /** Writes the files into {@code scratch}, and sets the variables that lead there. */
  void putAside(Map<String, String> set, List<String> notes, Path scratch) throws IOException {
    var empty = write(scratch.resolve("credentials"), List.of()).toString();
    set.put("AWS_SHARED_CREDENTIALS_FILE", empty);
    // Botocore also reads the files of its predecessor.
    set.put("BOTO_CONFIG", empty);
    var settings = lines(file("AWS_CONFIG_FILE", "config"));
    var kept = settings.stream().filter(line -> !line.leadsToKeys()).map(Line::text).toList();
    set.put("AWS_CONFIG_FILE", write(scratch.resolve("config"), kept).toString());
    if (kept.size() < settings.size()
        || lines(file("AWS_SHARED_CREDENTIALS_FILE", "credentials")).stream()
            .anyMatch(Line::leadsToKeys)) {
      notes.add("the keys of your default AWS profile are put aside for this command");
    }
    // Botocore reads one of them, most others the other.
    region(settings)
        .ifPresent(region -> {
          set.put("AWS_REGION", region);
          set.put("AWS_DEFAULT_REGION", region);
        });
  }

  /**
   * That of the profile which the command would have used, which is gone for it; else, where the
   * default profile names none, that of the profile that {@code daypass aws configure} wrote for
   * the role.
   */
  private Optional<String> region(List<Line> settings) {
    if (environment.containsKey("AWS_REGION") || environment.containsKey("AWS_DEFAULT_REGION")) {
      return Optional.empty();
    }
    var profile =
        Stream.of("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(name -> !name.isBlank())
            .findFirst()
            .orElse("default");
    if (profile.equals("default")) {
      return region(settings, "default").isPresent() ? Optional.empty() : region(settings, role);
    }
    return region(settings, profile).or(() -> region(settings, role));
  }

  private static Optional<String> region(List<Line> settings, String profile) {
    return settings.stream()
        .filter(line -> line.profile().equals(profile) && line.key().equals("region"))
        .map(Line::value)
        .findFirst();
  }

  /** A line of a file, and where it stands; a line that goes on has the key of the one before. */
  private record Line(String text, String profile, String key, String value) {
    boolean leadsToKeys() {
      return profile.equals("default") && LEADS_TO_KEYS.contains(key);
    }
  }

  private static List<Line> lines(Path file) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      return List.of();
    }
    var lines = new ArrayList<Line>();
    var profile = "";
    var key = "";
    // Bytes for bytes: what the command reads instead must say the same in any encoding.
    for (var text : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      var bare = text.strip();
      if (bare.startsWith("[") && bare.contains("]")) {
        profile = profile(bare.substring(1, bare.indexOf(']')));
        key = "";
        lines.add(new Line(text, profile, key, ""));
      } else if (!key.isEmpty() && !bare.isEmpty() && Character.isWhitespace(text.charAt(0))) {
        lines.add(new Line(text, profile, key, bare));
      } else {
        var cut = cut(bare);
        key = cut < 1 ? "" : bare.substring(0, cut).strip().toLowerCase(Locale.ROOT);
        lines.add(new Line(text, profile, key, cut < 1 ? "" : bare.substring(cut + 1).strip()));
      }
    }
    return lines;
  }

  /** Where a name ends: at the first {@code =} or {@code :}. */
  private static int cut(String line) {
    var equals = line.indexOf('=');
    var colon = line.indexOf(':');
    return equals < 0 || (colon >= 0 && colon < equals) ? colon : equals;
  }

  /** {@code profile "default"} and {@code default} are the same. */
  private static String profile(String section) {
    var name = section.strip();
    var bare = name.matches("profile\\s.*") ? name.substring("profile".length()).strip() : name;
    return bare.replace("\"", "").replace("'", "").strip();
  }

  private static Path write(Path file, List<String> lines) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.createFile(file, owner);
    return Files.writeString(file, String.join("\n", lines), StandardCharsets.ISO_8859_1);
  }

  /** The file that the variable names, with what it names in turn; or the usual one. */
  private Path file(String variable, String usual) throws IOException {
    var set = environment.getOrDefault(variable, "");
    if (set.isBlank()) {
      return home.resolve(".aws").resolve(usual);
    }
    var expanded =
        VARIABLE
            .matcher(set.startsWith("~/") ? home + set.substring(1) : set)
            .replaceAll(found -> {
              var name = found.group(1) == null ? found.group(2) : found.group(1);
              return Matcher.quoteReplacement(environment.getOrDefault(name, found.group()));
            });
    try {
      return Path.of(expanded);
    } catch (InvalidPathException e) {
      throw new IOException("no path is in " + variable, e);
    }
  }
}
