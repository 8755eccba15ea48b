package io.daypass.cli.client;

import java.util.Optional;

/** What to type after the broker's no. */
public final class Hints {

  private Hints() {}

  /** The end of a command that the broker refused; {@code role} is the one it was about. */
  public static Failure failure(Refusal refusal, Bearer bearer, Optional<String> role) {
    return Failure.of(Texts.sentence(refusal.detail()), hint(refusal, bearer, role));
  }

  /** A command where one helps, else what the broker advises. */
  public static String hint(Refusal refusal, Bearer bearer, Optional<String> role) {
    if (refusal.status() == 401) {
      return bearer.origin().remedy();
    }
    var wait = refusal.retryAfter();
    if (refusal.status() == 429 && wait != null) {
      return "wait " + wait + (wait == 1 ? " second" : " seconds") + ", then try again";
    }
    var next = Texts.sentence(refusal.next());
    return switch (refusal.code()) {
      case "fresh_login_required", "step_up_required" -> "daypass login --fresh";
      case "approval_required",
          "approval_lost",
          "grant_ended",
          "grant_revoked",
          "grant_returned",
          "grant_too_short",
          "request_lapsed",
          "request_cancelled" ->
          role.map(Hints::ask).orElse(next);
      case "denied_by_policy", "request_denied" ->
          role.map(name -> "daypass explain " + name).orElse(next);
      case "duration_too_long" -> role.map(name -> "daypass explain " + name).orElse(next);
      case "reason_required" -> "add --reason \"...\"";
      case "ticket_required", "ticket_mismatch" -> "add --ticket with the ticket's number";
      case "already_decided", "already_voted", "not_approved" ->
          request(refusal).orElse("daypass requests");
      case "already_ended", "lapsed" -> role.map(Hints::ask).orElse("daypass requests --mine");
      case "not_found" -> role.isPresent() ? "daypass roles" : "daypass requests";
      case "too_many_open_requests" -> "daypass requests";
      default -> next;
    };
  }

  private static Optional<String> request(Refusal refusal) {
    return Optional.ofNullable(refusal.requestId()).map(id -> "daypass requests " + id);
  }

  /** The end of a command for which nobody has approved anything: how to ask, and what it takes. */
  public static Failure notApproved(BrokerUrl broker, String role) {
    return Failure.of(
        role + " is not approved for you; what it takes: " + broker.at("/roles/" + role),
        ask(role));
  }

  /** The end of a command whose request waits for people. */
  public static Failure waiting(String role, String request, String url) {
    return Failure.waiting(
        role + " is not approved yet; people decide at " + url, "daypass wait " + request);
  }

  /** The command that asks for a role. */
  public static String ask(String role) {
    return "daypass request " + role + " --for 1h --reason \"...\"";
  }
}
