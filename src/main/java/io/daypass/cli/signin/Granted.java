package io.daypass.cli.signin;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Form;
import io.daypass.cli.client.Http.Reply;
import io.daypass.cli.client.Http.UnreachableException;
import io.daypass.cli.client.IdToken;
import io.daypass.cli.client.Members;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a sign-in gave. What it claims has been compared with what was asked for; its signature is
 * the broker's to check, before it is kept.
 */
public record Granted(String idToken, Instant expires, @Nullable String refreshToken) {

  static Reply ask(Issuer issuer, Map<String, String> fields) {
    try {
      return Form.post(issuer.token(), fields);
    } catch (UnreachableException e) {
      throw Failure.passing(
          "the issuer " + issuer.url() + " cannot be reached: " + e.why(),
          "look at the network, then try again");
    }
  }

  /**
   * The tokens in an answer of the token endpoint (OpenID Connect Core, 3.1.3.7).
   *
   * @param nonce what the ID token must carry; null where none could be sent
   */
  static Granted read(Issuer issuer, Members answer, @Nullable String nonce, Instant now) {
    var token = answer.text("id_token").orElseThrow(() -> wrong("it gave no id token"));
    var claims = IdToken.read(token).orElseThrow(() -> wrong("its id token is unreadable"));
    var expires = claims.expires().orElseThrow(() -> wrong("its id token has no end"));
    if (!claims.claims().text("iss").equals(Optional.of(issuer.url()))) {
      throw wrong("its id token is another issuer's");
    }
    var audience = claims.claims().texts("aud");
    var party = claims.claims().text("azp");
    if (!audience.contains(issuer.clientId())
        || party.filter(azp -> !azp.equals(issuer.clientId())).isPresent()) {
      throw wrong("its id token is for another client");
    }
    if (nonce != null && !claims.claims().text("nonce").equals(Optional.of(nonce))) {
      throw wrong("its id token belongs to another sign-in");
    }
    if (!expires.isAfter(now)) {
      throw wrong("its id token has expired: is this machine's clock right?");
    }
    return new Granted(token, expires, answer.text("refresh_token").orElse(null));
  }

  static Failure wrong(String why) {
    return Failure.of("the issuer's answer cannot be used: " + why, "daypass login");
  }

  @Override
  public String toString() {
    return "Granted[until " + expires + "]";
  }
}
