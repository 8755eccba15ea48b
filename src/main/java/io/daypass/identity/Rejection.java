package io.daypass.identity;

import java.util.Locale;

/** Why a token proves nothing. The codes are stable and shown to the bearer. */
public enum Rejection {
  TOKEN_MALFORMED("the token is not a signed JWT in compact form"),
  TOKEN_TOO_LARGE("the token is larger than 16 KiB"),
  TOKEN_TYPE_NOT_ALLOWED("the token is of a type that proves no identity here"),
  HEADER_NOT_ALLOWED(
      "the token's header has a member that is not accepted, such as a key of its own"),
  ISSUER_UNKNOWN("the token's issuer is not one this broker believes"),
  ALGORITHM_NOT_ALLOWED("the token's algorithm is not the one of its issuer's key"),
  KEY_UNKNOWN("the token's key is not among its issuer's keys"),
  SIGNATURE_INVALID("the token's signature is not valid"),
  AUDIENCE_MISMATCH("the token was made for another audience"),
  TOKEN_EXPIRED("the token has expired"),
  TOKEN_NOT_YET_VALID("the token is not valid yet"),
  TOKEN_LIFE_TOO_LONG("the token lives longer than its issuer's tokens may"),
  CLAIM_MISSING("a required claim is missing"),
  CLAIM_WRONG_TYPE("a claim has the wrong JSON type"),
  CLAIM_EMPTY("a required claim is empty"),
  SUBJECT_NOT_ALLOWED("the subject is too long or has characters that a subject may not have"),
  POLL_TOKEN_UNKNOWN("the poll token is not one of a request for this role");

  private final String detail;

  Rejection(String detail) {
    this.detail = detail;
  }

  /** Stable snake_case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** One sentence that says nothing of the token's content. */
  public String detail() {
    return detail;
  }
}
