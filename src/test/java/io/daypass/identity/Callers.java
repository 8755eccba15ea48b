package io.daypass.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Callers without tokens, for tests of what comes after verification. */
public final class Callers {

  /** Text that means harm wherever it is not text: markup, quotes, turned lines, endless words. */
  public static final String HOSTILE =
      "</title></textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)> style=x"
          + " javascript:alert(1) [link](javascript:alert(1)) ${7*7} \u202egnitirw\u2066\u0000\u001b[2J "
          + "w".repeat(120);

  private Callers() {}

  /** A person whose every claim means harm. */
  public static Caller hostile(Instant now, String... groups) {
    var claims = Map.<String, Object>of("sub", HOSTILE, "repository", HOSTILE, "name", HOSTILE);
    var identity =
        new Identity(
            new CallerId("staff", HOSTILE),
            Kind.HUMAN,
            HOSTILE,
            null,
            null,
            Set.of(groups),
            claims);
    return new Caller(identity, token("staff/mallory", TokenUse.REUSABLE, now));
  }

  /** A run whose every claim means harm, of an issuer at {@code issuer}. */
  public static Caller hostileRun(Instant now, String issuer) {
    var claims =
        Map.<String, Object>of(
            "iss", issuer,
            "repository", HOSTILE,
            "ref", HOSTILE,
            "sha", HOSTILE,
            "actor", HOSTILE,
            "run_id", "1");
    var identity =
        new Identity(
            new CallerId("github", HOSTILE), Kind.WORKLOAD, null, null, null, Set.of(), claims);
    return new Caller(identity, token("github/hostile", TokenUse.SINGLE_USE, now));
  }

  /** A run of acme's shop at GitHub, as its token says. */
  public static Caller gitHubRun(Instant now) {
    var claims =
        Map.<String, Object>of(
            "iss", "https://token.actions.githubusercontent.com",
            "repository", "acme/shop",
            "ref", "refs/heads/main",
            "sha", "0123456789abcdef0123456789abcdef01234567",
            "actor", "alice",
            "run_id", "77");
    var identity =
        new Identity(
            new CallerId("github", "repo:acme/shop:release"),
            Kind.WORKLOAD,
            null,
            null,
            null,
            Set.of(),
            claims);
    return new Caller(identity, token("github/release", TokenUse.SINGLE_USE, now));
  }

  private static PresentedToken token(String key, TokenUse use, Instant now) {
    return new PresentedToken(key, use, now, now.plusSeconds(3600), now, List.of());
  }

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

  /** The same with a token that may come again. */
  public static Caller pod(String subject, String token, Instant now) {
    return new Caller(
        run(subject, token, now).identity(), token("github/" + token, TokenUse.REUSABLE, now));
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
