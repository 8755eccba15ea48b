package io.daypass.cli.signin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Shows an issuer that who fetches the tokens is who began the sign-in (RFC 7636, with S256). On
 * another device too, where RFC 8628 does not ask for it: Keycloak does, of a client that must
 * bring it, and whoever does not know it passes over it (RFC 6749, 3.2).
 */
record Pkce(String verifier) {

  /**
   * A new one.
   *
   * @param unguessable new random text each time, at least 128 bits
   */
  static Pkce of(Supplier<String> unguessable) {
    // RFC 7636, 4.1: 43 to 128 characters.
    return new Pkce(unguessable.get() + unguessable.get());
  }

  /** What goes with the beginning; it says nothing of the verifier. */
  Map<String, String> challenge() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      var hash = sha.digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Map.of(
          "code_challenge",
          Base64.getUrlEncoder().withoutPadding().encodeToString(hash),
          "code_challenge_method",
          "S256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Pkce[]";
  }
}
