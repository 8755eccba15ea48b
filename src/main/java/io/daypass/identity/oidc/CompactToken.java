package io.daypass.identity.oidc;

import io.daypass.identity.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token in JWS compact form (RFC 7515 section 7.1), taken apart before any key is looked for.
 * Encrypted tokens have five parts and the JSON forms none: both are refused by their shape.
 */
final class CompactToken {

  private static final int LONGEST = 16 * 1024;

  private final TokenHeader header;
  private final Map<String, @Nullable Object> claims;
  private final byte[] signedBytes;
  private final String signature;

  private CompactToken(
      TokenHeader header,
      Map<String, @Nullable Object> claims,
      byte[] signedBytes,
      String signature) {
    this.header = header;
    this.claims = claims;
    this.signedBytes = signedBytes;
    this.signature = signature;
  }

  static Parsed parse(String token) {
    if (token.length() > LONGEST) {
      return new Parsed.Refused(Rejection.TOKEN_TOO_LARGE);
    }
    var first = token.indexOf('.');
    var second = token.indexOf('.', first + 1);
    if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      return new Parsed.Refused(Rejection.TOKEN_MALFORMED);
    }
    var signature = token.substring(second + 1);
    var members = Base64Url.decode(token.substring(0, first)).flatMap(StrictJson::object);
    var claims = Base64Url.decode(token.substring(first + 1, second)).flatMap(StrictJson::object);
    if (members.isEmpty() || claims.isEmpty() || Base64Url.decode(signature).isEmpty()) {
      return new Parsed.Refused(Rejection.TOKEN_MALFORMED);
    }
    var refusal = TokenHeader.refusal(members.get());
    if (refusal.isPresent()) {
      return new Parsed.Refused(refusal.get());
    }
    return new Parsed.Token(
        new CompactToken(
            TokenHeader.of(members.get()),
            claims.get(),
            token.substring(0, second).getBytes(StandardCharsets.US_ASCII),
            signature));
  }

  TokenHeader header() {
    return header;
  }

  /** Read from {@link #signedBytes}, and worth nothing until those are verified. */
  Map<String, @Nullable Object> claims() {
    return claims;
  }

  /** {@code header.payload}; not to be changed. */
  byte[] signedBytes() {
    return signedBytes;
  }

  /** Canonical base64url. */
  String signature() {
    return signature;
  }

  /** What became of a text. */
  sealed interface Parsed {

    /** It is of an acceptable shape, whoever made it. */
    record Token(CompactToken token) implements Parsed {}

    /** It proves nothing, whoever made it. */
    record Refused(Rejection reason) implements Parsed {}
  }
}
