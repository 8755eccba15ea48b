package io.daypass.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes callers without tokens, for tests of what comes after verification. */
public final class Callers {

  /** When the tokens of these callers were issued, and their bearers signed in. */
  public static final Instant SIGNED_IN = Instant.parse("2026-11-21T09:00:00Z");

  private String issuer = "staff";
  private final String subject;
  private Kind kind = Kind.HUMAN;
  private @Nullable String email;
  private @Nullable String person;
  private Set<String> groups = Set.of();
  private Map<String, Object> claims = Map.of();
  private String replayKey;
  private TokenUse use = TokenUse.REUSABLE;
  private Instant issuedAt = SIGNED_IN;
  private @Nullable Instant signedInAt = SIGNED_IN;
  private List<String> strength = List.of();

  private Callers(String subject) {
    this.subject = subject;
    this.replayKey = "token of " + subject;
  }

  /** Somebody of the issuer {@code staff}. */
  public static Callers person(String subject) {
    return new Callers(subject);
  }

  /** Somebody of the issuer {@code staff} in these groups. */
  public static Caller human(String subject, String... groups) {
    return person(subject).groups(groups).make();
  }

  /** A machine of the issuer {@code github} with a single-use token. */
  public static Callers machine(String subject, String replayKey) {
    var caller = new Callers(subject);
    caller.issuer = "github";
    caller.kind = Kind.WORKLOAD;
    caller.use = TokenUse.SINGLE_USE;
    caller.replayKey = replayKey;
    caller.signedInAt = null;
    return caller;
  }

  public Callers issuer(String name) {
    issuer = name;
    return this;
  }

  public Callers email(String address) {
    email = address;
    return this;
  }

  public Callers linkedTo(String who) {
    person = who;
    return this;
  }

  public Callers groups(String... names) {
    groups = Set.of(names);
    return this;
  }

  public Callers claims(Map<String, Object> values) {
    claims = values;
    return this;
  }

  public Callers reusable() {
    use = TokenUse.REUSABLE;
    return this;
  }

  public Callers issuedAt(Instant at) {
    issuedAt = at;
    return this;
  }

  public Callers signedInAt(@Nullable Instant at) {
    signedInAt = at;
    return this;
  }

  public Callers strength(String... values) {
    strength = List.of(values);
    return this;
  }

  public Identity identity() {
    return new Identity(new CallerId(issuer, subject), kind, null, email, person, groups, claims);
  }

  public Caller make() {
    // Verification reads no clock of the database: a token here is good for an hour of its own.
    var token =
        new PresentedToken(
            replayKey, use, issuedAt, issuedAt.plusSeconds(3600), signedInAt, strength);
    return new Caller(identity(), token);
  }
}
