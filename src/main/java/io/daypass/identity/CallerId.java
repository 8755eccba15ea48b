package io.daypass.identity;

/**
 * Who somebody is to Daypass: the configured name of an issuer and the subject it vouches for. Both
 * are compared byte for byte; an e-mail address is never an identity.
 */
public record CallerId(String issuer, String subject) {

  public CallerId {
    if (issuer.isBlank() || subject.isBlank()) {
      throw new IllegalArgumentException("an identity has an issuer and a subject");
    }
  }
}
