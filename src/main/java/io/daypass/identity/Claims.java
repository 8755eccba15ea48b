package io.daypass.identity;

import static io.daypass.identity.IdentityVerifier.LEEWAY;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a signed token, checked: audience, times, types, emptiness. Required are {@code
 * aud}, {@code exp}, {@code iat} and {@code sub}; whatever else Daypass reads must have its type
 * where it is there (RFC 7519 section 4.1, OpenID Connect Core 1.0 section 2).
 */
final class Claims {

  /** Keycloak's other tokens, which are signed like its ID tokens and say so only in a claim. */
  private static final Set<String> NOT_OF_A_SIGN_IN =
      Set.of("Bearer", "Refresh", "Offline", "Logout");

  private final TrustedIssuer issuer;
  private final TokenProof.Proof.Signed signed;
  private final @Nullable String client;
  private final ClaimReader reader;

  private Claims(TokenProof.Proof.Signed signed, @Nullable String client) {
    this.issuer = signed.issuer();
    this.signed = signed;
    this.client = client;
    this.reader = new ClaimReader(signed.claims());
  }

  /** Of a token that somebody presents. */
  static Claims of(TokenProof.Proof.Signed signed) {
    return new Claims(signed, null);
  }

  /** Of an ID token that the issuer handed to its {@code client}, which is us. */
  static Claims ofSignIn(TokenProof.Proof.Signed signed, String client) {
    return new Claims(signed, client);
  }

  Verification check(Instant now) {
    checkKindOfToken();
    checkAudience();
    var issuedAt = reader.requiredTime("iat");
    var expiresAt = reader.requiredTime("exp");
    checkTimes(issuedAt, expiresAt, now);
    var subject = subject();
    var signedInAt = signedInAt(now);
    var token = new PresentedToken(replayKey(), use(), issuedAt, expiresAt, signedInAt, strength());
    PresetClaims.check(issuer.preset(), reader);
    var shown = shown();
    var person = person();
    var groups = groups();
    var refusal = reader.refusal();
    if (refusal != null) {
      return new Verification.Rejected(refusal);
    }
    var identity =
        new Identity(
            new CallerId(issuer.name(), subject),
            issuer.kind(),
            shown.name(),
            shown.email(),
            person,
            groups,
            withoutNulls(signed.claims()));
    return new Verification.Verified(new Caller(identity, token));
  }

  /** Logout and other security event tokens (RFC 8417) pass for ID tokens but for this claim. */
  private void checkKindOfToken() {
    if (reader.has("events")) {
      reader.refuse(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    }
    if (issuer.kind() == Kind.HUMAN
        && signed.claims().get("typ") instanceof String typ
        && NOT_OF_A_SIGN_IN.contains(typ)) {
      reader.refuse(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    }
  }

  private void checkAudience() {
    var audiences = reader.requiredTextOrTexts("aud");
    var fits =
        client == null
            ? audiences.contains(issuer.audience())
            : isFor(client, audiences, reader.text("azp"));
    if (!fits) {
      reader.refuse(Rejection.AUDIENCE_MISMATCH);
    }
  }

  /**
   * OpenID Connect Core 3.1.3.7, 3 to 5: for the client and for nobody else who is not trusted;
   * with several audiences it says to whom it was handed.
   */
  private boolean isFor(String self, List<String> audiences, @Nullable String handedTo) {
    return audiences.contains(self)
        && audiences.stream().allMatch(one -> one.equals(self) || one.equals(issuer.audience()))
        && (handedTo == null ? audiences.size() == 1 : handedTo.equals(self));
  }

  private TokenUse use() {
    return client == null ? issuer.use() : TokenUse.SESSION;
  }

  private void checkTimes(Instant issuedAt, Instant expiresAt, Instant now) {
    if (!now.isBefore(expiresAt.plus(LEEWAY)) || !issuedAt.isBefore(expiresAt)) {
      reader.refuse(Rejection.TOKEN_EXPIRED);
    }
    refuseFuture(issuedAt, now);
    refuseFuture(reader.time("nbf"), now);
    if (Duration.between(issuedAt, expiresAt).compareTo(issuer.longestLife()) > 0) {
      reader.refuse(Rejection.TOKEN_LIFE_TOO_LONG);
    }
  }

  private void refuseFuture(@Nullable Instant time, Instant now) {
    if (time != null && time.isAfter(now.plus(LEEWAY))) {
      reader.refuse(Rejection.TOKEN_NOT_YET_VALID);
    }
  }

  private String subject() {
    var sub = reader.requiredText("sub");
    var name = issuer.claims().subject();
    var subject = name.equals("sub") ? sub : reader.requiredText(name);
    var allowed =
        switch (issuer.kind()) {
          case WORKLOAD -> Texts.isMachineSubject(subject);
          case HUMAN -> Texts.isHumanSubject(subject);
        };
    if (!allowed) {
      reader.refuse(Rejection.SUBJECT_NOT_ALLOWED);
    }
    return subject;
  }

  /** A sign-in in the future would count as fresh for as long as it likes. */
  private @Nullable Instant signedInAt(Instant now) {
    var signedInAt = reader.time("auth_time");
    refuseFuture(signedInAt, now);
    return signedInAt;
  }

  private List<String> strength() {
    var strength = new ArrayList<String>();
    var acr = reader.text("acr");
    if (acr != null) {
      strength.add(acr);
    }
    strength.addAll(reader.texts("amr"));
    return strength;
  }

  private String replayKey() {
    var jti = reader.text("jti");
    return jti == null
        ? ReplayKey.of(issuer.issuer(), "hash", signed.signedBytesHash())
        : ReplayKey.of(issuer.issuer(), "jti", jti);
  }

  /** Only shown, so what cannot be shown is left out rather than refused. */
  private Shown shown() {
    var names = issuer.claims();
    var email = names.email() == null ? null : reader.anyText(names.email());
    var verified = names.email() == null ? null : reader.flag("email_verified");
    var name = names.name() == null ? null : reader.anyText(names.name());
    return new Shown(
        name != null && Texts.isShowable(name) ? name : null,
        email != null && Texts.isShowable(email) && !Boolean.FALSE.equals(verified) ? email : null);
  }

  /**
   * Required of people where it is configured: without it somebody could approve their own request
   * by a second account.
   */
  private @Nullable String person() {
    var name = issuer.claims().person();
    if (name == null) {
      return null;
    }
    return issuer.kind() == Kind.HUMAN ? reader.requiredText(name) : reader.text(name);
  }

  private Set<String> groups() {
    var name = issuer.claims().groups();
    return name == null ? Set.of() : Set.copyOf(reader.texts(name));
  }

  private static Map<String, Object> withoutNulls(Map<?, ?> members) {
    var kept = new LinkedHashMap<String, Object>();
    members.forEach((name, value) -> {
      if (value != null) {
        kept.put(String.valueOf(name), withoutNulls(value));
      }
    });
    return kept;
  }

  private static Object withoutNulls(Object value) {
    return switch (value) {
      case Map<?, ?> members -> withoutNulls(members);
      case List<?> values ->
          values.stream().filter(Objects::nonNull).map(Claims::withoutNulls).toList();
      default -> value;
    };
  }

  private record Shown(@Nullable String name, @Nullable String email) {}
}
