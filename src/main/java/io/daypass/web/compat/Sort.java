package io.daypass.web.compat;

import io.daypass.web.Code;
import io.daypass.web.Problem;

/** What sort of no a code is, to a program that asks itself whether to try again. */
enum Sort {
  /** The request is not one that is read here. */
  MALFORMED,
  ACTION_UNKNOWN,
  GRANT_TYPE_UNKNOWN,
  TARGET_UNKNOWN,
  /** The token proves nothing. */
  TOKEN_REFUSED,
  TOKEN_EXPIRED,
  /** What was proved is used up or over. */
  SPENT,
  /** The policies, or people, say no; or not yet. */
  DENIED,
  POLICY_TOO_LARGE,
  /** An administrator has stopped everything: a moment's patience does not help. */
  HALTED,
  SLOW_DOWN,
  TOO_OFTEN,
  /** The issuer's keys cannot be had now. */
  ISSUER_AWAY,
  /** Something else is away for a moment. */
  AWAY,
  /** The cloud failed or lied. */
  CLOUD,
  FAULT;

  static Sort of(Problem problem) {
    // A token that is spent is, whatever it was spent on.
    return problem.last() ? SPENT : of(problem.code());
  }

  private static Sort of(Code code) {
    return switch (code) {
      case BAD_REQUEST,
          PATH_NOT_ALLOWED,
          PARAMETER_UNKNOWN,
          PARAMETER_REPEATED,
          PARAMETER_INVALID,
          CURSOR_INVALID,
          BODY_NOT_ALLOWED,
          JSON_UNREADABLE,
          MEMBER_UNKNOWN,
          MEMBER_REPEATED,
          MEMBER_INVALID,
          IDEMPOTENCY_KEY_INVALID,
          NOT_NARROWED,
          NOT_FOUND,
          METHOD_NOT_ALLOWED,
          REQUEST_TIMEOUT,
          LENGTH_REQUIRED,
          BODY_TOO_LARGE,
          URI_TOO_LONG,
          CONTENT_TYPE_UNSUPPORTED,
          EXPECTATION_FAILED,
          HEADERS_TOO_LARGE,
          HTTP_VERSION_UNSUPPORTED,
          CREDENTIALS_MISSING,
          SIGN_IN_REQUIRED,
          SIGN_IN_UNKNOWN,
          SIGN_IN_REFUSED,
          SIGN_IN_NOT_FRESH,
          SIGN_IN_OTHER_PERSON,
          ORIGIN_NOT_ALLOWED,
          FORM_TOKEN_INVALID,
          DURATION_NOT_SHORTER,
          STARTS_TOO_LATE ->
          MALFORMED;
      case ACTION_UNKNOWN -> ACTION_UNKNOWN;
      case GRANT_TYPE_UNSUPPORTED -> GRANT_TYPE_UNKNOWN;
      case TARGET_UNKNOWN -> TARGET_UNKNOWN;
      case AUTHORIZATION_MALFORMED,
          TOKEN_MALFORMED,
          TOKEN_TOO_LARGE,
          TOKEN_TYPE_NOT_ALLOWED,
          HEADER_NOT_ALLOWED,
          ISSUER_UNKNOWN,
          ALGORITHM_NOT_ALLOWED,
          KEY_UNKNOWN,
          SIGNATURE_INVALID,
          AUDIENCE_MISMATCH,
          TOKEN_NOT_YET_VALID,
          TOKEN_LIFE_TOO_LONG,
          CLAIM_MISSING,
          CLAIM_WRONG_TYPE,
          CLAIM_EMPTY,
          SUBJECT_NOT_ALLOWED ->
          TOKEN_REFUSED;
      case TOKEN_EXPIRED -> TOKEN_EXPIRED;
      case POLL_TOKEN_UNKNOWN,
          TOKEN_ALREADY_USED,
          APPROVAL_LOST,
          GRANT_ENDED,
          GRANT_REVOKED,
          GRANT_RETURNED,
          GRANT_TOO_SHORT,
          GRANT_OVER,
          REQUEST_DENIED,
          REQUEST_CANCELLED,
          REQUEST_LAPSED,
          ALREADY_DECIDED,
          ALREADY_VOTED,
          ALREADY_ENDED,
          NOT_APPROVED,
          LAPSED ->
          SPENT;
      case DENIED_BY_POLICY,
          DURATION_TOO_LONG,
          REASON_REQUIRED,
          TICKET_REQUIRED,
          TICKET_MISMATCH,
          NO_SUCH_DESTINATION,
          SELF_APPROVAL,
          NOT_AN_APPROVER,
          NOT_A_PERSON,
          NOT_ALLOWED,
          SELF_REINSTATEMENT,
          SUSPENDED,
          FRESH_LOGIN_REQUIRED,
          STEP_UP_REQUIRED,
          POLICY_CHANGED,
          IDEMPOTENCY_KEY_REUSED,
          APPROVAL_REQUIRED,
          AUTHORIZATION_PENDING,
          CANNOT_WAIT_HERE,
          NOT_AT_THIS_DOOR,
          ACCESS_TAKEN,
          GRANT_NOT_STARTED ->
          DENIED;
      case SESSION_POLICY_TOO_LARGE -> POLICY_TOO_LARGE;
      case STOPPED -> HALTED;
      case SLOW_DOWN -> SLOW_DOWN;
      case TOO_MANY_OPEN_REQUESTS, TOO_MANY_FAILURES, TOO_MANY_REQUESTS -> TOO_OFTEN;
      case ISSUER_UNAVAILABLE -> ISSUER_AWAY;
      case BUSY,
          CLOSED,
          CLOUD_THROTTLED,
          CLOUD_UNREACHABLE,
          CLOUD_BUSY,
          ACCESS_NOT_READY,
          TOO_SLOW,
          LEDGER_UNAVAILABLE,
          KEYS_UNAVAILABLE,
          OVERLOADED,
          SHUTTING_DOWN ->
          AWAY;
      case CLOUD_REFUSED, CLOUD_FAILED, CLOUD_ANSWER_WRONG -> CLOUD;
      case INTERNAL_ERROR -> FAULT;
    };
  }
}
