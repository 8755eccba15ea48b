package io.daypass.web.api;

import io.daypass.identity.Callers;
import io.daypass.identity.Kind;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Condition;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Facts;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Rule;
import io.daypass.policy.Rule.NamedCondition;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Target;
import io.daypass.policy.TicketPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The few roles that there are in the world of the API, and who may have them. */
final class ApiRoles {

  /** A Google provider that two roles use. */
  static final String PROVIDER =
      "//iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/pool/providers/daypass";

  private ApiRoles() {}

  static Policies policies() {
    var automatic = allow(List.of(), new Rule.Asks(false, null));
    var reviewed =
        allow(
            List.of(new ApprovalLine(group("leads"), 1)),
            new Rule.Asks(true, ticket("OPS-[0-9]+")));
    return new Policies(
        List.of(
            role("staging-admin", rule("engineers", group("engineering"), automatic)),
            role("prod-admin", rule("with a lead", group("engineering"), reviewed)),
            role("ci-deploy", rule("the run", subject("repo:acme/shop"), automatic)),
            atGoogle("gcp-logs"),
            atGoogle("gcp-reports"),
            new Role(
                "mischief",
                Callers.HOSTILE,
                Role.Access.ADMIN,
                Role.Sensitivity.HIGH,
                new Target.Oidc("https://example.com", Map.of(), Target.Oidc.Signing.RS256),
                Duration.ofHours(8),
                Duration.ofMinutes(10),
                List.of(
                    rule(Callers.HOSTILE, group("mischief"), reviewed(Callers.HOSTILE)),
                    rule("runs", isRun(), reviewed("who leads"))),
                "digest of mischief")),
        "digest");
  }

  private static Outcome.Allow allow(List<ApprovalLine> lines, Rule.Asks asks) {
    return new Outcome.Allow(lines, null, asks);
  }

  private static Outcome.Allow reviewed(String from) {
    var line = new ApprovalLine(condition(from, facts -> isIn(facts, "leads")), 1);
    return allow(List.of(line), new Rule.Asks(true, null));
  }

  private static Condition isRun() {
    return condition(
        "kind == \"workload\" && subject != \"repo:acme/shop\"",
        facts ->
            facts.identity().kind() == Kind.WORKLOAD
                && !facts.identity().id().subject().equals("repo:acme/shop"));
  }

  private static boolean isIn(Facts facts, String group) {
    return facts.identity().groups().contains(group);
  }

  private static Rule rule(String name, Condition who, Outcome outcome) {
    return new Rule(name, List.of(new NamedCondition("who", who)), outcome, "roles.yaml", 1);
  }

  private static Role role(String name, Rule rule) {
    var arn = RoleArn.parse("arn:aws:iam::123456789012:role/" + name).orElseThrow();
    return new Role(
        name,
        "What " + name + " is for",
        Role.Access.WRITE,
        Role.Sensitivity.LOW,
        new Target.Aws(arn, null, List.of("cloudwatch", "ec2")),
        Duration.ofHours(8),
        Duration.ofHours(1),
        List.of(rule),
        "digest of " + name);
  }

  /** One that nobody here may have, like the other one that uses the same provider. */
  private static Role atGoogle(String name) {
    return new Role(
        name,
        "What " + name + " is for",
        Role.Access.READ_ONLY,
        Role.Sensitivity.LOW,
        new Target.Google(name + "@acme-prod.iam.gserviceaccount.com", PROVIDER, List.of("logs")),
        Duration.ofHours(8),
        Duration.ofHours(1),
        List.of(rule("keepers", group("keepers"), allow(List.of(), new Rule.Asks(false, null)))),
        "digest of " + name);
  }

  private static TicketPattern ticket(String text) {
    var compiled = Pattern.compile(text);
    return new TicketPattern() {
      @Override
      public boolean matches(String ticket) {
        return compiled.matcher(ticket).matches();
      }

      @Override
      public String pattern() {
        return text;
      }
    };
  }

  static Condition group(String group) {
    return condition(
        "\"" + group + "\" in groups", facts -> facts.identity().groups().contains(group));
  }

  private static Condition subject(String subject) {
    return condition(
        "subject == \"" + subject + "\"", facts -> facts.identity().id().subject().equals(subject));
  }

  private static Condition condition(String text, Predicate<Facts> test) {
    return new Condition() {
      @Override
      public Truth holds(Facts facts) {
        return Truth.of(test.test(facts));
      }

      @Override
      public String text() {
        return text;
      }
    };
  }
}
