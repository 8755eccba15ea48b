package io.daypass.sandbox.azure;

import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The stand-in says no, in the words of Entra (an AADSTS code below an OAuth error) or of Resource
 * Manager. Not a fault: it has no stack trace to pay for.
 */
final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String words;
  private final int aadsts;

  private Refused(int status, String code, int aadsts, String words) {
    super(code + ": " + words, null, false, false);
    this.status = status;
    this.code = code;
    this.aadsts = aadsts;
    this.words = words;
  }

  /** Entra's: {@code error} is OAuth's (RFC 6749, section 5.2). */
  static Refused entra(String error, int aadsts, String words) {
    return new Refused(error.equals("invalid_client") ? 401 : 400, error, aadsts, words);
  }

  /** An issuer's keys cannot be had. */
  static Refused unreachable() {
    return entra("invalid_request", 50166, "Request to External OIDC endpoint failed.");
  }

  static Refused arm(int status, String code, String words) {
    return new Refused(status, code, 0, words);
  }

  int status() {
    return status;
  }

  /** What the list of calls names it by. */
  String name() {
    return aadsts == 0 ? code : "AADSTS" + aadsts;
  }

  String words() {
    return words;
  }

  Reply asEntra() {
    return Reply.json(
        status,
        new JsonObject()
            .put("error", code)
            .put("error_description", "AADSTS" + aadsts + ": " + words)
            .put("error_codes", new JsonArray().add(aadsts)));
  }

  Reply asArm() {
    var error = new JsonObject().put("code", code).put("message", words);
    return Reply.json(status, new JsonObject().put("error", error));
  }
}
