package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.document.Node;
import io.daypass.policy.Durations;
import io.daypass.policy.Role;
import io.daypass.policy.Rule;
import io.daypass.policy.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the one role that a file holds. */
record RoleReader(TargetReader targets, RuleReader rules, Findings findings) {

  /**
   * The role; empty, with the problems noted, if it is not right. A role that comes out may still
   * have problems noted: it counts only if none were.
   */
  Optional<Role> read(Node root) {
    return MappingReader.of(root, findings.errors()).flatMap(this::read);
  }

  private Optional<Role> read(MappingReader reader) {
    var before = findings.errors().size();
    var name = Names.role(reader);
    var description =
        reader.requiredText("description").flatMap(t -> Names.prose(reader, "description", t));
    reader.require("access");
    var access = reader.enumOf("access", Role.Access.class);
    reader.require("sensitivity");
    var sensitivity = reader.enumOf("sensitivity", Role.Sensitivity.class);
    var target = targets.read(reader);
    reader.require("max-duration");
    var longest = reader.parsed("max-duration", Durations::parse, Names.DURATION);
    var lifetime = reader.parsed("credential-lifetime", Durations::parse, Names.DURATION);
    var read = rules(reader);
    reader.finish();
    if (name.isEmpty()
        || description.isEmpty()
        || access.isEmpty()
        || sensitivity.isEmpty()
        || target.isEmpty()
        || longest.isEmpty()) {
      return Optional.empty();
    }
    var role =
        new Role(
            name.get(),
            description.get(),
            access.get(),
            sensitivity.get(),
            target.get(),
            longest.get(),
            lifetime.orElse(defaultLifetime(target.get(), longest.get())),
            read,
            "");
    // What was not understood looks emptier than it is: it would seem to hold always.
    if (findings.errors().size() == before) {
      new Lint(findings).check(role, reader);
    }
    return Optional.of(role);
  }

  private List<Rule> rules(MappingReader reader) {
    if (!reader.require("rules")) {
      return List.of();
    }
    var found = new ArrayList<Rule>();
    var names = new HashSet<String>();
    var each = reader.mappings("rules");
    if (each.isEmpty()) {
      reader.problem(
          "rules",
          "bad_value",
          "\"rules\" is a list of one or more rules; a role without a rule is nobody's");
    }
    for (var one : each) {
      for (var rule : rules.read(one).stream().toList()) {
        found.add(rule);
        if (!names.add(rule.name().toLowerCase(Locale.ROOT))) {
          one.problem("name", "rule_name_taken", "another rule of the role has this name");
        }
      }
    }
    return found;
  }

  private static Duration defaultLifetime(Target target, Duration longest) {
    var usual =
        switch (target) {
          case Target.Aws _, Target.Google _, Target.Azure _ -> Duration.ofHours(1);
          case Target.Oidc _ -> Duration.ofMinutes(10);
        };
    return longest.compareTo(usual) < 0 ? longest : usual;
  }
}
