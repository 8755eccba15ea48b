package io.daypass.identity.oidc;

import io.daypass.identity.TrustedIssuer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where people sign in with an issuer, as its discovery says (OpenID Connect Discovery 1.0 section
 * 3).
 *
 * @param scopes those it says it knows; empty if it does not say
 * @param namesItself whether its answers say whom they come from (RFC 9207)
 */
record Endpoints(URI authorization, URI token, List<String> scopes, boolean namesItself) {

  Endpoints {
    scopes = List.copyOf(scopes);
  }

  /** What {@code document} says of {@code issuer}; empty if it makes no sense for a sign-in. */
  static Optional<Endpoints> of(TrustedIssuer issuer, byte[] document) {
    return StrictJson.object(document)
        .filter(discovery -> issuer.issuer().equals(discovery.get("issuer")))
        .flatMap(discovery -> of(issuer, discovery));
  }

  private static Optional<Endpoints> of(
      TrustedIssuer issuer, Map<String, @Nullable Object> discovery) {
    var authorization = endpoint(issuer, discovery.get("authorization_endpoint"));
    var token = endpoint(issuer, discovery.get("token_endpoint"));
    if (authorization.isEmpty() || token.isEmpty()) {
      return Optional.empty();
    }
    var scopes =
        discovery.get("scopes_supported") instanceof List<?> all
            ? all.stream().filter(String.class::isInstance).map(String.class::cast).toList()
            : List.<String>of();
    var namesItself =
        Boolean.TRUE.equals(discovery.get("authorization_response_iss_parameter_supported"));
    return Optional.of(new Endpoints(authorization.get(), token.get(), scopes, namesItself));
  }

  /**
   * An endpoint may be on another host, as some providers have it; but never on a connection that
   * is less safe than the one that named it: the secret of the client goes there.
   */
  private static Optional<URI> endpoint(TrustedIssuer issuer, @Nullable Object text) {
    if (!(text instanceof String address)) {
      return Optional.empty();
    }
    try {
      var uri = new URI(address);
      var plain =
          uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
      var safe =
          "https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme())
                  && (issuer.issuer() + "/").startsWith(origin(uri)));
      return plain && safe ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority() + "/";
  }
}
