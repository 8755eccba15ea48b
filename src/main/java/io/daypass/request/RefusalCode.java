package io.daypass.request;

import java.util.Locale;

/** Why a request cannot be made, decided or ended as asked. Codes are stable. */
public enum RefusalCode {
  SELF_APPROVAL(
      Kind.FORBIDDEN, "nobody decides on their own request", "ask another approver to decide"),
  NOT_AN_APPROVER(
      Kind.FORBIDDEN,
      "you are not among those who may decide on this request",
      "ask one of the approvers that the request names"),
  NOT_A_PERSON(
      Kind.FORBIDDEN, "only people decide on requests", "sign in as a person and decide again"),
  NOT_ALLOWED(
      Kind.FORBIDDEN,
      "you may not do this",
      "ask an administrator, the requester or one of the approvers"),
  SELF_REINSTATEMENT(
      Kind.FORBIDDEN, "nobody lifts their own suspension", "ask another administrator"),
  SUSPENDED(
      Kind.FORBIDDEN,
      "an administrator has suspended you: you decide on nothing and hold no office",
      "ask an administrator"),
  FRESH_LOGIN_REQUIRED(
      Kind.FORBIDDEN,
      "a decision needs a sign-in of the last minutes",
      "sign in again, then decide again"),
  STEP_UP_REQUIRED(
      Kind.FORBIDDEN,
      "a decision needs a stronger sign-in",
      "sign in again with your second factor, then decide again"),
  ALREADY_DECIDED(
      Kind.CONFLICT, "the request is decided already", "read the request for what was decided"),
  ALREADY_VOTED(
      Kind.CONFLICT, "you have decided on this request already", "another approver must decide"),
  ALREADY_ENDED(
      Kind.CONFLICT, "the request has ended already", "make a new request if access is needed"),
  NOT_APPROVED(
      Kind.CONFLICT, "the request is not approved", "cancel it instead, or wait for the decision"),
  LAPSED(Kind.CONFLICT, "the request lapsed undecided", "make a new request"),
  POLICY_CHANGED(
      Kind.CONFLICT,
      "the role's policy changed since the request was made",
      "the requester must cancel it and make a new one"),
  BUSY(Kind.CONFLICT, "others are changing the request right now", "try again"),
  DURATION_NOT_SHORTER(
      Kind.INVALID,
      "an approver may shorten a request, not lengthen it",
      "name a duration no longer than the one asked for"),
  STARTS_TOO_LATE(
      Kind.INVALID,
      "the request would lapse before it starts",
      "name a starts_at within the time a request may wait for a decision"),
  IDEMPOTENCY_KEY_REUSED(
      Kind.CONFLICT,
      "the Idempotency-Key was used for another request",
      "use a new Idempotency-Key"),
  TOO_MANY_OPEN_REQUESTS(
      Kind.TOO_MANY,
      "you have too many requests waiting for a decision",
      "cancel some, or wait until they are decided"),
  CANNOT_WAIT_HERE(
      Kind.FORBIDDEN,
      "it would spend your single-use token, and nobody could come back for what it opens",
      "ask at POST /v1/roles/{role}/credentials, which opens the request, waits for people where"
          + " they must approve, and gives the credential"),
  TOKEN_ALREADY_USED(
      Kind.FORBIDDEN,
      "this token has opened a request before, and may open only one",
      "get a new token from the issuer");

  private final Kind kind;
  private final String detail;
  private final String next;

  RefusalCode(Kind kind, String detail, String next) {
    this.kind = kind;
    this.detail = detail;
    this.next = next;
  }

  public Kind kind() {
    return kind;
  }

  public String detail() {
    return detail;
  }

  public String next() {
    return next;
  }

  /** Stable snake_case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What sort of no it is. */
  public enum Kind {
    FORBIDDEN,
    CONFLICT,
    INVALID,
    TOO_MANY
  }
}
