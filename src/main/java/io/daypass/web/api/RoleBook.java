package io.daypass.web.api;

import io.daypass.identity.Identity;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Durations;
import io.daypass.policy.Explanation;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Rule;
import io.daypass.policy.RuleTrace;
import io.daypass.policy.Target;
import io.daypass.policy.Wish;
import io.daypass.web.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What somebody is told of roles: those they may request, and why or why not. */
public record RoleBook(Supplier<Policies> policies, Aftermath aftermath) {

  /** Short enough for every role; a rule that asks for more than a wish says shows in the list. */
  private static final Wish PROBE = new Wish(Duration.ofMinutes(1), "", null);

  private static final Duration USUAL = Duration.ofHours(1);

  /** Every role that {@code who} may request, by name, with what it takes. */
  public List<Wire.Role> requestable(Identity who, Circumstances now) {
    var inForce = policies.get();
    return inForce.roles().stream()
        .flatMap(role -> requestable(inForce, role, who, now).stream())
        .toList();
  }

  /** The role with the rule that would decide; empty if {@code who} may not have it. */
  public Optional<Wire.Role> requestable(String role, Identity who, Circumstances now) {
    var inForce = policies.get();
    return inForce.role(role).flatMap(known -> requestable(inForce, known, who, now));
  }

  /** What is asked for most, if the rule gives so much. */
  public static Duration usual(Wire.Role role) {
    return Durations.parse(role.maxDuration())
        .filter(longest -> longest.compareTo(USUAL) < 0)
        .orElse(USUAL);
  }

  /** The same for {@code who}, who may perhaps not have the role at all. */
  public Duration usual(String role, Identity who, Circumstances now) {
    return requestable(role, who, now).map(RoleBook::usual).orElse(USUAL);
  }

  /** What {@code who} could have for so long, and why. */
  public Explanation outlook(Identity who, String role, Duration duration, Circumstances now) {
    return policies.get().outlook(who, role, duration, now);
  }

  /**
   * An explanation as it is told.
   *
   * @param withTrace whether a no without a rule says how the rules fared
   */
  public Wire.Explanation explained(String role, Explanation explanation, boolean withTrace) {
    return switch (explanation.decision()) {
      case Decision.Granted(var allowance) ->
          wire(
              role,
              "granted",
              null,
              allowance.rule().name(),
              Show.duration(allowance.duration()),
              List.of(),
              explanation,
              true);
      case Decision.NeedsApproval(var allowance, var lines) ->
          wire(
              role,
              "needs_approval",
              null,
              allowance.rule().name(),
              Show.duration(allowance.duration()),
              Show.lines(lines),
              explanation,
              true);
      case Decision.Denied(var denial) ->
          wire(
              role,
              "denied",
              Translation.of(denial),
              denial.rule(),
              null,
              List.of(),
              explanation,
              withTrace || denial.rule() != null);
    };
  }

  private Optional<Wire.Role> requestable(
      Policies policies, Role role, Identity who, Circumstances now) {
    return policies.explain(who, role.name(), PROBE, now).trace().stream()
        .filter(RuleTrace::decided)
        .findFirst()
        .flatMap(trace -> role.rule(trace.rule()))
        .flatMap(rule ->
            rule.outcome() instanceof Rule.Outcome.Allow allow
                ? Optional.of(shown(role, rule, allow))
                : Optional.empty());
  }

  private Wire.Role shown(Role role, Rule rule, Rule.Outcome.Allow allow) {
    var ruleLimit = allow.maxDuration();
    var limit =
        ruleLimit != null && ruleLimit.compareTo(role.maxDuration()) < 0
            ? ruleLimit
            : role.maxDuration();
    var ticket = allow.asks().ticket();
    return new Wire.Role(
        role.name(),
        role.description(),
        Show.word(role.access()),
        Show.word(role.sensitivity()),
        role.target().cloud(),
        Show.duration(limit),
        rule.name(),
        allow.isAutomatic(),
        Show.lines(allow.lines()),
        allow.asks().reason(),
        ticket == null ? null : ticket.pattern(),
        role.target() instanceof Target.Aws aws ? aws.console() : List.of(),
        aftermath.of(role.target()));
  }

  private Wire.Explanation wire(
      String role,
      String decision,
      @Nullable Problem problem,
      @Nullable String rule,
      @Nullable String duration,
      List<Wire.Line> approval,
      Explanation explanation,
      boolean withTrace) {
    return new Wire.Explanation(
        role,
        decision,
        problem == null ? null : problem.code().text(),
        problem == null ? null : problem.detail(),
        problem == null ? null : problem.next(),
        rule,
        duration,
        approval,
        withTrace ? Show.trace(explanation.trace()) : List.of(),
        // Of a role that one may not have, nothing is told.
        decision.equals("denied")
            ? null
            : policies.get().role(role).map(known -> aftermath.of(known.target())).orElse(null));
  }
}
