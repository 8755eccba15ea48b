package io.daypass.settings;

import io.daypass.document.MappingReader;
import io.daypass.settings.DatabaseSettings.Address;
import io.daypass.settings.DatabaseSettings.Host;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads where the database is, in libpq's URL form. Of libpq's sslmodes only two are taken: {@code
 * verify-full}, and {@code disable} on loopback; the others look safe and are not.
 */
final class DatabaseReader {

  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://(?:([^:@/?]+)(?::([^@/?]*))?@)?([^/?@]+)/([^/?]+)(?:\\?(.*))?");
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
  private static final int PORT = 5432;

  private final SecretReader secrets;
  private final Path folder;

  DatabaseReader(SecretReader secrets, Path folder) {
    this.secrets = secrets;
    this.folder = folder;
  }

  Optional<DatabaseSettings> read(MappingReader in) {
    in.require("url");
    var service = address(in, "url", "password");
    var owner = address(in, "owner-url", "owner-password");
    in.finish();
    return service.map(address -> new DatabaseSettings(address, owner.orElse(null)));
  }

  private Optional<Address> address(MappingReader in, String key, String passwordKey) {
    var password = secrets.text(in, passwordKey);
    if (!in.has(key)) {
      if (password.isPresent()) {
        in.problem(passwordKey, "bad_value", "\"" + passwordKey + "\" is for a \"" + key + "\"");
      }
      return Optional.empty();
    }
    var what = "postgresql://user@host:5432/database?sslmode=verify-full";
    var parts = in.parsed(key, DatabaseReader::parse, "of the form " + what);
    return parts.flatMap(url -> checked(in, key, url, password.orElse(null), passwordKey));
  }

  private Optional<Address> checked(
      MappingReader in, String key, Parts url, @Nullable Hidden password, String passwordKey) {
    if (password != null && url.password() != null) {
      in.problem(passwordKey, "secret_twice", "\"" + key + "\" holds a password already");
      return Optional.empty();
    }
    var local = url.hosts().stream().allMatch(host -> Urls.isLoopback(host.name()));
    var mode = url.options().getOrDefault("sslmode", local ? "disable" : "verify-full");
    if (!mode.equals("verify-full") && !(mode.equals("disable") && local)) {
      in.problem(key, "tls_required", "sslmode is verify-full; disable is taken for loopback only");
      return Optional.empty();
    }
    var certificate = url.options().get("sslrootcert");
    var file = certificate == null ? null : folder.resolve(certificate);
    if (file != null && !Files.isReadable(file)) {
      in.problem(key, "bad_value", "sslrootcert cannot be read");
      return Optional.empty();
    }
    var secret = password != null ? password : url.password();
    return Optional.of(
        new Address(
            url.hosts(),
            url.database(),
            url.user(),
            secret == null ? new Hidden("") : secret,
            mode.equals("verify-full"),
            file == null ? null : file.toString()));
  }

  private record Parts(
      List<Host> hosts,
      String database,
      String user,
      @Nullable Hidden password,
      Map<String, String> options) {}

  private static Optional<Parts> parse(String text) {
    var matcher = URL.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var hosts = hosts(matcher.group(3));
    var options = options(matcher.group(5));
    if (hosts.isEmpty() || options.isEmpty()) {
      return Optional.empty();
    }
    try {
      var user = matcher.group(1);
      var password = matcher.group(2);
      return Optional.of(
          new Parts(
              hosts,
              decoded(matcher.group(4)),
              user == null ? "daypass" : decoded(user),
              password == null ? null : new Hidden(decoded(password)),
              options.get()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** All hosts, or none if one of them is not readable. */
  private static List<Host> hosts(String text) {
    var hosts = new ArrayList<Host>();
    for (var part : text.split(",", -1)) {
      var matcher = HOST.matcher(part);
      if (!matcher.matches()) {
        return List.of();
      }
      var port = matcher.group(2) == null ? PORT : Integer.parseInt(matcher.group(2));
      if (port < 1 || port > 65_535) {
        return List.of();
      }
      hosts.add(new Host(matcher.group(1).replaceAll("[\\[\\]]", ""), port));
    }
    return hosts;
  }

  private static Optional<Map<String, String>> options(@Nullable String text) {
    var options = new HashMap<String, String>();
    for (var pair : text == null ? new String[0] : text.split("&", -1)) {
      var parts = pair.split("=", 2);
      var known = parts[0].equals("sslmode") || parts[0].equals("sslrootcert");
      if (parts.length != 2 || !known || options.put(parts[0], decoded(parts[1])) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(options);
  }

  // A plus is a plus here; only percent signs are an encoding.
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
