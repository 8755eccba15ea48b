package io.daypass.settings;

import io.daypass.document.MappingReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Reads URLs; in clear text only what stays on this machine. */
final class Urls {

  private Urls() {}

  /** An https URL (http on loopback) without user, query and fragment. */
  static Optional<URI> read(MappingReader in, String key) {
    var uri = in.parsed(key, Urls::parse, "a URL such as https://host/path");
    if (uri.isPresent() && !isSafe(uri.get())) {
      in.problem(key, "not_https", "\"" + key + "\" must be https; http is for loopback only");
      return Optional.empty();
    }
    return uri;
  }

  /** The same of a text that must not be quoted. */
  static Optional<URI> safe(String text) {
    return parse(text).filter(Urls::isSafe);
  }

  private static Optional<URI> parse(String text) {
    try {
      var uri = new URI(text);
      var scheme = uri.getScheme();
      var plain =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && uri.normalize().equals(uri);
      return plain && ("https".equals(scheme) || "http".equals(scheme))
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private static boolean isSafe(URI uri) {
    return "https".equals(uri.getScheme()) || isLoopback(uri.getHost());
  }

  /** Whether {@code host} can only be this machine (RFC 6761, 6.3 for the name). */
  static boolean isLoopback(String host) {
    var name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || name.equals("::1")
        || (name.startsWith("127.") && Network.address(name).isPresent());
  }
}
