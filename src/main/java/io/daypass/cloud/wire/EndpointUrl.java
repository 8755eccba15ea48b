package io.daypass.cloud.wire;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Addresses of clouds that differ from the usual ones. */
public final class EndpointUrl {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private EndpointUrl() {}

  /**
   * Refuses an address that an assertion must not be sent to: it must not travel in the clear.
   *
   * @param endpoint null for the usual one
   * @throws IllegalArgumentException if it is not an https URL (http on loopback) of a plain shape
   */
  public static void check(@Nullable URI endpoint) {
    if (endpoint == null) {
      return;
    }
    var host = endpoint.getHost();
    var safe =
        "https".equals(endpoint.getScheme())
            || ("http".equals(endpoint.getScheme()) && host != null && LOOPBACK.contains(host));
    if (!safe
        || host == null
        || endpoint.getRawQuery() != null
        || endpoint.getRawFragment() != null
        || endpoint.getRawUserInfo() != null) {
      throw new IllegalArgumentException("an endpoint is an https URL without a query");
    }
  }
}
