package io.daypass.web.pages;

import io.daypass.web.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The two cookies. Both are {@code __Host-}: no other host and no plain HTTP can have set them (RFC
 * 6265bis, 4.1.3.2).
 */
final class Cookies {

  /** The session. */
  static final String SESSION = "__Host-daypass";

  /** The browser that a sign-in began in. */
  static final String FLOW = "__Host-daypass-flow";

  private Cookies() {}

  /** The value of a cookie; empty if it did not come, or came more than once. */
  static Optional<String> value(Call call, String name) {
    var values = new ArrayList<String>();
    for (var header : call.header("cookie")) {
      for (var pair : header.split(";", -1)) {
        var cut = pair.indexOf('=');
        if (cut > 0 && pair.substring(0, cut).strip().equals(name)) {
          values.add(pair.substring(cut + 1).strip());
        }
      }
    }
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  /** Sets the session: the browser forgets it when it closes, the server before that. */
  static String session(String value) {
    return SESSION + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Strict";
  }

  /** Takes the session back. */
  static String noSession() {
    return SESSION + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
  }

  /** Lax, because it must come along when the issuer sends the browser back. */
  static String flow(String value, Duration life) {
    return FLOW
        + "="
        + value
        + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="
        + life.toSeconds();
  }
}
