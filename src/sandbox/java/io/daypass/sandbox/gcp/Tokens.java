package io.daypass.sandbox.gcp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The access tokens given out, known by their SHA-256 only; the oldest give way. */
final class Tokens {

  private static final int KEPT = 20_000;

  private final SecureRandom random;
  private final Map<String, Token> byHash = new ConcurrentHashMap<>();
  private final ArrayDeque<String> order = new ArrayDeque<>();

  /** What a token stands for. */
  sealed interface Token {

    List<String> scopes();

    Instant issuedAt();

    Instant expiresAt();

    /** For a token of another issuer: {@code principals} are all the names IAM knows it by. */
    record Federated(
        String subject,
        Set<String> principals,
        List<String> scopes,
        Instant issuedAt,
        Instant expiresAt)
        implements Token {}

    /**
     * Of a service account.
     *
     * @param actor the subject that impersonates it, as Google's audit log names it
     */
    record OfAccount(
        String email, String actor, List<String> scopes, Instant issuedAt, Instant expiresAt)
        implements Token {}
  }

  Tokens(SecureRandom random) {
    this.random = random;
  }

  String issue(Token token) {
    var bytes = new byte[150];
    random.nextBytes(bytes);
    var kind = token instanceof Token.Federated ? "ya29.d." : "ya29.c.";
    var value = kind + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var hash = hash(value);
    byHash.put(hash, token);
    synchronized (order) {
      order.addLast(hash);
      if (order.size() > KEPT) {
        byHash.remove(order.removeFirst());
      }
    }
    return value;
  }

  Optional<Token> get(String value) {
    return byHash(hash(value));
  }

  Optional<Token> byHash(String hash) {
    return Optional.ofNullable(byHash.get(hash));
  }

  /** The token of an {@code Authorization} header, while it lives. */
  Token bearer(Optional<String> authorization, Instant now) {
    return authorization
        .filter(header -> header.startsWith("Bearer "))
        .flatMap(header -> get(header.substring("Bearer ".length())))
        .filter(token -> now.isBefore(token.expiresAt()))
        .orElseThrow(Refused::unauthenticated);
  }

  static String hash(String value) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
