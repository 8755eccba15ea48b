package io.daypass.request;

import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Rule;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Target;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes roles and policies without files. */
public final class Roles {

  private final String name;
  private @Nullable String digest;
  private Duration maxDuration = Duration.ofHours(8);
  private String arn = "arn:aws:iam::123456789012:role/test";
  private List<Rule> rules = List.of();

  private Roles(String name) {
    this.name = name;
  }

  public static Roles role(String name) {
    return new Roles(name);
  }

  public Roles digest(String value) {
    digest = value;
    return this;
  }

  public Roles arn(String value) {
    arn = value;
    return this;
  }

  public Roles max(Duration longest) {
    maxDuration = longest;
    return this;
  }

  /** Everybody gets it, at once. */
  public Roles automatic() {
    return rule("at once", always(), new Outcome.Allow(List.of(), null, asks()));
  }

  /** Everybody gets it whom so many of these approve. */
  public Roles approvedBy(ApprovalLine... lines) {
    return rule("with approval", always(), new Outcome.Allow(List.of(lines), null, asks()));
  }

  public Roles rule(String ruleName, Condition condition, Outcome outcome) {
    var all = new java.util.ArrayList<>(rules);
    all.add(
        new Rule(
            ruleName,
            List.of(new Rule.NamedCondition("who", condition)),
            outcome,
            "test.yaml",
            rules.size()));
    rules = all;
    return this;
  }

  public Role make() {
    return new Role(
        name,
        "a role",
        Role.Access.WRITE,
        Role.Sensitivity.HIGH,
        new Target.Aws(RoleArn.parse(arn).orElseThrow(), null, List.of("ec2", "s3")),
        maxDuration,
        Duration.ofHours(1),
        rules,
        digest == null ? meaning() : digest);
  }

  /** As digests are: the same for the same role, and another for every other. */
  private String meaning() {
    var said = new StringBuilder(name + " " + arn + " " + maxDuration);
    for (var rule : rules) {
      said.append('\n').append(rule.name());
      rule.conditions().forEach(condition -> said.append(' ').append(condition.condition().text()));
      said.append(": ").append(meaning(rule.outcome()));
    }
    return "role digest " + Integer.toHexString(said.toString().hashCode());
  }

  private static String meaning(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Deny(var message) -> message;
      case Outcome.Allow(var lines, var longest, var asks) ->
          lines.stream().map(line -> line.count() + " of " + line.from().text()).toList()
              + " "
              + longest
              + " "
              + asks.reason();
    };
  }

  public Policies policies() {
    return policies(make());
  }

  public static Policies policies(Role... roles) {
    return new Policies(List.of(roles), "policy digest");
  }

  public static Rule.Asks asks() {
    return new Rule.Asks(false, null);
  }

  public static ApprovalLine one(String group) {
    return new ApprovalLine(inGroup(group), 1);
  }

  public static ApprovalLine of(int count, String group) {
    return new ApprovalLine(inGroup(group), count);
  }

  public static Condition inGroup(String group) {
    return condition(
        "\"" + group + "\" in groups", facts -> facts.identity().groups().contains(group));
  }

  public static Condition always() {
    return condition("true", _ -> true);
  }

  public static Condition never() {
    return condition("false", _ -> false);
  }

  /** Fails to evaluate. */
  public static Condition failing() {
    return new Plain("1 / 0 == 1", _ -> null);
  }

  private static Condition condition(String text, Predicate<Facts> holds) {
    return new Plain(text, holds::test);
  }

  private interface Evaluation {
    @Nullable Boolean of(Facts facts);
  }

  private record Plain(String text, Evaluation evaluation) implements Condition {
    @Override
    public Truth holds(Facts facts) {
      var held = evaluation.of(facts);
      return held == null ? new Truth.Failed("division by zero") : Truth.of(held);
    }
  }
}
