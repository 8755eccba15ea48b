package io.daypass.settings;

import io.daypass.identity.Kind;
import io.daypass.identity.TrustedIssuer;
import org.jspecify.annotations.Nullable;

/**
 * An issuer whose tokens are believed, and how people sign in with it.
 *
 * @param web the client of the pages; null if nobody signs in there with it
 * @param cli the public client of the command line; null if nobody signs in there with it
 */
public record IssuerSettings(TrustedIssuer trusted, @Nullable Web web, @Nullable Cli cli) {

  /** Whether it vouches for people. */
  public boolean isOfPeople() {
    return trusted.kind() == Kind.HUMAN;
  }

  /** The client that the pages are at the issuer. */
  public record Web(String clientId, Hidden clientSecret) {}

  /** The client that the command line is at the issuer; it has no secret. */
  public record Cli(String clientId) {}
}
