package io.daypass.sandbox.azure;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;

/**
 * What a client says in place of a secret, and how Entra judges it (Entra, "Workload identity
 * federation", "Error codes": AADSTS7002xx).
 */
record ClientAssertion(SignedJWT jwt, JWTClaimsSet claims) {

  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  static ClientAssertion parse(String text) {
    try {
      var jwt = SignedJWT.parse(text);
      if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())) {
        throw malformed("the algorithm is not RS256");
      }
      if (jwt.getHeader().getKeyID() == null) {
        throw malformed("the header has no kid");
      }
      return new ClientAssertion(jwt, jwt.getJWTClaimsSet());
    } catch (ParseException e) {
      throw malformed("it is not a JWT");
    }
  }

  private static Refused malformed(String why) {
    return Refused.entra(
        "invalid_request", 50027, "JWT token is invalid or malformed: " + why + ".");
  }

  String keyId() {
    return jwt.getHeader().getKeyID();
  }

  String issuer() {
    return claims.getIssuer() == null ? "" : claims.getIssuer();
  }

  String subject() {
    return claims.getSubject() == null ? "" : claims.getSubject();
  }

  /** Whether one of {@code app}'s federated credentials is this issuer, subject and audience. */
  void matches(StandInApp app) {
    if (claims.getAudience().size() != 1) {
      throw malformed("it has not one audience");
    }
    var audience = claims.getAudience().getFirst();
    if (app.credentials().stream().noneMatch(known -> known.issuer().equals(issuer()))) {
      throw unmatched(700211, "issuer '" + issuer() + "'");
    }
    if (app.credentials().stream().noneMatch(known -> known.audience().equals(audience))) {
      throw unmatched(700212, "audience '" + audience + "'");
    }
    var wanted = new StandInApp.Credential(issuer(), subject(), audience);
    if (!app.credentials().contains(wanted)) {
      throw app.credentials().stream().anyMatch(this::isButForCase)
          ? unmatched(
              7002138,
              "subject '"
                  + subject()
                  + "'. The subject matches with case-insensitive comparison, but not with"
                  + " case-sensitive comparison")
          : unmatched();
    }
  }

  private boolean isButForCase(StandInApp.Credential known) {
    return known.issuer().equals(issuer())
        && claims.getAudience().contains(known.audience())
        && known.subject().equalsIgnoreCase(subject());
  }

  /** No credential has its subject, as far as this server knows. */
  Refused unmatched() {
    return unmatched(700213, "subject '" + subject() + "'");
  }

  private static Refused unmatched(int code, String what) {
    return Refused.entra(
        "invalid_client",
        code,
        "No matching federated identity record found for presented assertion "
            + what
            + ". Check your federated identity credential Subject, Audience and Issuer against the"
            + " presented assertion.");
  }

  void inTime(Instant now) {
    var expires = claims.getExpirationTime();
    var issued = claims.getIssueTime();
    if (expires == null || issued == null || claims.getJWTID() == null) {
      throw malformed("exp, iat and jti are required");
    }
    var from = claims.getNotBeforeTime() == null ? issued : claims.getNotBeforeTime();
    var begins = issued.toInstant();
    var ends = expires.toInstant();
    if (!now.isBefore(ends.plus(SKEW))
        || from.toInstant().isAfter(now.plus(SKEW))
        || !begins.isBefore(ends)
        || Duration.between(begins, ends).compareTo(LONGEST_LIFE) > 0) {
      throw Refused.entra(
          "invalid_client", 700024, "Client assertion is not within its valid time range.");
    }
  }

  void verify(JWKSet keys) {
    try {
      if (!(keys.getKeyByKeyId(keyId()) instanceof RSAKey key) || key.size() < 2048) {
        throw signature("The key was not found.");
      }
      if (!jwt.verify(new RSASSAVerifier(key))) {
        throw signature("The signature does not match.");
      }
    } catch (JOSEException e) {
      throw signature("The key was used wrongly.");
    }
  }

  private static Refused signature(String why) {
    return Refused.entra(
        "invalid_client",
        700027,
        "The certificate with identifier used to sign the client assertion is not registered on"
            + " application. [Reason - "
            + why
            + "]");
  }
}
