package io.daypass.web.api;

import io.daypass.cloud.MintException;
import io.daypass.identity.Rejection;
import io.daypass.issuance.Answer;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Denial;
import io.daypass.request.RefusalCode;
import io.daypass.request.StoreUnavailableException;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import java.time.Duration;
import java.util.UUID;

/** The one place where the broker's refusals become problems. */
public final class Translation {

  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration LATER = Duration.ofSeconds(30);

  private Translation() {}

  /** Why there is no credential. */
  public static Problem of(Answer.No no) {
    return switch (no) {
      case Answer.Denied(var denial) -> of(denial);
      case Answer.Refused(var why) -> of(why);
      case Answer.TooManyStrangers(var wait) -> tooManyStrangers(wait);
      case Answer.NotOpened(var why) -> of(why);
      case Answer.CloudFailed(var issuance, var reason) -> of(reason, issuance);
      case Answer.LedgerUnavailable _ -> ledgerUnavailable();
      case Answer.Spent(var why) -> spent(of(why));
    };
  }

  /** {@code problem} for who came with a token that was good once, and is spent by now. */
  public static Problem spent(Problem problem) {
    return problem.last("this token is spent: get a new one from the issuer");
  }

  /** The policies' no. What a caller can mend by asking differently has a code of its own. */
  public static Problem of(Denial denial) {
    var code =
        switch (denial.code()) {
          case NO_RULE_MATCHED, DENIED_BY_RULE -> Code.DENIED_BY_POLICY;
          case DURATION_TOO_LONG -> Code.DURATION_TOO_LONG;
          case REASON_REQUIRED -> Code.REASON_REQUIRED;
          case TICKET_REQUIRED -> Code.TICKET_REQUIRED;
          case TICKET_MISMATCH -> Code.TICKET_MISMATCH;
        };
    var problem =
        Problem.of(code, denial.detail(), denial.next()).with("reason", denial.code().code());
    return denial.rule() == null ? problem : problem.with("rule", denial.rule());
  }

  public static Problem of(RefusalCode why) {
    var problem = Problem.of(Code.valueOf(why.name()), why.detail(), why.next());
    return switch (why.kind()) {
      case TOO_MANY -> problem.after(LATER);
      case FORBIDDEN, CONFLICT, INVALID -> problem;
    };
  }

  public static Problem of(IssueRefusal why) {
    var problem = Problem.of(Code.valueOf(why.name()), why.detail(), why.next());
    return switch (why) {
      case CLOUD_BUSY -> problem.after(SOON);
      case CLOSED -> problem.after(LATER);
      // Until an administrator resumes: nobody knows when that is.
      case STOPPED,
          APPROVAL_REQUIRED,
          DENIED_BY_POLICY,
          APPROVAL_LOST,
          GRANT_NOT_STARTED,
          GRANT_ENDED,
          GRANT_REVOKED,
          GRANT_RETURNED,
          REQUEST_DENIED,
          REQUEST_CANCELLED,
          REQUEST_LAPSED,
          CANNOT_WAIT_HERE,
          NOT_AT_THIS_DOOR,
          NO_SUCH_DESTINATION,
          TOKEN_ALREADY_USED ->
          problem;
    };
  }

  public static Problem of(Rejection why) {
    return Problem.of(
        Code.valueOf(why.name()), why.detail(), "get a new token from a configured issuer");
  }

  /** The cloud's no; the issuance stands in the ledger under its id. */
  public static Problem of(MintException.Reason reason, UUID issuance) {
    var problem =
        Problem.of(
                Code.valueOf(reason.name()),
                detail(reason),
                reason == MintException.Reason.GRANT_TOO_SHORT
                    ? "make a new request for the role, or extend a grant before it ends"
                    : "try again; if it stays, ask an operator about the issuance")
            .with("issuance_id", issuance.toString());
    return problem.code().status() == 503 ? problem.after(SOON) : problem;
  }

  private static String detail(MintException.Reason reason) {
    return switch (reason) {
      case ACCESS_TAKEN ->
          "every cloud identity of the role serves another grant, or tokens of it that were handed"
              + " out to others may still be believed: up to two hours";
      case ACCESS_NOT_READY -> "the cloud has not put the access in place yet";
      case GRANT_OVER -> "the grant ended while its access was being made";
      case CLOUD_REFUSED,
          CLOUD_THROTTLED,
          CLOUD_UNREACHABLE,
          CLOUD_BUSY,
          KEYS_UNAVAILABLE,
          CLOUD_FAILED,
          CLOUD_ANSWER_WRONG,
          SESSION_POLICY_TOO_LARGE ->
          "the cloud gave no credential that could be handed out";
      case GRANT_TOO_SHORT -> "the grant ends sooner than a credential of it could be used";
    };
  }

  public static Problem ledgerUnavailable() {
    return Problem.of(
            Code.LEDGER_UNAVAILABLE,
            "what must be written down first could not be written",
            "try again in a moment")
        .after(SOON);
  }

  public static Problem issuerUnavailable(String issuer) {
    return Problem.of(
            Code.ISSUER_UNAVAILABLE,
            "the keys of the issuer " + issuer + " cannot be had now",
            "try again in a moment")
        .after(SOON);
  }

  public static Problem notFound() {
    return Problem.of(
        Code.NOT_FOUND,
        "there is no such thing, or none that you may know of",
        "check the id; GET /v1/requests lists what you may see");
  }

  /** A parameter that cannot be read; it must be {@code what}. */
  public static Problem invalid(String parameter, String what) {
    return Problem.of(
        Code.PARAMETER_INVALID,
        "\"" + parameter + "\" must be " + what,
        "correct \"" + parameter + "\"");
  }

  public static Problem badCursor() {
    return Problem.of(
        Code.CURSOR_INVALID, "the cursor was not given to you for this list", "start without one");
  }

  /** Who holds no office that may do it. */
  public static Problem notAllowed(String detail) {
    return Problem.of(Code.NOT_ALLOWED, detail, "ask somebody who holds that office");
  }

  public static Problem tooMany(Duration wait) {
    return Problem.of(Code.TOO_MANY_REQUESTS, "you come too often", "wait, then try again")
        .after(wait);
  }

  /** An export of the same reader is under way. */
  public static Problem oneAtATime() {
    return Problem.of(
            Code.TOO_MANY_REQUESTS,
            "another export of yours is under way",
            "wait for its end, then try again")
        .after(MOMENT);
  }

  /** As many exports as a replica makes at a time are under way. */
  public static Problem exportsUnderWay() {
    return Problem.of(
            Code.OVERLOADED, "others are exporting the ledger now", "try again in a moment")
        .after(SOON);
  }

  /** So much that is still read for the caller leaves no room for more. */
  public static Problem tooManyAtOnce(Duration wait) {
    return Problem.of(
            Code.TOO_MANY_REQUESTS,
            "too much that you asked for is still being read",
            "wait for those answers, then try again")
        .after(wait);
  }

  /** A machine may not have what it asks for, and is one too many for that to be written down. */
  public static Problem tooManyStrangers(Duration wait) {
    return Problem.of(
            Code.TOO_MANY_REQUESTS,
            "you may not have what you ask for, and too many machines of your issuer were told so"
                + " lately",
            "see GET /v1/roles for the roles you may request, or ask the owners of the policies")
        .after(wait);
  }

  /** A poll token came again too soon; the request still waits (RFC 8628, 3.5). */
  public static Problem slowDown(Duration wait) {
    return Problem.of(
            Code.SLOW_DOWN,
            "the request still waits, and you ask more often than every interval seconds",
            "wait longer between your calls")
        .after(wait);
  }

  /** What is told at doors that give no poll token. */
  public static Problem pending(String request, String url) {
    return Problem.of(
            Code.AUTHORIZATION_PENDING,
            "people must approve the request first: " + url,
            "send somebody who may approve to the request's page, and come again after that")
        .about(request)
        .with("request_url", url);
  }

  /** What is told at doors that lead to no console. */
  public static Problem noSuchDestination() {
    return of(IssueRefusal.NO_SUCH_DESTINATION);
  }

  /** What a caller is told of an exception. */
  public static Problem fault(Throwable fault) {
    return switch (fault) {
      case StoreUnavailableException _ -> ledgerUnavailable();
      case KeysUnavailableException _ ->
          Problem.of(Code.KEYS_UNAVAILABLE, "no signing key is loaded yet", "try again in a moment")
              .after(SOON);
      case null, default ->
          Problem.of(
              Code.INTERNAL_ERROR,
              "something went wrong here",
              "try again; if it stays, ask an operator about the incident");
    };
  }
}
