package io.daypass.cli.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The person's AWS files. SDKs look for a default profile there before they ask a container's
 * agent; one with keys of its own would silently be used instead of the role.
 */
record AwsFiles(Path config, Path credentials, Map<String, String> environment) {

  private static final Set<String> LEADS_TO_KEYS =
      Set.of(
          "aws_access_key_id",
          "aws_secret_access_key",
          "aws_session_token",
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

  static AwsFiles of(Map<String, String> environment, Path home) {
    return new AwsFiles(
        path(environment, "AWS_CONFIG_FILE", home.resolve(".aws/config")),
        path(environment, "AWS_SHARED_CREDENTIALS_FILE", home.resolve(".aws/credentials")),
        environment);
  }

  /** Sets the variables under which the command finds no keys of the default profile. */
  void putAside(Map<String, String> set, List<String> notes, Path scratch) throws IOException {
    if (lines(credentials).stream().anyMatch(Line::leadsToKeys)) {
      set.put(
          "AWS_SHARED_CREDENTIALS_FILE",
          write(scratch.resolve("credentials"), List.of()).toString());
      notes.add("the keys of your default AWS profile are put aside for this command");
    }
    var settings = lines(config);
    if (settings.stream().anyMatch(Line::leadsToKeys)) {
      var kept = settings.stream().filter(line -> !line.leadsToKeys()).map(Line::text).toList();
      set.put("AWS_CONFIG_FILE", write(scratch.resolve("config"), kept).toString());
      notes.add("what your default AWS profile says of keys is put aside for this command");
    }
    regionOfProfile(settings).ifPresent(region -> set.put("AWS_REGION", region));
  }

  /** The profile that the command would have used is gone for it; its region need not be. */
  private Optional<String> regionOfProfile(List<Line> settings) {
    var profile = environment.getOrDefault("AWS_PROFILE", "");
    if (profile.isBlank()
        || environment.containsKey("AWS_REGION")
        || environment.containsKey("AWS_DEFAULT_REGION")) {
      return Optional.empty();
    }
    return settings.stream()
        .filter(line -> line.profile().equals(profile) && line.key().equals("region"))
        .map(Line::value)
        .findFirst();
  }

  /** A line of a file, and where it stands; key and value are empty where it is none. */
  private record Line(String text, String profile, String key, String value) {
    boolean leadsToKeys() {
      return profile.equals("default") && LEADS_TO_KEYS.contains(key);
    }
  }

  private static List<Line> lines(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return List.of();
    }
    var lines = new ArrayList<Line>();
    var profile = "";
    // Bytes for bytes: what the command reads instead must say the same in any encoding.
    for (var text : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      var bare = text.strip();
      if (bare.startsWith("[") && bare.contains("]")) {
        var name = bare.substring(1, bare.indexOf(']')).strip();
        profile = name.startsWith("profile ") ? name.substring("profile ".length()).strip() : name;
        lines.add(new Line(text, profile, "", ""));
      } else {
        int equals = bare.indexOf('=');
        var key = equals < 1 ? "" : bare.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        lines.add(new Line(text, profile, key, bare.substring(equals + 1).strip()));
      }
    }
    return lines;
  }

  private static Path write(Path file, List<String> lines) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.createFile(file, owner);
    return Files.writeString(file, String.join("\n", lines), StandardCharsets.ISO_8859_1);
  }

  private static Path path(Map<String, String> environment, String variable, Path usual) {
    var set = environment.getOrDefault(variable, "");
    return set.isBlank() ? usual : Path.of(set);
  }
}
