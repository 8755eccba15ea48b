package io.daypass.sandbox.gcp;

import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;

/**
 * The stand-in says no, in Google's words: those of OAuth at the exchange (RFC 6749, section 5.2),
 * those of Google's APIs elsewhere (AIP-193). Not a fault: it has no stack trace to pay for.
 */
final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String words;

  private Refused(int status, String code, String words) {
    super(code + ": " + words, null, false, false);
    this.status = status;
    this.code = code;
    this.words = words;
  }

  static Refused exchange(String code, String words) {
    return new Refused(code.equals("invalid_client") ? 401 : 400, code, words);
  }

  /** An issuer's keys cannot be had. */
  static Refused unreachable() {
    return exchange("invalid_grant", "Error connecting to the given credential's issuer.");
  }

  static Refused api(int status, String code, String words) {
    return new Refused(status, code, words);
  }

  static Refused invalid(String words) {
    return api(400, "INVALID_ARGUMENT", words);
  }

  static Refused denied(String permission) {
    return api(
        403,
        "PERMISSION_DENIED",
        "Permission '" + permission + "' denied on resource (or it may not exist).");
  }

  static Refused unauthenticated() {
    return api(
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login"
            + " cookie or other valid authentication credential.");
  }

  /** As the exchange words it. */
  Reply asExchange() {
    return Reply.json(status, new JsonObject().put("error", code).put("error_description", words));
  }

  /** As Google's APIs word it. */
  Reply asApi() {
    var error = new JsonObject().put("code", status).put("message", words).put("status", code);
    return Reply.json(status, new JsonObject().put("error", error));
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String words() {
    return words;
  }
}
