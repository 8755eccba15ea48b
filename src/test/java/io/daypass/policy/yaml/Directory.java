package io.daypass.policy.yaml;

import io.daypass.document.Problem;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Explanation;
import io.daypass.policy.Policies;
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
