package io.daypass.web;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * Public bytes that anybody may fetch and keep for a while.
 *
 * @param etag strong, in quotes (RFC 9110, 8.8.3)
 */
public record Document(Buffer bytes, String contentType, String etag, Duration maxAge) {

  public static Document of(String text, String contentType, Duration maxAge) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Document(Buffer.buffer(bytes), contentType, etag(bytes), maxAge);
  }

  private static String etag(byte[] bytes) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Itself, or 304 if the caller has it already. */
  Answer answer(List<String> ifNoneMatch) {
    var known =
        ifNoneMatch.stream()
            .flatMap(line -> java.util.Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
    var answer = known ? Answer.empty(304) : new Answer(200, contentType, bytes);
    return answer
        .header("ETag", etag)
        .header("Cache-Control", "public, max-age=" + maxAge.toSeconds())
        // Public keys and descriptions: any site may read them.
        .header("Cross-Origin-Resource-Policy", "cross-origin");
  }
}
