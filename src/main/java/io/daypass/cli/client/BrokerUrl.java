package io.daypass.cli.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** The public URL of a broker: https, or http on this machine, with no path. */
public record BrokerUrl(String text) {

  /** {@code text} as a broker's URL; empty if a token must not be sent there. */
  public static Optional<BrokerUrl> parse(String text) {
    try {
      var uri = new URI(text.strip());
      var path = uri.getRawPath();
      var plain =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && (path == null || path.isEmpty() || path.equals("/"));
      if (!plain || !isSafe(uri)) {
        return Optional.empty();
      }
      var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      return Optional.of(
          new BrokerUrl(uri.getScheme() + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /** Whether a secret may be sent to {@code uri}: encrypted, or to this machine only. */
  public static boolean isSafe(URI uri) {
    var host = uri.getHost();
    return host != null
        && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isHere(host)));
  }

  // RFC 6761, 6.3: the name localhost is this machine.
  private static boolean isHere(String host) {
    var name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost") || name.equals("[::1]") || isLoopbackAddress(name);
  }

  /** Four numbers of which the first is 127; a name that only starts so is somewhere else. */
  private static boolean isLoopbackAddress(String host) {
    var parts = host.split("\\.", -1);
    if (parts.length != 4 || !parts[0].equals("127")) {
      return false;
    }
    for (var part : parts) {
      if (part.isEmpty() || part.length() > 3 || !isNumber(part)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  public URI at(String path) {
    return URI.create(text + path);
  }

  /** A name for files about this broker; not unique, so the file says the URL too. */
  public String fileName() {
    return text.replace(':', '_').replace('/', '_').replace('[', '_').replace(']', '_');
  }

  @Override
  public String toString() {
    return text;
  }
}
