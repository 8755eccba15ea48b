package io.daypass.cli.credential;

import io.daypass.cli.client.Members;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A token by itself, for whatever takes one.
 *
 * @param member what the broker calls it
 */
public record BearerToken(String name, String suits, String member) implements Format {

  /** An access token of Google's. */
  public static final BearerToken GOOGLE =
      new BearerToken("gcp", "a role of Google Cloud", "access_token");

  /** An access token of Azure's. */
  public static final BearerToken AZURE =
      new BearerToken("azure", "a role of Azure", "access_token");

  /** A token that Daypass signed for another audience. */
  public static final BearerToken OIDC =
      new BearerToken("oidc", "a role of an OIDC audience", "id_token");

  @Override
  public Optional<Shaped> shape(Members answer) {
    // Google's and Azure's answers are told apart by the scope, as Keys does: a token of the one
    // shown to the other would be in strange hands.
    var mine = member.equals("id_token") || answer.text("scope").isPresent() == equals(AZURE);
    var token = mine ? answer.text(member).filter(BearerToken::isPlain) : Optional.<String>empty();
    var expires = expires(answer);
    return token.isEmpty() || expires.isEmpty()
        ? Optional.empty()
        : Optional.of(new Shaped(token.get(), expires.get()));
  }

  static Optional<Instant> expires(Members answer) {
    try {
      return answer.text("expires_at").map(Instant::parse);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** Text that is the same in JSON, in a header and on one line as it is. */
  static boolean isPlain(String token) {
    // A loop: a stream takes milliseconds to load, and SDKs wait for this.
    for (var i = 0; i < token.length(); i++) {
      var c = token.charAt(i);
      if (c <= ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return !token.isEmpty();
  }
}
