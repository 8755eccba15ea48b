package io.daypass.web.pages;

import io.daypass.ledger.Ledger;
import io.daypass.policy.Durations;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.RunOrigin;
import io.daypass.request.Tally;
import io.daypass.web.api.Aftermath;
import io.daypass.web.api.Show;
import io.daypass.web.api.Wire;
import io.daypass.web.pages.view.Fact;
import io.daypass.web.pages.view.RequestView.Line;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is known of a request. */
record RequestFacts(
    ApprovalDesk approvals, Supplier<Policies> policies, Aftermath aftermath, Ledger ledger) {

  List<Fact> facts(AccessRequest request, Instant now) {
    var facts = new ArrayList<Fact>();
    var wish = request.wish();
    var times = request.times();
    facts.add(new Fact.Who("Requester", Shown.person(request.requester())));
    facts.add(new Fact.Link("Role", request.role(), "/roles/" + request.role(), false));
    policies.get().role(request.role()).ifPresent(role -> facts.addAll(role(role)));
    facts.add(new Fact.Text("For", duration(request)));
    facts.add(
        wish.reason().isBlank()
            ? new Fact.Text("Reason", "none given")
            : new Fact.Said("Reason", wish.reason()));
    var ticket = wish.ticket();
    if (ticket != null) {
      facts.add(new Fact.Code("Ticket", ticket));
    }
    facts.add(new Fact.Said("Decided by the rule", request.basis().rule()));
    facts.add(new Fact.Time("Asked", Shown.exact(times.madeAt(), now)));
    time(facts, "Wished to start", request.startsAt(), now);
    if (request.statusAt(now) == Status.PENDING) {
      time(facts, "Lapses if undecided", times.lapsesAt(), now);
    }
    time(facts, "Access from", times.grantStarts(), now);
    var ends = times.grantEnds();
    var ending = request.ending();
    if (ending == null) {
      time(facts, "Access until", ends, now);
    } else {
      time(facts, "Ended early", ending.at(), now);
      if (ends != null) {
        // Not how far away that is: nobody has access for so long any more.
        facts.add(new Fact.Time("Approved until", Shown.past(ends)));
      }
    }
    var before = request.extendsRequest();
    if (before != null) {
      facts.add(new Fact.Link("Continues", before.value(), "/requests/" + before, false));
    }
    return facts;
  }

  private static List<Fact> role(Role role) {
    return List.of(
        new Fact.Said("What it is", role.description()),
        new Fact.Text(
            "Access",
            Shown.access(Show.word(role.access()))
                + " in "
                + role.target().cloud()
                + ", sensitivity "
                + Show.word(role.sensitivity())));
  }

  private static String duration(AccessRequest request) {
    var asked = Durations.show(request.wish().duration());
    var agreed = Durations.show(request.agreedDuration());
    return agreed.equals(asked) ? asked : agreed + " (" + asked + " was asked for)";
  }

  private static void time(List<Fact> facts, String label, @Nullable Instant at, Instant now) {
    if (at != null) {
      facts.add(new Fact.Time(label, Shown.exact(at, now)));
    }
  }

  /** Where a pipeline's token says that it comes from; empty for people. */
  static List<Fact> origin(AccessRequest request) {
    var facts = new ArrayList<Fact>();
    RunOrigin.of(request.requester())
        .ifPresent(origin -> {
          facts.add(new Fact.Code("Repository", Shown.cut(origin.repository())));
          code(facts, "Ref", origin.ref());
          code(facts, "Commit", origin.commit());
          code(facts, "Actor", origin.actor());
          var run = origin.run();
          // Only ever to the token's own issuer; without TLS nobody should follow it.
          if (run != null && run.startsWith("https://")) {
            facts.add(new Fact.Link("Run", run, run, true));
          } else {
            code(facts, "Run", run);
          }
        });
    return facts;
  }

  private static void code(List<Fact> facts, String label, @Nullable String text) {
    if (text != null) {
      facts.add(new Fact.Code(label, Shown.cut(text)));
    }
  }

  /** The approval lines; who meets them is told while it can still change something. */
  List<Line> lines(AccessRequest request, Instant now) {
    return switch (request.statusAt(now)) {
      case PENDING, APPROVED ->
          approvals
              .seats(request, now)
              .map(seats -> seats.stream().map(RequestFacts::line).toList())
              .orElseGet(() -> asWritten(request));
      case LAPSED, ENDED, DENIED, CANCELLED, RETURNED, REVOKED -> asWritten(request);
    };
  }

  private static Line line(Tally.Seats seats) {
    var line = seats.line();
    return new Line(
        line.from().text(),
        line.count(),
        seats.taken().stream().map(Shown::person).toList(),
        line.count() - seats.taken().size());
  }

  private static List<Line> asWritten(AccessRequest request) {
    return request.basis().lines().stream()
        .map(line -> new Line(line.from(), line.count(), List.of(), 0))
        .toList();
  }

  /** What is to be said of the lines as a whole; null if they say it all. */
  @Nullable String linesNote(AccessRequest request, Instant now) {
    if (request.basis().lines().isEmpty()) {
      return "The rule approves at once: nobody had to agree.";
    }
    return switch (request.statusAt(now)) {
      case PENDING ->
          approvals.seats(request, now).isEmpty()
              ? "The role's policy changed since the request was made, so nobody can approve it any"
                  + " more: it must be made anew."
              : "Each by somebody else, never the requester.";
      case APPROVED -> "Approvers as they stand now: who loses their standing counts no more.";
      case LAPSED, ENDED, DENIED, CANCELLED, RETURNED, REVOKED ->
          "What the rule asked for; who decided stands below.";
    };
  }

  /** What becomes of credentials at the end, and until when those that were handed out live. */
  List<Fact> after(AccessRequest request, Instant now) {
    var facts = new ArrayList<Fact>();
    var role = policies.get().role(request.role());
    role.ifPresent(known ->
        facts.add(
            new Fact.Text(
                "What ends it", Templates.sentence(aftermath.of(known.target()).detail()))));
    cut(facts, aftermath.cut(request.id(), now), now);
    if (request.times().grantStarts() != null) {
      ledger
          .believedUntil(request.id())
          .ifPresentOrElse(
              until ->
                  facts.add(new Fact.Time(believed(role.orElse(null)), Shown.exact(until, now))),
              () -> facts.add(new Fact.Text("Handed out", "no credential so far")));
    }
    return facts;
  }

  private static void cut(List<Fact> facts, Wire.@Nullable Cut cut, Instant now) {
    if (cut == null) {
      return;
    }
    facts.add(
        new Fact.Text(
            "Live sessions",
            switch (cut.state()) {
              case "asked" -> "AWS is being told to deny them everything.";
              case "stuck" ->
                  "AWS could not be told to deny them everything so far. It is tried again until it"
                      + " is done or the last of them is dead.";
              case "applied" -> "AWS was told to deny them everything.";
              case String _ -> "All of them are dead.";
            }));
    time(facts, "AWS took note", instant(cut.appliedAt()), now);
    time(facts, "Effective everywhere after", instant(cut.effectiveAfter()), now);
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  private static String believed(@Nullable Role role) {
    if (role == null) {
      return "Last credential dies";
    }
    return switch (role.target()) {
      case Target.Azure azure when azure.assignment() != null -> "Last token dies (powerless then)";
      case Target.Azure _ -> "Last token works until";
      case Target.Aws _, Target.Google _, Target.Oidc _ -> "Last credential dies";
    };
  }

  /** How the requester uses it from a terminal. */
  List<String> commands(AccessRequest request) {
    var name = request.role();
    return policies
        .get()
        .role(name)
        .map(role ->
            switch (role.target()) {
              case Target.Aws _ ->
                  List.of("daypass exec " + name + " -- aws sts get-caller-identity");
              case Target.Google _ -> List.of("daypass exec " + name + " -- gcloud projects list");
              case Target.Azure _ -> List.of("daypass azure token " + name);
              case Target.Oidc _ -> List.of("daypass token " + name);
            })
        .orElse(List.of());
  }
}
