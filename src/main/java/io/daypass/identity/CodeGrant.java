package io.daypass.identity;

import java.net.URI;
import java.util.Map;

/**
 * Daypass as a confidential client of one issuer: sends people there and redeems the code that they
 * bring back (OpenID Connect Core 1.0 section 3.1, with PKCE, RFC 7636). Knows the issuer's
 * endpoints from its discovery and from nothing else.
 */
public interface CodeGrant {

  /** The client's id at the issuer, which is the audience of its ID tokens. */
  String clientId();

  /** Where to send somebody. */
  Sending send(Errand errand);

  /** What the issuer answered, as the browser brought it. Believes nothing of it yet. */
  Brought read(Map<String, String> query);

  /** The ID token for a code; the code is spent by it. */
  Redeemed redeem(String code, String verifier);

  /** What ties the issuer's answer to its question. Never printed. */
  record Errand(String state, String nonce, String verifier, boolean fresh) {
    @Override
    public String toString() {
      return "Errand[" + fresh + "]";
    }
  }

  /** What became of the way to the issuer. */
  sealed interface Sending {
    record To(URI address) implements Sending {}

    /** What the issuer says of itself cannot be had now. */
    record Unavailable() implements Sending {}
  }

  /** What a browser brought back. */
  sealed interface Brought {
    record Code(String value) implements Brought {
      @Override
      public String toString() {
        return "[code]";
      }
    }

    /**
     * The issuer says no.
     *
     * @param error its code, made harmless
     * @param description its words, made harmless; may be empty
     */
    record Denial(String error, String description) implements Brought {}

    /** It says that it comes from another issuer, or not from whom (RFC 9207). */
    record OtherIssuer() implements Brought {}

    record Unreadable() implements Brought {}

    /** What the issuer says of itself cannot be had now. */
    record Unavailable() implements Brought {}
  }

  /** What became of a code. */
  sealed interface Redeemed {
    /** Nothing of it has been believed yet. */
    record IdToken(String value) implements Redeemed {
      @Override
      public String toString() {
        return "[token]";
      }
    }

    /**
     * The issuer does not take it.
     *
     * @param error its code, made harmless
     */
    record Refused(String error) implements Redeemed {}

    /** No answer, or none that makes sense. */
    record Unavailable() implements Redeemed {}
  }
}
