package io.daypass.e2e;

import io.daypass.sandbox.oidc.Provider;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What must not get, or may get, a credential, whichever door it comes to: the attacks on tokens
 * (A) and on the way from identity to role (B).
 */
final class DoorRows {

  static final String CI = "ci-deploy";

  private final World world;
  private final Api api;
  private final Forgeries forged;

  DoorRows(World world, Api api) {
    this.world = world;
    this.api = api;
    this.forged = new Forgeries(world);
  }

  /**
   * One attack.
   *
   * @param role what is asked for
   * @param token a new one at every call
   * @param code the broker's reason; empty where the caller has a right to the role
   */
  record Row(String name, String role, Supplier<String> token, String code) {
    @Override
    public String toString() {
      return name;
    }
  }

  Stream<Row> all() {
    return Stream.of(keys(), shapes(), times(), names()).flatMap(rows -> rows);
  }

  private static Row row(String name, Supplier<String> token, String code) {
    return new Row(name, CI, token, code);
  }

  private Stream<Row> keys() {
    return Stream.of(
        row(
            "a3 algorithm confusion",
            () -> forged.header(Map.of("alg", "HS256")),
            "algorithm_not_allowed"),
        row(
            "a4 algorithm none",
            () -> Forgeries.unsigned(forged.header(Map.of("alg", "none"))),
            "token_malformed"),
        row("a4 empty signature", () -> Forgeries.unsigned(world.run()), "token_malformed"),
        row("a5 an encrypted token", Forgeries::jwe, "token_malformed"),
        row(
            "a6 a key of its own",
            () -> forged.header(Map.of("jku", "https://evil.example/keys")),
            "header_not_allowed"),
        row("a7 kid as injection", () -> forged.header(Map.of("kid", "../../x'")), "key_unknown"),
        row("a8 a9 a key nobody published", () -> forged.forged(forged.issuer()), "key_unknown"),
        row(
            "a10 an issuer but for a slash",
            () -> forged.forged(forged.issuer() + "/"),
            "issuer_unknown"),
        row(
            "a11 an issuer nobody knows",
            () -> forged.forged("https://evil.example"),
            "issuer_unknown"),
        row("a12 a published key that is too weak", forged::weak, "key_unknown"),
        row("a12 a good key of that very key set", world::run, ""),
        row("a19 other bytes than signed", forged::tampered, "signature_invalid"),
        row(
            "a23 an algorithm nobody knows",
            () -> forged.header(Map.of("alg", "XX1")),
            "algorithm_not_allowed"));
  }

  private Stream<Row> shapes() {
    return Stream.of(
        row("a1 no audience", () -> forged.run(Map.of("aud", Provider.ABSENT)), "claim_missing"),
        row(
            "a2 another service's audience",
            () -> forged.run(Map.of("aud", "sts.amazonaws.com")),
            "audience_mismatch"),
        row(
            "a13 a tower of brackets",
            () -> Forgeries.base64("[".repeat(900)) + ".e30.AA",
            "token_malformed"),
        row("a14 a wrong type", () -> forged.run(Map.of("exp", "soon")), "claim_wrong_type"),
        row("a16 seen before", this::used, "token_already_used"),
        row(
            "a17 another kind",
            () -> forged.header(Map.of("typ", "at+jwt")),
            "token_type_not_allowed"),
        row("a17 the broker's own", () -> forged.assertion(api), "issuer_unknown"),
        row("a18 an empty claim", () -> forged.run(Map.of("sub", " ")), "claim_empty"),
        row(
            "a20 a good signature with two faults",
            () ->
                forged.run(
                    Map.of("aud", "https://other.example", "exp", past() + 300, "iat", past())),
            "audience_mismatch"),
        row("a21 of another issuer", world::pod, "denied_by_policy"));
  }

  private Stream<Row> times() {
    return Stream.of(
        row("a15 no end", () -> forged.run(Map.of("exp", Provider.ABSENT)), "claim_missing"),
        row(
            "a15 over",
            () -> forged.run(Map.of("iat", past(), "nbf", past(), "exp", past() + 300)),
            "token_expired"),
        row(
            "a15 too long",
            () -> forged.run(Map.of("exp", past() + 2_592_000)),
            "token_life_too_long"));
  }

  private Stream<Row> names() {
    return Stream.of(
        row(
            "b1 another case",
            () -> forged.run(Map.of("ref", "refs/heads/Main")),
            "denied_by_policy"),
        row(
            "b1 beyond ascii",
            () -> forged.run(Map.of("sub", "repo:acme/sh\u043ep")),
            "subject_not_allowed"),
        row(
            "b2 more than the whole",
            () -> forged.run(Map.of("ref", "refs/heads/main2")),
            "denied_by_policy"),
        // What it may have it gets, under a name that says nothing of this.
        row(
            "b3 wildcards and separators",
            () -> forged.run(Map.of("sub", "repo:*/../x;ref=,role/admin")),
            ""),
        row(
            "b4 a pull request",
            () -> forged.run(Map.of("event_name", "pull_request")),
            "denied_by_policy"),
        row(
            "b5 the name, registered anew",
            () -> forged.run(Map.of("repository_id", "999")),
            "denied_by_policy"),
        new Row(
            "b6 a machine with a person's e-mail",
            "staging-admin",
            () -> forged.run(Map.of("email", "alice@acme.example")),
            "denied_by_policy"),
        new Row(
            "b6 b8 a person with the e-mail of one who has the grant",
            "staging-admin",
            () -> namesake("alice@acme.example"),
            "approval_required"),
        new Row("b7 a role that is not there", "no-such-role", world::run, "denied_by_policy"));
  }

  private static long past() {
    return Instant.now().getEpochSecond() - 600;
  }

  private String used() {
    var run = world.run();
    api.credentials(CI, run).is(200);
    return run;
  }

  private String namesake(String email) {
    api.ask(world.person("alice"), "staging-admin", "30m", "a grant of her own");
    return forged.engineer("mallory", email);
  }
}
