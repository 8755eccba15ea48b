package io.daypass.identity;

import static io.daypass.identity.SignInFixture.API;
import static io.daypass.identity.SignInFixture.CLIENT;
import static io.daypass.identity.SignInFixture.NOW;

import io.daypass.identity.CodeGrant.Brought;
import io.daypass.identity.CodeGrant.Redeemed;
import io.daypass.identity.CodeGrant.Sending;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;

/** An issuer that answers what it is told to. */
@NullUnmarked // hands in nulls on purpose
final class AnsweringIssuer implements CodeGrant {

  private final String name;
  private final Consumer<TokenProof.Proof> proved;
  Duration longestLife = Duration.ofHours(24);
  String subject = "sub";
  private Errand errand = new Errand("", "", "", false);
  Brought brought = new Brought.Code("code");
  Redeemed redeemed = new Redeemed.Unavailable();
  private Map<String, Object> told = Map.of();
  boolean forgetsNonce;
  boolean away;

  AnsweringIssuer(String name, Consumer<TokenProof.Proof> proved) {
    this.name = name;
    this.proved = proved;
  }

  TrustedIssuer trusted() {
    return new TrustedIssuer(
        name,
        "https://" + name + ".example.com",
        API,
        Kind.HUMAN,
        TrustedIssuer.Preset.GENERIC,
        TokenUse.REUSABLE,
        longestLife,
        new TrustedIssuer.ClaimNames(subject, "groups", "email", "name", null));
  }

  BrowserSignIn.Party party() {
    return new BrowserSignIn.Party(trusted(), this);
  }

  String state() {
    return errand.state();
  }

  Map<String, Object> claims() {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", "https://" + name + ".example.com");
    claims.put("aud", CLIENT);
    claims.put("sub", "alice");
    claims.put("groups", List.of("engineering"));
    claims.put("iat", NOW.getEpochSecond());
    claims.put("exp", NOW.plusSeconds(3600).getEpochSecond());
    claims.put("auth_time", NOW.minusSeconds(5).getEpochSecond());
    claims.put("acr", "gold");
    claims.put("amr", List.of("otp"));
    return claims;
  }

  /** From now on an ID token with these claims, and the right nonce unless they have one. */
  void answers(Map<String, Object> claims) {
    told = claims;
    redeemed = new Redeemed.IdToken("t");
  }

  /** What the proof of a token of its comes to that has these claims. */
  TokenProof.Proof signed(Map<String, Object> claims) {
    return new TokenProof.Proof.Signed(trusted(), claims, "aa");
  }

  @Override
  public String clientId() {
    return CLIENT;
  }

  @Override
  public Sending send(Errand newErrand) {
    errand = newErrand;
    return away
        ? new Sending.Unavailable()
        : new Sending.To(URI.create("https://" + name + ".example.com/authorize"));
  }

  @Override
  public Brought read(Map<String, String> query) {
    return brought;
  }

  @Override
  public Redeemed redeem(String code, String verifier) {
    if (!told.isEmpty()) {
      var claims = new LinkedHashMap<>(told);
      if (!forgetsNonce && !claims.containsKey("nonce")) {
        claims.put("nonce", errand.nonce());
      }
      proved.accept(signed(claims));
    }
    return redeemed;
  }
}
