package io.daypass.web.pages;

import io.daypass.identity.Caller;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Durations;
import io.daypass.policy.Policies;
import io.daypass.policy.Rule;
import io.daypass.policy.Target;
import io.daypass.request.AccessRequest;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.RequestReader;
import io.daypass.web.pages.view.Form;
import io.daypass.web.pages.view.Form.Field;
import io.daypass.web.pages.view.Form.Field.Kind;
import io.daypass.web.pages.view.Form.Weight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer is offered to do about a request. It protects nothing: whoever sends a form that
 * they were not offered is answered by the desks, as over the API.
 *
 * @param keys random marks, so that a form that is sent twice is done once
 */
record MayDo(
    ApprovalDesk approvals,
    RequestReader reader,
    Supplier<Policies> policies,
    Supplier<String> keys) {

  /** Deciding: offered, or why not. */
  sealed interface Deciding {
    record Open() implements Deciding {}

    /** A newer or stronger sign-in is all that is missing. */
    record SignInFirst() implements Deciding {}

    /** The viewer cannot, and may know why. */
    record Closed(String why) implements Deciding {}

    /** It is not theirs to decide. */
    record NotTheirs() implements Deciding {}
  }

  Deciding deciding(Caller caller, AccessRequest request, Instant now) {
    if (request.statusAt(now) != AccessRequest.Status.PENDING) {
      return new Deciding.NotTheirs();
    }
    if (RequestReader.hasDecided(caller, request)) {
      return new Deciding.Closed("You have decided on it; others must too.");
    }
    var objection = approvals.objection(caller, request, now);
    if (objection.isEmpty()) {
      return new Deciding.Open();
    }
    return switch (objection.get()) {
      case FRESH_LOGIN_REQUIRED, STEP_UP_REQUIRED -> new Deciding.SignInFirst();
      case SELF_APPROVAL ->
          new Deciding.Closed("Nobody decides on their own request: somebody else must.");
      case SUSPENDED -> new Deciding.Closed("You are suspended from approving.");
      case POLICY_CHANGED ->
          new Deciding.Closed(
              "The role's policy changed since it was made: the requester must make a new one.");
      case NOT_AN_APPROVER,
          NOT_A_PERSON,
          NOT_ALLOWED,
          SELF_REINSTATEMENT,
          ALREADY_DECIDED,
          ALREADY_VOTED,
          ALREADY_ENDED,
          NOT_APPROVED,
          LAPSED,
          BUSY,
          DURATION_NOT_SHORTER,
          STARTS_TOO_LATE,
          IDEMPOTENCY_KEY_REUSED,
          TOO_MANY_OPEN_REQUESTS,
          CANNOT_WAIT_HERE,
          TOKEN_ALREADY_USED ->
          new Deciding.NotTheirs();
    };
  }

  /** What can be done without saying anything: buttons. */
  List<Form> atOnce(Caller caller, AccessRequest request, Instant now) {
    if (!isOwn(caller, request)) {
      return List.of();
    }
    var id = request.id().value();
    return switch (request.statusAt(now)) {
      case PENDING ->
          List.of(
              Form.button("cancel-" + id, path(request, "cancel"), "Take it back", Weight.PLAIN));
      case APPROVED -> {
        var forms = new ArrayList<Form>();
        if (request.grantAt(now).isPresent() && !destinations(request).isEmpty()) {
          forms.add(
              Form.button("console-" + id, path(request, "console"), "Console", Weight.PLAIN));
        }
        forms.add(
            Form.button("return-" + id, path(request, "return"), "Give it back", Weight.ENDING));
        yield forms;
      }
      case LAPSED, ENDED, DENIED, CANCELLED, RETURNED, REVOKED -> List.of();
    };
  }

  /** Everything that the viewer is offered on the request's page. */
  List<Form> forms(Caller caller, AccessRequest request, Circumstances now, @Nullable Tried tried) {
    var forms = new ArrayList<Form>();
    var filled = new Blank(request, tried);
    if (deciding(caller, request, now.now()) instanceof Deciding.Open) {
      forms.add(approve(filled));
      forms.add(deny(filled));
    }
    switch (request.statusAt(now.now())) {
      case PENDING, APPROVED -> {
        if (isOwn(caller, request)) {
          own(filled, now.now(), forms);
        } else if (reader.mayRevoke(caller, request, now)) {
          forms.add(
              request.statusAt(now.now()) == AccessRequest.Status.PENDING
                  ? withdraw(filled)
                  : revoke(filled));
        }
      }
      case LAPSED, ENDED, DENIED, CANCELLED, RETURNED, REVOKED -> {}
    }
    return forms;
  }

  private void own(Blank filled, Instant now, List<Form> forms) {
    var request = filled.request();
    if (request.statusAt(now) == AccessRequest.Status.PENDING) {
      forms.add(Form.button("cancel", path(request, "cancel"), "Take it back", Weight.ENDING));
      return;
    }
    var destinations = destinations(request);
    if (request.grantAt(now).isPresent() && !destinations.isEmpty()) {
      forms.add(console(filled, destinations));
    }
    forms.add(extend(filled));
    forms.add(
        new Form(
            "return",
            path(request, "return"),
            "Give it back",
            Weight.ENDING,
            "Ends the access now, for good, and whatever it was extended by.",
            List.of(),
            Map.of()));
  }

  private static boolean isOwn(Caller caller, AccessRequest request) {
    return request.requester().id().equals(caller.id());
  }

  private static String path(AccessRequest request, String act) {
    return "/requests/" + request.id() + "/" + act;
  }

  private List<String> destinations(AccessRequest request) {
    return policies
        .get()
        .role(request.role())
        .map(role -> role.target() instanceof Target.Aws aws ? aws.console() : List.<String>of())
        .orElse(List.of());
  }

  /** What stood in a form that was sent and not done. */
  private record Blank(AccessRequest request, @Nullable Tried tried) {

    String value(String act, String field, String otherwise) {
      return tried != null && tried.act().equals(act)
          ? tried.fields().getOrDefault(field, "")
          : otherwise;
    }

    Field line(String act, String name, String label, String value, @Nullable String hint) {
      var required = act.equals("extend") && name.equals("duration");
      var filled = value(act, name, value);
      return new Field(name, label, Kind.LINE, filled, hint, required, List.of());
    }

    Field prose(String act, String name, String label, boolean required) {
      var filled = value(act, name, "");
      return new Field(name, label, Kind.PROSE, filled, null, required, List.of());
    }

    Form form(String act, String button, Weight weight, @Nullable String note, Field... fields) {
      return new Form(act, path(request, act), button, weight, note, List.of(fields), Map.of());
    }
  }

  private static Form approve(Blank filled) {
    var asked = Durations.show(filled.request().agreedDuration());
    return filled.form(
        "approve",
        "Approve",
        Weight.MAIN,
        null,
        filled.prose("approve", "comment", "Comment", false),
        filled.line(
            "approve",
            "duration",
            "For less than " + asked,
            "",
            "such as 15m; empty for all of it"));
  }

  private static Form deny(Blank filled) {
    return filled.form(
        "deny",
        "Deny",
        Weight.ENDING,
        "One no is enough.",
        filled.prose("deny", "comment", "Why", true));
  }

  /** The same act, where there is no grant yet that could be revoked. */
  private static Form withdraw(Blank filled) {
    return filled.form(
        "revoke",
        "End the request",
        Weight.ENDING,
        "Ends it undecided, for good.",
        filled.prose("revoke", "reason", "Why", true));
  }

  private static Form revoke(Blank filled) {
    return filled.form(
        "revoke",
        "Revoke",
        Weight.ENDING,
        "Ends it now, for good, and whatever it was extended by.",
        filled.prose("revoke", "reason", "Why", true));
  }

  private static Form console(Blank filled, List<String> destinations) {
    var chosen = filled.value("console", "destination", destinations.getFirst());
    return filled.form(
        "console",
        "Open the console",
        Weight.MAIN,
        null,
        new Field("destination", "Where to", Kind.CHOICE, chosen, null, true, destinations));
  }

  private boolean wantsReason(AccessRequest request) {
    return policies
        .get()
        .role(request.role())
        .flatMap(role -> role.rule(request.basis().rule()))
        .map(rule -> rule.outcome() instanceof Rule.Outcome.Allow allow && allow.asks().reason())
        .orElse(false);
  }

  private Form extend(Blank filled) {
    var form =
        filled.form(
            "extend",
            "Ask for more time",
            Weight.PLAIN,
            "A request of its own, which starts when this one ends.",
            filled.line("extend", "duration", "For how long", "1h", "such as 30m or 1h"),
            filled.prose("extend", "reason", "Reason", wantsReason(filled.request())),
            filled.line("extend", "ticket", "Ticket", "", "empty for the same as before"));
    return new Form(
        form.id(),
        form.action(),
        form.button(),
        form.weight(),
        form.note(),
        form.fields(),
        Map.of("key", filled.value("extend", "key", keys.get())));
  }
}
