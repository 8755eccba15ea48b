package io.daypass.identity;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token says of one sign-in and not of the person: when, how and with what (OpenID Connect
 * Core 2, RFC 9068 2.2, RFC 7519 4.1). The next token of the same person, from another client say,
 * says something else, and none of it is true of the sign-in before.
 */
public final class SignInClaims {

  private static final Set<String> NAMES =
      Set.of(
          "acr",
          "amr",
          "at_hash",
          "aud",
          "auth_time",
          "azp",
          "c_hash",
          "client_id",
          "exp",
          "iat",
          "jti",
          "nbf",
          "nonce",
          "s_hash",
          "sid");

  private SignInClaims() {}

  /** Those that {@code identity} came with. */
  public static Map<String, Object> of(Identity identity) {
    var claims = new HashMap<>(identity.claims());
    claims.keySet().retainAll(NAMES);
    return Map.copyOf(claims);
  }

  /** {@code identity} without any. */
  public static Identity without(Identity identity) {
    return replaced(identity, Map.of());
  }

  /**
   * {@code identity} as in the sign-in that {@code claims} are of.
   *
   * @param claims as {@link #of} says; null if they were not kept
   */
  public static Identity in(Identity identity, @Nullable Map<String, Object> claims) {
    return claims == null ? identity : replaced(identity, claims);
  }

  private static Identity replaced(Identity identity, Map<String, Object> with) {
    var claims = new HashMap<>(identity.claims());
    claims.keySet().removeAll(NAMES);
    claims.putAll(with);
    return new Identity(
        identity.id(),
        identity.kind(),
        identity.name(),
        identity.email(),
        identity.person(),
        identity.groups(),
        claims);
  }
}
