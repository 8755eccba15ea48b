package io.daypass.sandbox.aws;

/** The stand-in says no, in AWS's words. Not a fault: it has no stack trace to pay for. */
final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String words;

  Refused(int status, String code, String words) {
    super(code + ": " + words, null, false, false);
    this.status = status;
    this.code = code;
    this.words = words;
  }

  static Refused validation(String words) {
    return new Refused(400, "ValidationError", words);
  }

  static Refused invalidToken(String words) {
    return new Refused(400, "InvalidIdentityToken", words);
  }

  static Refused accessDenied(String words) {
    return new Refused(403, "AccessDenied", words);
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
