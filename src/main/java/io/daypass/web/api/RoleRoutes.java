package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Explanation;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Rule;
import io.daypass.policy.RuleTrace;
import io.daypass.policy.Target;
import io.daypass.policy.Wish;
import io.daypass.request.Offices;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who one is and what one may request.
 *
 * @param people what is known of somebody who came before
 */
record RoleRoutes(
    Door door,
    Supplier<Policies> policies,
    Offices offices,
    Function<CallerId, Optional<Identity>> people) {

  /** Short enough for every role; a rule that asks for more than a wish says shows in the list. */
  private static final Wish PROBE = new Wish(Duration.ofMinutes(1), "", null);

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/me", Lane.WORK, Body.NONE, door.callers(this::me)),
        new Route("GET", "/v1/roles", Lane.WORK, Body.NONE, door.callers(this::roles)),
        new Route(
                "GET",
                "/v1/roles/{role}/explain",
                Lane.WORK,
                Body.NONE,
                door.callers(this::explain))
            .parameters("duration", "as"));
  }

  private Answer me(Call call, Caller caller) {
    var who = caller.identity();
    var now = door.circumstances(call).now();
    return Answer.json(
        200,
        Json.write(
            new Wire.Me(
                who.id().issuer(),
                who.id().subject(),
                Show.word(who.kind()),
                who.name(),
                who.email(),
                who.groups().stream().sorted().toList(),
                offices.isAuditor(who, now),
                offices.isAdministrator(who, now))));
  }

  private Answer roles(Call call, Caller caller) {
    var now = door.circumstances(call);
    var inForce = policies.get();
    var roles =
        inForce.roles().stream()
            .flatMap(role -> requestable(inForce, role, caller.identity(), now).stream())
            .toList();
    return Answer.json(200, Json.write(new Wire.Roles(roles)));
  }

  /** The role with the rule that would decide; empty if the caller may not have it. */
  private static Optional<Wire.Role> requestable(
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

  private static Wire.Role shown(Role role, Rule rule, Rule.Outcome.Allow allow) {
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
        Show.afterEnd(role.target()));
  }

  private Answer explain(Call call, Caller caller) {
    var now = door.circumstances(call);
    var role = call.segment("role");
    var duration = Texts.duration(call.parameter("duration").orElse("1h"));
    if (duration.isEmpty() || !Texts.isRole(role)) {
      return Problem.of(
              Code.PARAMETER_INVALID, "the role or the duration is not readable", "e.g. 2h or 30m")
          .answer();
    }
    var as = call.parameter("as");
    if (as.isEmpty()) {
      // What a machine of another project is told of a role it may not have is: no.
      return explained(
          role,
          policies.get().outlook(caller.identity(), role, duration.get(), now),
          caller.isHuman());
    }
    if (!offices.isAuditor(caller.identity(), now.now())) {
      return Problem.of(
              Code.NOT_ALLOWED, "only auditors ask on behalf of others", "leave \"as\" out")
          .answer();
    }
    return other(as.get())
        .map(who -> explained(role, policies.get().outlook(who, role, duration.get(), now), true))
        .orElseGet(() -> Translation.notFound().answer());
  }

  private Optional<Identity> other(String text) {
    var cut = text.indexOf(' ');
    var issuer = cut < 0 ? "" : text.substring(0, cut);
    var subject = text.substring(cut + 1);
    return issuer.isBlank() || subject.isBlank()
        ? Optional.empty()
        : people.apply(new CallerId(issuer, subject));
  }

  private Answer explained(String role, Explanation explanation, boolean withTrace) {
    var shown =
        switch (explanation.decision()) {
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
    return Answer.json(200, Json.write(shown));
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
            : policies.get().role(role).map(known -> Show.afterEnd(known.target())).orElse(null));
  }
}
