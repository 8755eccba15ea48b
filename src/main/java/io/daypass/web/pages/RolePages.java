package io.daypass.web.pages;

import io.daypass.policy.Circumstances;
import io.daypass.policy.Durations;
import io.daypass.web.Answer;
import io.daypass.web.Route;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.Input;
import io.daypass.web.api.RequestActs;
import io.daypass.web.api.RequestActs.Outcome;
import io.daypass.web.api.RoleBook;
import io.daypass.web.api.Wire;
import io.daypass.web.pages.view.Fact;
import io.daypass.web.pages.view.Form;
import io.daypass.web.pages.view.Form.Field;
import io.daypass.web.pages.view.Form.Field.Kind;
import io.daypass.web.pages.view.Form.Weight;
import io.daypass.web.pages.view.RoleView;
import io.daypass.web.pages.view.RolesView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Roles: what each takes, why or why not, and the form to ask.
 *
 * @param keys random marks, so that a form that is sent twice is done once
 */
record RolePages(
    Visitors visitors,
    Templates templates,
    RoleBook book,
    RequestActs acts,
    InstantSource clock,
    Supplier<String> keys) {

  private static final String ONE = "/roles/{role}";

  List<Route> routes() {
    return List.of(
        visitors.page("/roles", this::roles),
        visitors.page(ONE, visit -> role(visit, null)),
        visitors.act(
            ONE,
            "request",
            Lane.WORK,
            Set.of("duration", "reason", "ticket", "starts_at", "key"),
            this::ask));
  }

  private Answer roles(Visit visit) {
    var roles =
        book.requestable(visit.caller().identity(), now(visit)).stream().map(Shown::role).toList();
    return templates.page(
        "roles", new RolesView(templates.frame("Roles you may ask for", visit), roles));
  }

  private Answer ask(Visit visit, Map<String, String> fields) {
    var members = new HashMap<>(Filled.members(fields));
    members.put("role", visit.call().segment("role"));
    var outcome = acts.make(visit.call(), visit.caller(), new Input(members), Filled.keys(fields));
    return switch (outcome) {
      case Outcome.Made(var request) -> RequestForms.seeOther(request);
      case Outcome.Done(var request) -> RequestForms.seeOther(request);
      case Outcome.No(var problem) -> role(visit, new Tried("ask", fields, problem));
    };
  }

  private Answer role(Visit visit, @Nullable Tried tried) {
    var view = view(visit, tried);
    return tried == null
        ? templates.page("role", view)
        : templates.page("role", view, tried.problem());
  }

  private RoleView view(Visit visit, @Nullable Tried tried) {
    var name = visit.call().segment("role");
    var who = visit.caller().identity();
    var mine = book.requestable(name, who, now(visit));
    var usual = book.usual(name, who, now(visit));
    // People are told how the rules fared, as over the API.
    var why = book.explained(name, book.outlook(who, name, usual, now(visit)), true);
    var form = mine.map(role -> form(role, usual, tried)).orElse(null);
    return new RoleView(
        templates.frame("Role " + Shown.cut(name), visit),
        tried == null ? null : Templates.notice(tried, form == null ? List.of() : List.of(form)),
        Shown.cut(name),
        mine.map(Wire.Role::description).orElse(null),
        verdict(why),
        next(why),
        mine.map(RolePages::facts).orElse(List.of()),
        why.trace().stream().map(RolePages::rule).toList(),
        form);
  }

  private Circumstances now(Visit visit) {
    return new Circumstances(clock.instant(), visit.call().peer());
  }

  private static String verdict(Wire.Explanation why) {
    return switch (why.decision()) {
      case "granted" -> "You get it at once: nobody has to agree.";
      case "needs_approval" -> "Others must agree first.";
      default ->
          Templates.sentence(
              Optional.ofNullable(why.detail()).orElse("the policies do not let you have it"));
    };
  }

  private static @Nullable String next(Wire.Explanation why) {
    if (!why.decision().equals("denied") || why.next() == null) {
      return null;
    }
    // Where no rule held, the API's advice names a path of its own.
    return why.rule() == null
        ? "If you should have it, ask the owners of the policies."
        : Templates.sentence(why.next());
  }

  private static List<Fact> facts(Wire.Role role) {
    var facts = new ArrayList<Fact>();
    facts.add(
        new Fact.Text(
            "Access",
            Shown.access(role.access())
                + " in "
                + role.cloud()
                + ", sensitivity "
                + role.sensitivity()));
    facts.add(new Fact.Said("Rule", role.rule()));
    facts.add(new Fact.Text("Approval", Shown.takes(role.automatic(), role.approval())));
    facts.add(new Fact.Text("At most", role.maxDuration()));
    facts.add(new Fact.Text("Reason", role.reasonRequired() ? "required" : "optional"));
    var ticket = role.ticket();
    if (ticket != null) {
      facts.add(new Fact.Code("Ticket, whole", ticket));
    }
    facts.add(new Fact.Text("After the end", Templates.sentence(role.afterEnd().detail())));
    return facts;
  }

  private static RoleView.Rule rule(Wire.RuleTrace rule) {
    return new RoleView.Rule(
        rule.rule(),
        rule.decided(),
        rule.conditions().stream()
            .map(c -> new RoleView.Condition(c.key(), c.text(), how(c)))
            .toList());
  }

  private static String how(Wire.ConditionTrace condition) {
    return switch (condition.truth()) {
      case "held" -> "holds";
      case "not_held" -> "does not hold";
      default -> "cannot be evaluated: " + condition.why();
    };
  }

  private Form form(Wire.Role role, Duration usual, @Nullable Tried tried) {
    var filled = tried == null ? Map.<String, String>of() : tried.fields();
    var ticket = role.ticket();
    var fields =
        List.of(
            new Field(
                "duration",
                "For how long",
                Kind.LINE,
                filled.getOrDefault("duration", Durations.show(usual)),
                "such as 30m or 2h; at most " + role.maxDuration(),
                true,
                List.of()),
            new Field(
                "reason",
                "Reason",
                Kind.PROSE,
                filled.getOrDefault("reason", ""),
                role.automatic() ? null : "Who approves reads this.",
                role.reasonRequired(),
                List.of()),
            new Field(
                "ticket",
                "Ticket",
                Kind.LINE,
                filled.getOrDefault("ticket", ""),
                ticket == null ? null : "must match " + ticket + " as a whole",
                ticket != null,
                List.of()),
            new Field(
                "starts_at",
                "Start",
                Kind.MOMENT,
                filled.getOrDefault("starts_at", ""),
                "in UTC; empty for as soon as it is approved",
                false,
                List.of()));
    return new Form(
        "ask",
        "/roles/" + role.name() + "/request",
        "Ask",
        Weight.MAIN,
        null,
        fields,
        Map.of("key", filled.getOrDefault("key", keys.get())));
  }
}
