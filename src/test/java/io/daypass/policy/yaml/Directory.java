package io.daypass.policy.yaml;

import io.daypass.document.Problem;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Explanation;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Wish;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A directory of policies under test. */
record Directory(Path path) {

  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  static final Installation STAFF = Installation.usual(new HumanIssuers.Known(Set.of("staff")));

  /** The head of a role that is right, to which rules are added. */
  static final String HEAD =
      """
      role: r
      description: A role
      access: admin
      sensitivity: low
      target: { aws: { role-arn: 'arn:aws:iam::123456789012:role/r' } }
      max-duration: 8h
      """;

  /** A rule that gives to whoever is in the group "e". */
  static final String ANYBODY = "- { name: x, who: '\"e\" in groups', approval: automatic }";

  /** A session policy with one statement that says this. */
  static String statement(String more) {
    return "{ \"Version\": \"2012-10-17\", \"Statement\": [ { " + more + " } ] }";
  }

  static String role(String rules) {
    return HEAD + "rules:\n" + rules.indent(2);
  }

  Directory with(String name, String content) {
    try {
      var file = path.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Directory withRules(String rules) {
    return with("r.yaml", role(rules));
  }

  /** A role that is right, but for {@code line} where that of {@code key} stood. */
  void withLine(String key, String line) {
    var role = role(ANYBODY).replaceAll("(?m)^" + key + ":.*\n", "");
    with("r.yaml", role + line + "\n");
  }

  void withTarget(String target) {
    withLine("target", "target: { " + target + " }");
  }

  void withSessionPolicy(String json) {
    with("aws/p.json", json);
    withTarget("aws: { role-arn: 'arn:aws:iam::123456789012:role/r', session-policy: aws/p.json }");
  }

  Loaded load() {
    return PolicyDirectory.load(path, STAFF);
  }

  Policies policies() {
    return switch (load()) {
      case Loaded.Read(var policies, _) -> policies;
      case Loaded.Broken(var problems, _) -> throw new AssertionError(problems.toString());
    };
  }

  List<Problem> problems() {
    return switch (load()) {
      case Loaded.Read _ -> List.of();
      case Loaded.Broken(var problems, _) -> problems;
    };
  }

  List<Problem> warnings() {
    return switch (load()) {
      case Loaded.Read(_, var warnings) -> warnings;
      case Loaded.Broken(var problems, _) -> throw new AssertionError(problems.toString());
    };
  }

  List<String> codes() {
    return problems().stream().map(Problem::code).toList();
  }

  List<String> warningCodes() {
    return warnings().stream().map(Problem::code).toList();
  }

  /** The one role. */
  Role role() {
    return policies().role("r").orElseThrow();
  }

  Explanation explain(Identity who) {
    return explain(who, "192.0.2.1", NOON);
  }

  Explanation explain(Identity who, String from, Instant at) {
    var wish = new Wish(Duration.ofMinutes(5), "", null);
    return policies().explain(who, "r", wish, new Circumstances(at, from));
  }

  static Identity person(String subject, String... groups) {
    return personFrom("staff", subject, groups);
  }

  static Identity personFrom(String issuer, String subject, String... groups) {
    var id = new CallerId(issuer, subject);
    return new Identity(id, Kind.HUMAN, null, null, null, Set.of(groups), Map.of());
  }

  static Identity workload(String issuer, String subject, Map<String, Object> claims) {
    var id = new CallerId(issuer, subject);
    return new Identity(id, Kind.WORKLOAD, null, null, null, Set.of(), claims);
  }
}
