package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Form;
import java.net.URI;
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
      var pair = new String(decode(basic.get().substring(6)), StandardCharsets.UTF_8);
      return pair.equals(WEB + ":" + WEB_SECRET) ? Optional.of(WEB) : Optional.empty();
    }
    var clientId = form.get("client_id", "");
    return switch (clientId) {
      case CLI -> form.get("client_secret").isEmpty() ? Optional.of(CLI) : Optional.empty();
      case WEB -> form.get("client_secret").filter(Clients::isWebSecret).map(_ -> WEB);
      default -> Optional.empty();
    };
  }

  /** Scheme, host and port of {@code uri}, as a content security policy names them. */
  static String origin(String uri) {
    var parsed = URI.create(uri);
    return parsed.getScheme() + "://" + parsed.getRawAuthority();
  }

  private static boolean isWebSecret(String secret) {
    return MessageDigest.isEqual(
        secret.getBytes(StandardCharsets.UTF_8), WEB_SECRET.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }
}
