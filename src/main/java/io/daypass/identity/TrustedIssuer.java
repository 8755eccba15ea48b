package io.daypass.identity;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An OIDC provider whose tokens Daypass believes. There is no such thing as an issuer without an
 * audience or without a longest life.
 *
 * @param name what policies and the ledger call it, e.g. {@code staff}
 * @param issuer the {@code iss} of its tokens, compared byte for byte
 * @param audience the {@code aud} its tokens must carry for this deployment
 * @param preset which claims its tokens are known to carry
 * @param use how often a token may open a request
 * @param longestLife the longest {@code exp - iat} that is accepted
 * @param claims where its tokens keep groups, e-mail, name and person
 */
public record TrustedIssuer(
    String name,
    String issuer,
    String audience,
    Kind kind,
    Preset preset,
    TokenUse use,
    Duration longestLife,
    ClaimNames claims) {

  /** The claims a kind of provider is known for. */
  public enum Preset {
    GITHUB,
    GITLAB,
    KUBERNETES,
    BUILDKITE,
    GENERIC
  }

  /** The claims that carry what Daypass wants to know; a null one is not read. */
  public record ClaimNames(
      @Nullable String groups,
      @Nullable String email,
      @Nullable String name,
      @Nullable String person) {}
}
