package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Form;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** What whoever began a sign-in must prove later (RFC 7636); S256 only. */
record Challenge(String text) {

  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{43}");

  /** The one in {@code form}; empty if there is none that could be proved. */
  static Optional<Challenge> of(Form form) {
    return form.get("code_challenge")
        .filter(text -> SHAPE.matcher(text).matches())
        .filter(_ -> form.get("code_challenge_method", "plain").equals("S256"))
        .map(Challenge::new);
  }

  /** Whether {@code form} brings what only they know. */
  boolean isProvedBy(Form form) {
    return form.get("code_verifier").map(Challenge::s256).equals(Optional.of(text));
  }

  private static String s256(String verifier) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
