package io.daypass.cli.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody signed in to a broker from this machine, as it is kept in a file.
 *
 * @param id names this sign-in among all of this machine; what is cached for it stands under it
 * @param issuer where they signed in
 * @param tokenEndpoint where the issuer renews
 * @param revocationEndpoint where it forgets (RFC 7009); null if it cannot
 * @param expires the end of the ID token
 * @param refreshToken renews it; null if the issuer gave none
 */
public record SignIn(
    BrokerUrl broker,
    String id,
    String issuer,
    String clientId,
    String tokenEndpoint,
    @Nullable String revocationEndpoint,
    String idToken,
    Instant expires,
    @Nullable String refreshToken) {

  /**
   * The same person with a newer token; an issuer that sends no refresh token keeps the old one.
   */
  SignIn renewed(String token, Instant until, Optional<String> refresh) {
    return new SignIn(
        broker,
        id,
        issuer,
        clientId,
        tokenEndpoint,
        revocationEndpoint,
        token,
        until,
        refresh.orElse(refreshToken));
  }

  /** Whether both were made by one person, at one issuer, for one client of it. */
  public boolean isOfSamePerson(SignIn other) {
    var subject = subject();
    return subject.isPresent()
        && subject.equals(other.subject())
        && issuer.equals(other.issuer)
        && clientId.equals(other.clientId);
  }

  private Optional<String> subject() {
    return IdToken.read(idToken).flatMap(token -> token.claims().text("sub"));
  }

  String text() {
    var lines = new LinkedHashMap<String, String>();
    lines.put("broker", broker.text());
    lines.put("id", id);
    lines.put("issuer", issuer);
    lines.put("client_id", clientId);
    lines.put("token_endpoint", tokenEndpoint);
    if (revocationEndpoint != null) {
      lines.put("revocation_endpoint", revocationEndpoint);
    }
    lines.put("id_token", idToken);
    lines.put("expires", Long.toString(expires.getEpochSecond()));
    if (refreshToken != null) {
      lines.put("refresh_token", refreshToken);
    }
    return Lines.write(lines);
  }

  /**
   * The sign-in that {@code text} keeps for {@code broker}; empty if it is another's or cut off.
   */
  static Optional<SignIn> read(String text, BrokerUrl broker) {
    return Lines.read(text)
        .filter(lines -> broker.text().equals(lines.get("broker")))
        .flatMap(lines -> read(lines, broker));
  }

  private static Optional<SignIn> read(Map<String, String> lines, BrokerUrl broker) {
    var id = lines.get("id");
    var issuer = lines.get("issuer");
    var clientId = lines.get("client_id");
    var endpoint = lines.get("token_endpoint");
    var token = lines.get("id_token");
    var expires = lines.get("expires");
    if (id == null
        || issuer == null
        || clientId == null
        || endpoint == null
        || token == null
        || expires == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SignIn(
              broker,
              id,
              issuer,
              clientId,
              endpoint,
              lines.get("revocation_endpoint"),
              token,
              Instant.ofEpochSecond(Long.parseLong(expires)),
              lines.get("refresh_token")));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "SignIn[" + broker + " at " + issuer + "]";
  }
}
