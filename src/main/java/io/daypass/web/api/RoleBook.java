package io.daypass.web.api;

import io.daypass.identity.Identity;
import io.daypass.policy.Allowance;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Denial;
import io.daypass.policy.Durations;
import io.daypass.policy.Explanation;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Rule;
import io.daypass.policy.RuleTrace;
import io.daypass.policy.Target;
import io.daypass.policy.TicketPattern;
import io.daypass.policy.Wish;
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
    var afterEnd = policies.get().role(role).map(known -> aftermath.of(known.target()));
    return told(role, explanation, withTrace, afterEnd.orElse(null));
  }

  /**
   * The same of policies that are only files: how the rules fared, always, and nothing of what
   * becomes of credentials, which depends on a broker's settings.
   */
  public static Wire.Explanation ofFiles(String role, Explanation explanation) {
    return told(role, explanation, true, null);
  }

  private static Wire.Explanation told(
      String role, Explanation explanation, boolean withTrace, Wire.@Nullable AfterEnd afterEnd) {
    return switch (explanation.decision()) {
      case Decision.Granted(var allowance) ->
          allowed(role, "granted", allowance, List.of(), explanation, afterEnd);
      case Decision.NeedsApproval(var allowance, var lines) ->
          allowed(role, "needs_approval", allowance, lines, explanation, afterEnd);
      case Decision.Denied(var denial) ->
          denied(
              role, denial, withTrace || denial.rule() != null ? explanation.trace() : List.of());
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

  private static Wire.Explanation allowed(
      String role,
      String decision,
      Allowance allowance,
      List<ApprovalLine> lines,
      Explanation explanation,
      Wire.@Nullable AfterEnd afterEnd) {
    var asks = asks(allowance.rule());
    return new Wire.Explanation(
        role,
        decision,
        null,
        null,
        null,
        allowance.rule().name(),
        Show.duration(allowance.duration()),
        Show.lines(lines),
        asks.map(Rule.Asks::reason).orElse(null),
        asks.map(Rule.Asks::ticket).map(TicketPattern::pattern).orElse(null),
        Show.trace(explanation.trace()),
        afterEnd);
  }

  private static Optional<Rule.Asks> asks(Rule rule) {
    return rule.outcome() instanceof Rule.Outcome.Allow allow
        ? Optional.of(allow.asks())
        : Optional.empty();
  }

  /** Of a role that one may not have, no more is told. */
  private static Wire.Explanation denied(String role, Denial denial, List<RuleTrace> trace) {
    var problem = Translation.of(denial);
    return new Wire.Explanation(
        role,
        "denied",
        problem.code().text(),
        problem.detail(),
        problem.next(),
        denial.rule(),
        null,
        List.of(),
        null,
        null,
        Show.trace(trace),
        null);
  }
}
