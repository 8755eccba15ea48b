package io.daypass.ledger;

import java.util.Locale;

/** Why nothing is issued under a grant. Codes are stable. */
public enum IssueRefusal {
  APPROVAL_REQUIRED(
      "you have no approved request for this role", "make a request and have it approved"),
  DENIED_BY_POLICY("the policies in force do not allow it", "ask for an explanation of the role"),
  APPROVAL_LOST(
      "the approvals of the request no longer meet the policies in force",
      "make a new request for the role"),
  GRANT_NOT_STARTED("the grant has not started yet", "wait until it starts"),
  GRANT_ENDED("the grant has ended", "make a new request for the role"),
  GRANT_REVOKED("the grant was revoked", "ask the one who revoked it"),
  GRANT_RETURNED("the grant was returned", "make a new request for the role"),
  REQUEST_DENIED("the request was denied", "ask the one who denied it"),
  REQUEST_CANCELLED("the request was cancelled", "make a new request for the role"),
  REQUEST_LAPSED("the request lapsed undecided", "make a new request for the role"),
  CANNOT_WAIT_HERE(
      "people must approve first, and a single-use token cannot come here again",
      "ask at POST /v1/roles/{role}/credentials, and wait there with the poll token it gives"),
  NOT_AT_THIS_DOOR(
      "the credentials of this role have another form than is given here",
      "ask at POST /v1/roles/{role}/credentials"),
  NO_SUCH_DESTINATION(
      "the role has no console, or not that destination",
      "GET /v1/roles names the destinations of each role"),
  TOKEN_ALREADY_USED(
      "this token has opened a request before, and may open only one",
      "get a new token from the issuer"),
  CLOUD_BUSY("too much waits for the cloud, or too much failed there lately", "try again"),
  STOPPED("an administrator has stopped all issuing", "wait until it is resumed"),
  CLOSED("the issuance was closed by the reconciler", "try again");

  private final String detail;
  private final String next;

  IssueRefusal(String detail, String next) {
    this.detail = detail;
    this.next = next;
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
}
