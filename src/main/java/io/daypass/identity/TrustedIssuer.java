package io.daypass.identity;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An OIDC provider whose tokens Daypass believes. There is no such thing as an issuer without an
 * audience or without a longest life, nor one whose audience other services share: see {@link
 * IssuerRules}.
 *
 * @param name what policies and the ledger call it, e.g. {@code staff}
 * @param issuer the {@code iss} of its tokens, compared byte for byte
 * @param audience the {@code aud} its tokens must carry for this deployment
 * @param preset which claims its tokens are known to carry
 * @param use how often a token may open a request
 * @param longestLife the longest {@code exp - iat} that is accepted
 * @param claims where its tokens keep who somebody is, groups, e-mail, name and person
 * @param jwksUri where its keys are, for an issuer without discovery or with its keys on another
 *     host; null where discovery tells
 */
public record TrustedIssuer(
    String name,
    String issuer,
    String audience,
    Kind kind,
    Preset preset,
    TokenUse use,
    Duration longestLife,
    ClaimNames claims,
    @Nullable URI jwksUri) {

  public TrustedIssuer {
    var problems = IssuerRules.problems(name, issuer, audience, longestLife, jwksUri);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** An issuer whose keys are found by discovery. */
  public TrustedIssuer(
      String name,
      String issuer,
      String audience,
      Kind kind,
      Preset preset,
      TokenUse use,
      Duration longestLife,
      ClaimNames claims) {
    this(name, issuer, audience, kind, preset, use, longestLife, claims, null);
  }

  /** The claims a kind of provider is known for. */
  public enum Preset {
    GITHUB,
    GITLAB,
    KUBERNETES,
    BUILDKITE,
    GENERIC
  }

  /**
   * The claims that carry what Daypass wants to know; a null one is not read.
   *
   * @param subject who somebody is, for good; {@code sub}, but for people of an issuer whose {@code
   *     sub} is another at each client (OpenID Connect Core 1.0 section 8.1)
   * @param groups an array of strings; a single string is not accepted for it
   * @param email shown to people, left out where {@code email_verified} is false
   * @param name shown to people
   * @param person must be there for people where it is named: approvals are compared by it
   */
  public record ClaimNames(
      String subject,
      @Nullable String groups,
      @Nullable String email,
      @Nullable String name,
      @Nullable String person) {

    /** Of an issuer whose subjects are in {@code sub}. */
    public ClaimNames(
        @Nullable String groups,
        @Nullable String email,
        @Nullable String name,
        @Nullable String person) {
      this("sub", groups, email, name, person);
    }
  }
}
