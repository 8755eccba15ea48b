package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.document.Place;
import io.daypass.policy.Durations;
import io.daypass.policy.Role;
import io.daypass.policy.Rule;
import io.daypass.policy.Rule.NamedCondition;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Target;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What is wrong with a role although every line of it can be read. */
record Lint(Findings findings) {

  // STS API reference, AssumeRoleWithWebIdentity, DurationSeconds: 900 to 43,200.
  private static final Duration AWS_FLOOR = Duration.ofMinutes(15);
  private static final Duration HALF_A_DAY = Duration.ofHours(12);
  // IAM Service Account Credentials API, generateAccessToken: 12 h only with an organization's
  // constraint iam.allowServiceAccountCredentialLifetimeExtension, else 1 h.
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration OIDC_LONGEST = Duration.ofMinutes(10);

  void check(Role role, MappingReader reader) {
    lifetime(role, reader);
    for (int later = 0; later < role.rules().size(); later++) {
      var rule = role.rules().get(later);
      limit(role, rule);
      for (var earlier : role.rules().subList(0, later)) {
        if (decidesBefore(earlier, rule)) {
          var message =
              "\"" + earlier.name() + "\" stands before it and holds whenever this one does";
          findings.error(placeOf(rule), "rule_unreachable", message);
          break;
        }
      }
    }
  }

  private void lifetime(Role role, MappingReader reader) {
    var lifetime = role.credentialLifetime();
    var place = reader.placeOfValue("credential-lifetime");
    var longest =
        switch (role.target()) {
          case Target.Aws _, Target.Google _ -> HALF_A_DAY;
          case Target.Azure _ -> HOUR;
          case Target.Oidc _ -> OIDC_LONGEST;
        };
    if (lifetime.compareTo(longest) > 0) {
      var message =
          "a credential of %s lives at most %s"
              .formatted(role.target().cloud(), Durations.show(longest));
      findings.error(place, "lifetime_too_long", message);
    } else if (role.target() instanceof Target.Google && lifetime.compareTo(HOUR) > 0) {
      var message =
          "Google gives more than 1h only where the organization allows it"
              + " (iam.allowServiceAccountCredentialLifetimeExtension)";
      findings.warning(place, "lifetime_needs_constraint", message);
    }
    if (role.target() instanceof Target.Aws && lifetime.compareTo(AWS_FLOOR) < 0) {
      var message =
          "AWS makes no credential of less than 15m; the session policy ends it at the grant's end";
      findings.warning(place, "lifetime_below_floor", message);
    }
  }

  private void limit(Role role, Rule rule) {
    if (rule.outcome() instanceof Outcome.Allow(_, var longest, _)
        && longest != null
        && longest.compareTo(role.maxDuration()) > 0) {
      var message =
          "the rule gives %s, the role at most %s"
              .formatted(Durations.show(longest), Durations.show(role.maxDuration()));
      findings.error(placeOf(rule), "duration_over_role", message);
    }
  }

  /** Whether all that {@code earlier} asks for is asked for by {@code later} too. */
  private static boolean decidesBefore(Rule earlier, Rule later) {
    return asked(later).containsAll(asked(earlier));
  }

  private static Set<String> asked(Rule rule) {
    var asked = new HashSet<String>();
    for (var named : rule.conditions()) {
      if (!isAlwaysMet(named)) {
        asked.add(named.key() + " " + named.condition().text());
      }
    }
    return asked;
  }

  private static boolean isAlwaysMet(NamedCondition named) {
    return named.condition() instanceof CelCondition condition && condition.isAlwaysTrue();
  }

  private static Place placeOf(Rule rule) {
    return new Place(rule.sourceFile(), rule.line(), 1);
  }
}
