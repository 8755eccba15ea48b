package io.daypass.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes callers without tokens, for tests of what comes after verification. */
public final class TestCallers {

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

  private TestCallers(String subject) {
    this.subject = subject;
    this.replayKey = "token of " + subject;
  }

  /** Somebody of the issuer {@code staff}. */
  public static TestCallers person(String subject) {
    return new TestCallers(subject);
  }

  /** Somebody of the issuer {@code staff} in these groups. */
  public static Caller human(String subject, String... groups) {
    return person(subject).groups(groups).make();
  }

  /** A machine of the issuer {@code github} with a single-use token. */
  public static TestCallers machine(String subject, String replayKey) {
    var caller = new TestCallers(subject);
    caller.issuer = "github";
    caller.kind = Kind.WORKLOAD;
    caller.use = TokenUse.SINGLE_USE;
    caller.replayKey = replayKey;
    caller.signedInAt = null;
    return caller;
  }

  public TestCallers issuer(String name) {
    issuer = name;
    return this;
  }

  public TestCallers email(String address) {
    email = address;
    return this;
  }

  public TestCallers linkedTo(String who) {
    person = who;
    return this;
  }

  public TestCallers groups(String... names) {
    groups = Set.of(names);
    return this;
  }

  public TestCallers claims(Map<String, Object> values) {
    claims = values;
    return this;
  }

  public TestCallers reusable() {
    use = TokenUse.REUSABLE;
    return this;
  }

  public TestCallers issuedAt(Instant at) {
    issuedAt = at;
    return this;
  }

  public TestCallers signedInAt(@Nullable Instant at) {
    signedInAt = at;
    return this;
  }

  public TestCallers strength(String... values) {
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
