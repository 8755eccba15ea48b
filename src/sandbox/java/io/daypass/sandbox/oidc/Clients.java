package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Form;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.regex.Pattern;

/** The two programs that may send people to sign in. */
public final class Clients {

  /** The command line: public, so PKCE is all it has. */
  public static final String CLI = "daypass-cli";

  /** The pages: confidential. */
  public static final String WEB = "daypass-web";

  /** What the pages prove themselves with. Known to everybody, as is everybody's sign-in here. */
  public static final String WEB_SECRET = "sandbox-only-not-a-secret";

  // RFC 8252, 7.3: a native client may use any port of a loopback address, the rest is exact.
  private static final Pattern LOOPBACK =
      Pattern.compile("http://(?:127\\.0\\.0\\.1|\\[::1\\])(?::[0-9]{1,5})?/callback");

  private final Set<String> webRedirects = new CopyOnWriteArraySet<>();

  /** Adds a redirect URI of the pages, which must then be used exactly so. */
  public void webRedirect(String uri) {
    webRedirects.add(uri);
  }

  boolean known(String clientId) {
    return clientId.equals(CLI) || clientId.equals(WEB);
  }

  boolean mayRedirect(String clientId, String uri) {
    return switch (clientId) {
      case CLI -> LOOPBACK.matcher(uri).matches();
      case WEB -> webRedirects.contains(uri);
      default -> false;
    };
  }

  /** The client that proves itself at the token endpoint, or empty. */
  Optional<String> authenticate(Ask ask, Form form) {
    var basic = ask.header("Authorization").filter(header -> header.startsWith("Basic "));
    if (basic.isPresent()) {
      return isWeb(basic.get().substring(6)) ? Optional.of(WEB) : Optional.empty();
    }
    // The pages are registered for client_secret_basic, and a provider holds them to that.
    return form.get("client_id", "").equals(CLI) && form.get("client_secret").isEmpty()
        ? Optional.of(CLI)
        : Optional.empty();
  }

  /** Scheme, host and port of {@code uri}, as a content security policy names them. */
  static String origin(String uri) {
    var parsed = URI.create(uri);
    return parsed.getScheme() + "://" + parsed.getRawAuthority();
  }

  // RFC 6749, 2.3.1: both form-encoded before they are put together.
  private static boolean isWeb(String base64) {
    try {
      var pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      return MessageDigest.isEqual(
          pair.getBytes(StandardCharsets.UTF_8),
          (encoded(WEB) + ":" + encoded(WEB_SECRET)).getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
