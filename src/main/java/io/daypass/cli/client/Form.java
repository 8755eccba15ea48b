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
