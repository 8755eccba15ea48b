package io.daypass.sandbox.gcp;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The token that is exchanged, and what a provider makes of it (IAM guide, "Workload Identity
 * Federation with other identity providers", "Prepare your external IdP").
 */
record SubjectToken(SignedJWT jwt) {

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
  // The API reference says 48 h, other pages say 24: the shorter.
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);
  private static final int LONGEST_SUBJECT = 127;
  private static final int LONGEST_ATTRIBUTE = 2048;

  /** Who a token is for, in IAM's words. */
  record Mapped(String subject, Set<String> principals) {}

  static SubjectToken parse(String text) {
    try {
      var jwt = SignedJWT.parse(text);
      var header = jwt.getHeader();
      if (!ALGORITHMS.contains(header.getAlgorithm())) {
        throw bad("Unsupported signature algorithm. Only RS256 and ES256 are supported.");
      }
      if (header.getKeyID() == null) {
        throw bad("The ID Token's header must have a kid.");
      }
      jwt.getJWTClaimsSet();
      return new SubjectToken(jwt);
    } catch (ParseException e) {
      throw bad("Unable to parse the ID Token.");
    }
  }

  String keyId() {
    return jwt.getHeader().getKeyID();
  }

  /** Judges all that needs no key. */
  void check(StandInProvider provider, Instant now) {
    try {
      var claims = jwt.getJWTClaimsSet();
      if (!provider.issuer().equals(claims.getIssuer())) {
        throw bad(
            "The issuer in ID Token "
                + claims.getIssuer()
                + " does not match the expected ones: "
                + provider.issuer());
      }
      // Never a list: a token that is good elsewhere too is not made for us.
      if (claims.getAudience().size() != 1 || !provider.takes(claims.getAudience().getFirst())) {
        throw bad(
            "The audience in ID Token "
                + claims.getAudience()
                + " does not match the expected one");
      }
      if (claims.getIssueTime() == null || claims.getExpirationTime() == null) {
        throw bad("The ID Token must have iat and exp.");
      }
      times(claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant(), now);
      if (claims.getNotBeforeTime() != null && claims.getNotBeforeTime().toInstant().isAfter(now)) {
        throw bad("The ID Token is not valid yet.");
      }
    } catch (ParseException e) {
      throw bad("Unable to parse the ID Token.");
    }
  }

  private static void times(Instant issued, Instant expires, Instant now) {
    // "In the past", says the guide, and names no leeway.
    if (issued.isAfter(now)) {
      throw bad("The ID Token was issued in the future: " + issued.getEpochSecond());
    }
    if (!now.isBefore(expires)) {
      throw bad("ID Token issued at " + issued.getEpochSecond() + " is stale to sign-in.");
    }
    if (!issued.isBefore(expires)
        || Duration.between(issued, expires).compareTo(LONGEST_LIFE) > 0) {
      throw bad("The ID Token lives for too long: at most 24 hours.");
    }
  }

  void verify(JWKSet keys) {
    var key = keys.getKeyByKeyId(keyId());
    try {
      var algorithm = jwt.getHeader().getAlgorithm();
      JWSVerifier verifier =
          switch (key) {
            case RSAKey rsa when algorithm.equals(JWSAlgorithm.RS256) && rsa.size() >= 2048 ->
                new RSASSAVerifier(rsa);
            case ECKey ec when algorithm.equals(JWSAlgorithm.ES256) -> new ECDSAVerifier(ec);
            case null, default ->
                throw bad("Error fetching the JWK with the ID Token's kid from the issuer.");
          };
      if (!jwt.verify(verifier)) {
        throw bad("Invalid JWT signature.");
      }
    } catch (JOSEException e) {
      throw bad("Invalid JWT signature.");
    }
  }

  /** What the provider's mapping makes of it, if its condition lets it pass. */
  Mapped mapped(StandInProvider provider, Expressions expressions) {
    var claims = claims();
    var subject = "";
    var attributes = new HashMap<String, String>();
    var principals = new LinkedHashSet<String>();
    for (var entry : provider.mapping().entrySet()) {
      var name = entry.getKey();
      var value = expressions.mapped(entry.getValue(), claims).orElseThrow(() -> unmapped(name));
      int bytes = value.getBytes(StandardCharsets.UTF_8).length;
      if (name.equals("google.subject")) {
        if (bytes == 0 || bytes > LONGEST_SUBJECT) {
          throw Refused.exchange(
              "invalid_request",
              "The size of mapped attribute google.subject exceeds the 127 bytes limit. Either"
                  + " modify your attribute mapping or the incoming assertion to produce a mapped"
                  + " attribute that is less than 127 bytes.");
        }
        subject = value;
        principals.add(provider.principal(value));
      } else if (bytes > LONGEST_ATTRIBUTE) {
        throw unmapped(name);
      } else {
        attributes.put(name.substring("attribute.".length()), value);
        principals.add(provider.principals(name, value));
      }
    }
    var condition = provider.condition();
    if (condition != null
        && !expressions.passes(condition, claims, Map.of("subject", subject), attributes)) {
      throw Refused.exchange(
          "unauthorized_client", "The given credential is rejected by the attribute condition.");
    }
    return new Mapped(subject, Set.copyOf(principals));
  }

  private Map<String, Object> claims() {
    var claims = jwt.getPayload().toJSONObject();
    claims.values().removeIf(value -> value == null);
    return claims;
  }

  private static Refused unmapped(String name) {
    return Refused.exchange(
        "invalid_grant", "The attribute mapping of " + name + " does not evaluate to a string.");
  }

  private static Refused bad(String words) {
    return Refused.exchange("invalid_grant", words);
  }
}
