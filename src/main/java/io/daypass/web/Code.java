package io.daypass.web;

import java.util.Locale;

/**
 * Every reason the HTTP face gives for a refusal, with its status. The codes are stable: programs
 * rely on them. What tells callers apart (unknown or forbidden) is never among them.
 */
public enum Code {
  // what arrived is not a request this server reads
  BAD_REQUEST(400, "Bad request"),
  PATH_NOT_ALLOWED(400, "The path is not one this server reads"),
  PARAMETER_UNKNOWN(400, "Unknown parameter"),
  PARAMETER_REPEATED(400, "Repeated parameter"),
  PARAMETER_INVALID(400, "Parameter not valid"),
  CURSOR_INVALID(400, "Cursor not valid"),
  BODY_NOT_ALLOWED(400, "No body is taken here"),
  JSON_UNREADABLE(400, "Unreadable JSON"),
  MEMBER_UNKNOWN(400, "Unknown member"),
  MEMBER_REPEATED(400, "Repeated member"),
  MEMBER_INVALID(400, "Member not valid"),
  IDEMPOTENCY_KEY_INVALID(400, "Idempotency key not valid"),
  NOT_FOUND(404, "Not found"),
  ACTION_UNKNOWN(400, "Action not known here"),
  GRANT_TYPE_UNSUPPORTED(400, "Grant type not known here"),
  TARGET_UNKNOWN(400, "Target not known here"),
  NOT_NARROWED(400, "What the caller wants narrower is not narrowed here"),
  METHOD_NOT_ALLOWED(405, "Method not allowed"),
  REQUEST_TIMEOUT(408, "The request took too long to arrive"),
  LENGTH_REQUIRED(411, "Length required"),
  BODY_TOO_LARGE(413, "Body too large"),
  URI_TOO_LONG(414, "URI too long"),
  CONTENT_TYPE_UNSUPPORTED(415, "Content type not supported"),
  EXPECTATION_FAILED(417, "Expectation failed"),
  HEADERS_TOO_LARGE(431, "Headers too large"),
  HTTP_VERSION_UNSUPPORTED(505, "HTTP version not supported"),
  // who is asking
  CREDENTIALS_MISSING(401, "Sign in first"),
  AUTHORIZATION_MALFORMED(401, "Authorization not readable"),
  TOKEN_MALFORMED(401, "Token refused"),
  TOKEN_TOO_LARGE(401, "Token refused"),
  TOKEN_TYPE_NOT_ALLOWED(401, "Token refused"),
  HEADER_NOT_ALLOWED(401, "Token refused"),
  ISSUER_UNKNOWN(401, "Token refused"),
  ALGORITHM_NOT_ALLOWED(401, "Token refused"),
  KEY_UNKNOWN(401, "Token refused"),
  SIGNATURE_INVALID(401, "Token refused"),
  AUDIENCE_MISMATCH(401, "Token refused"),
  TOKEN_EXPIRED(401, "Token refused"),
  TOKEN_NOT_YET_VALID(401, "Token refused"),
  TOKEN_LIFE_TOO_LONG(401, "Token refused"),
  CLAIM_MISSING(401, "Token refused"),
  CLAIM_WRONG_TYPE(401, "Token refused"),
  CLAIM_EMPTY(401, "Token refused"),
  SUBJECT_NOT_ALLOWED(401, "Token refused"),
  POLL_TOKEN_UNKNOWN(401, "Token refused"),
  // who is looking, with a browser
  SIGN_IN_REQUIRED(403, "Sign in first"),
  SIGN_IN_UNKNOWN(400, "This sign-in is not under way"),
  SIGN_IN_REFUSED(403, "The issuer did not sign you in"),
  SIGN_IN_NOT_FRESH(403, "Not signed in anew"),
  SIGN_IN_OTHER_PERSON(403, "Somebody else signed in"),
  ORIGIN_NOT_ALLOWED(403, "The form comes from elsewhere"),
  FORM_TOKEN_INVALID(403, "The form is not of this session"),
  // what the policies say
  DENIED_BY_POLICY(403, "The policies say no"),
  DURATION_TOO_LONG(422, "Duration too long"),
  REASON_REQUIRED(422, "Reason required"),
  TICKET_REQUIRED(422, "Ticket required"),
  TICKET_MISMATCH(422, "Ticket not of the required form"),
  NO_SUCH_DESTINATION(422, "No such console destination"),
  // what a request allows
  SELF_APPROVAL(403, "Nobody decides on their own request"),
  NOT_AN_APPROVER(403, "Not an approver"),
  NOT_A_PERSON(403, "Only people decide"),
  NOT_ALLOWED(403, "Not allowed"),
  SELF_REINSTATEMENT(403, "Nobody lifts their own suspension"),
  SUSPENDED(403, "Suspended"),
  FRESH_LOGIN_REQUIRED(403, "Sign in again"),
  STEP_UP_REQUIRED(403, "Stronger sign-in required"),
  TOKEN_ALREADY_USED(403, "Token already used"),
  ALREADY_DECIDED(409, "Already decided"),
  ALREADY_VOTED(409, "Already voted"),
  ALREADY_ENDED(409, "Already ended"),
  NOT_APPROVED(409, "Not approved"),
  LAPSED(409, "Lapsed"),
  POLICY_CHANGED(409, "The policy changed"),
  BUSY(409, "Others are changing it"),
  IDEMPOTENCY_KEY_REUSED(409, "Idempotency key reused"),
  DURATION_NOT_SHORTER(422, "Not a shorter duration"),
  STARTS_TOO_LATE(422, "Starts too late"),
  TOO_MANY_OPEN_REQUESTS(429, "Too many open requests"),
  // what a grant allows
  AUTHORIZATION_PENDING(403, "People must approve first"),
  CANNOT_WAIT_HERE(403, "A single-use token cannot wait here"),
  NOT_AT_THIS_DOOR(422, "Another form of credential"),
  REQUEST_DENIED(403, "The request was denied"),
  REQUEST_CANCELLED(403, "The request was cancelled"),
  REQUEST_LAPSED(403, "The request lapsed"),
  APPROVAL_REQUIRED(403, "Approval required"),
  APPROVAL_LOST(403, "The approval no longer holds"),
  GRANT_NOT_STARTED(403, "The grant has not started"),
  GRANT_ENDED(403, "The grant has ended"),
  GRANT_REVOKED(403, "The grant was revoked"),
  GRANT_RETURNED(403, "The grant was returned"),
  STOPPED(503, "Issuing is stopped"),
  CLOSED(503, "The issuance was closed"),
  // what the cloud says
  CLOUD_REFUSED(502, "The cloud refused"),
  CLOUD_FAILED(502, "The cloud failed"),
  CLOUD_ANSWER_WRONG(502, "The cloud's answer was not what was asked for"),
  CLOUD_THROTTLED(503, "The cloud asks for patience"),
  CLOUD_UNREACHABLE(503, "The cloud cannot be reached"),
  CLOUD_BUSY(503, "Too much waits for the cloud"),
  SESSION_POLICY_TOO_LARGE(502, "The session policy is too large for the cloud"),
  GRANT_TOO_SHORT(403, "Too little of the grant is left"),
  GRANT_OVER(403, "The grant is over"),
  ACCESS_TAKEN(409, "The cloud identity serves another grant"),
  ACCESS_NOT_READY(503, "The access is not in place yet"),
  // how often
  SLOW_DOWN(429, "Polling too often"),
  TOO_MANY_FAILURES(429, "Too many failed sign-ins"),
  TOO_MANY_REQUESTS(429, "Too many requests"),
  // what is wrong here
  INTERNAL_ERROR(500, "Internal error"),
  ISSUER_UNAVAILABLE(503, "The issuer cannot be reached"),
  LEDGER_UNAVAILABLE(503, "The ledger cannot be written"),
  KEYS_UNAVAILABLE(503, "No signing key is loaded"),
  TOO_SLOW(503, "Not answered in time"),
  OVERLOADED(503, "Too much is waiting"),
  SHUTTING_DOWN(503, "This replica is stopping");

  private final int status;
  private final String title;

  Code(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** Stable snake_case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
