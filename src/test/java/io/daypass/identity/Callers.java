package io.daypass.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Callers without tokens, for tests of what comes after verification. */
public final class Callers {

  private Callers() {}

  /** A person of the issuer {@code staff} who has just signed in. */
  public static Caller person(String name, Instant now, String... groups) {
    var identity =
        new Identity(
            new CallerId("staff", name),
            Kind.HUMAN,
            name,
            name + "@example.com",
            null,
            Set.of(groups),
            Map.of("sub", name));
    return new Caller(
        identity,
        new PresentedToken(
            "staff/" + name, TokenUse.REUSABLE, now, now.plusSeconds(3600), now, List.of()));
  }

  /** A run of the issuer {@code github}. */
  public static Caller run(String subject, String token, Instant now) {
    var identity =
        new Identity(
            new CallerId("github", subject),
            Kind.WORKLOAD,
            null,
            null,
            null,
            Set.of(),
            Map.of("sub", subject));
    return new Caller(
        identity,
        new PresentedToken(
            "github/" + token, TokenUse.SINGLE_USE, now, now.plusSeconds(300), null, List.of()));
  }
}
