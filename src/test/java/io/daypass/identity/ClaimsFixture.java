package io.daypass.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/** Claims that an issuer has signed, and who is known by them; a test changes what it is about. */
@NullUnmarked // hands in nulls on purpose
abstract class ClaimsFixture {

  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final String AUDIENCE = "https://daypass.example.com";

  Instant now = NOW;
  Kind kind = Kind.WORKLOAD;
  TrustedIssuer.Preset preset = TrustedIssuer.Preset.GENERIC;
  String person;
  String subject = "sub";
  String issuerUrl = "https://ci.example.com";
  String bytesHash = "aa";

  Map<String, Object> good() {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", issuerUrl);
    claims.put("aud", AUDIENCE);
    claims.put("sub", "job-1");
    claims.put("iat", NOW.getEpochSecond());
    claims.put("exp", NOW.plusSeconds(300).getEpochSecond());
    return claims;
  }

  Map<String, Object> with(String name, Object value) {
    var claims = good();
    claims.put(name, value);
    return claims;
  }

  Map<String, Object> without(String name) {
    var claims = good();
    claims.remove(name);
    return claims;
  }

  Caller caller(Map<String, Object> claims) {
    return ((Verification.Verified) verify(claims)).caller();
  }

  Rejection refusal(Map<String, Object> claims) {
    return ((Verification.Rejected) verify(claims)).reason();
  }

  Verification verify(Map<String, Object> claims) {
    var issuer =
        new TrustedIssuer(
            "ci",
            issuerUrl,
            AUDIENCE,
            kind,
            preset,
            TokenUse.SINGLE_USE,
            Duration.ofHours(1),
            new TrustedIssuer.ClaimNames(subject, "groups", "email", "name", person));
    var proof = new TokenProof.Proof.Signed(issuer, claims, bytesHash);
    return new IdentityVerifier(_ -> proof, () -> now).verify("token");
  }
}
