package io.daypass.issuer;

/**
 * The discovery document (OpenID Connect Discovery 1.0, section 3). Nobody signs in here, so there
 * is no authorization endpoint; the member stands empty because some relying parties insist on it
 * (SPIRE's provider does the same).
 */
final class Discovery {

  private Discovery() {}

  static String document(IssuerUrl issuer) {
    return "{"
        + member("issuer", quoted(issuer.value()))
        + member("jwks_uri", quoted(issuer.at("/.well-known/jwks.json")))
        + member("authorization_endpoint", quoted(""))
        + member("token_endpoint", quoted(issuer.at("/oauth2/token")))
        + member("introspection_endpoint", quoted(issuer.at("/oauth2/introspect")))
        // RFC 8414, 2: token exchange, by whoever holds a subject token; clients have no secret.
        + member("grant_types_supported", "[\"urn:ietf:params:oauth:grant-type:token-exchange\"]")
        + member("token_endpoint_auth_methods_supported", "[\"none\"]")
        + member("introspection_endpoint_auth_methods_supported", "[\"none\"]")
        + member("response_types_supported", "[\"id_token\"]")
        + member("subject_types_supported", "[\"public\"]")
        + member("id_token_signing_alg_values_supported", "[\"RS256\",\"ES256\"]")
        + "\"claims_supported\":[\"iss\",\"sub\",\"aud\",\"iat\",\"nbf\",\"exp\",\"jti\","
        + "\"https://aws.amazon.com/tags\",\"https://aws.amazon.com/source_identity\"]}";
  }

  private static String member(String name, String json) {
    return quoted(name) + ':' + json + ',';
  }

  private static String quoted(String plain) {
    return '"' + plain + '"';
  }
}
