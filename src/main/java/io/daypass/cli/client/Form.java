package io.daypass.cli.client;

import io.daypass.cli.client.Http.Reply;
import io.daypass.cli.client.Http.UnreachableException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Forms, as OAuth endpoints take them. */
public final class Form {

  private static final int LONGEST_WORDS = 300;
  // What is shorter could be guessed, and is a part of many words.
  private static final int SHORTEST_SECRET = 8;

  private Form() {}

  /** Sends {@code fields} to an endpoint that may hear a secret. */
  public static Reply post(URI endpoint, Map<String, String> fields) throws UnreachableException {
    if (!BrokerUrl.isSafe(endpoint)) {
      throw new UnreachableException("it does not encrypt", null);
    }
    return Http.send(
        "POST",
        endpoint,
        Map.of("Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json"),
        encode(fields));
  }

  /**
   * A refusal in the issuer's own words (RFC 6749, 5.2), which are for whoever runs its clients:
   * {@code 400 invalid_request: Missing parameter: scope}.
   *
   * @param secrets what was sent; an issuer that repeats it is not repeated
   */
  public static String words(Reply reply, String... secrets) {
    var members = Members.read(reply.body());
    var error = members.flatMap(m -> m.text("error")).map(text -> " " + text).orElse("");
    var more = members.flatMap(m -> m.text("error_description")).map(t -> ": " + t).orElse("");
    var words = Texts.plain(error + (error.isEmpty() ? "" : more));
    for (var secret : secrets) {
      words = secret.length() < SHORTEST_SECRET ? words : words.replace(secret, "...");
    }
    var length = Math.min(words.codePointCount(0, words.length()), LONGEST_WORDS);
    return reply.status() + words.substring(0, words.offsetByCodePoints(0, length));
  }

  /** {@code a=b&c=d}, encoded. */
  public static String encode(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
