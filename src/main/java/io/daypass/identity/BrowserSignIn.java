package io.daypass.identity;

import static io.daypass.identity.IdentityVerifier.LEEWAY;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Signs people in with a browser. What an issuer answers is believed only in the browser that the
 * sign-in began in, for the issuer it began with, once, and within ten minutes; the ID token is
 * proved and judged as any token is, for our client and for this very sign-in.
 */
public final class BrowserSignIn {

  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final Map<String, Party> parties = new LinkedHashMap<>();
  private final Kept kept;
  private final TokenProof proof;
  private final InstantSource clock;
  private final Supplier<byte[]> random;

  /**
   * With these.
   *
   * @param clock the database's
   * @param random 32 bytes that nobody can guess, each time
   */
  public BrowserSignIn(
      List<Party> parties,
      Kept kept,
      TokenProof proof,
      InstantSource clock,
      Supplier<byte[]> random) {
    parties.forEach(party -> this.parties.put(party.issuer().name(), party));
    this.kept = kept;
    this.proof = proof;
    this.clock = clock;
    this.random = random;
  }

  /** An issuer that people sign in with. */
  public record Party(TrustedIssuer issuer, CodeGrant client) {}

  /**
   * What is kept of it all.
   *
   * @param seen told of everybody who signed in, before they have a session
   */
  public record Kept(SignIns signIns, Sessions sessions, Consumer<Caller> seen) {}

  /**
   * How somebody wants to sign in.
   *
   * @param browser the cookie of the browser
   * @param to where to go afterwards, a path of ours
   */
  public record Wish(String issuer, String browser, String to, boolean fresh) {
    @Override
    public String toString() {
      return "Wish[" + issuer + "]";
    }
  }

  /** What became of the beginning. */
  public sealed interface Begun {
    /** The browser goes on at the issuer. */
    record GoTo(URI address) implements Begun {}

    /** Nobody signs in with an issuer of that name. */
    record NoSuchIssuer() implements Begun {}

    record Unavailable(String issuer) implements Begun {}
  }

  /** What became of a sign-in. */
  public sealed interface Finished {
    record SignedIn(SessionToken session, String to) implements Finished {}

    /** No such sign-in is under way in this browser: over, done already, or somebody else's. */
    record NotUnderWay() implements Finished {}

    /**
     * The issuer said no, or something that is not believed.
     *
     * @param why a stable word
     * @param said the issuer's own words, made harmless; may be empty
     */
    record NotBelieved(String why, String said, String to) implements Finished {}

    record Unavailable(String issuer, String to) implements Finished {}

    /** A fresh sign-in was asked for, and the issuer did not say that it was one. */
    record NotFresh(String to) implements Finished {}

    /** Somebody was to prove themselves again, and somebody else came back. */
    record OtherPerson(String to) implements Finished {}

    record Suspended() implements Finished {}
  }

  /** The configured names of those to sign in with. */
  public List<String> issuers() {
    return List.copyOf(parties.keySet());
  }

  /** A cookie for a browser that has none. */
  public String browser() {
    return secret();
  }

  /** Whether {@code cookie} may be one of {@link #browser}. */
  public static boolean isBrowser(String cookie) {
    return SECRET.matcher(cookie).matches();
  }

  /**
   * Begins.
   *
   * @param current who is signed in with the browser, if anybody
   */
  public Begun begin(Wish wish, Optional<Caller> current) {
    var party = parties.get(wish.issuer());
    if (party == null) {
      return new Begun.NoSuchIssuer();
    }
    var errand = new CodeGrant.Errand(secret(), secret(), secret(), wish.fresh());
    return switch (party.client().send(errand)) {
      case CodeGrant.Sending.Unavailable _ -> new Begun.Unavailable(wish.issuer());
      case CodeGrant.Sending.To(var address) -> {
        kept.signIns()
            .begin(
                new SignIns.UnderWay(
                    key(wish.issuer(), errand.state(), wish.browser()),
                    party.issuer().issuer(),
                    errand.nonce(),
                    errand.verifier(),
                    wish.to(),
                    wish.fresh(),
                    current.map(caller -> caller.token().replayKey()).orElse(null),
                    current.map(Caller::id).orElse(null)));
        yield new Begun.GoTo(address);
      }
    };
  }

  /**
   * Finishes.
   *
   * @param issuer whose redirect URI the browser came to
   * @param query what it brought
   */
  public Finished finish(String issuer, String browser, Map<String, String> query) {
    var party = parties.get(issuer);
    var state = query.getOrDefault("state", "");
    if (party == null || !SECRET.matcher(state).matches()) {
      return new Finished.NotUnderWay();
    }
    return kept.signIns()
        .take(key(issuer, state, browser))
        .filter(taken -> taken.signIn().iss().equals(party.issuer().issuer()))
        .map(taken -> finish(party, taken, query))
        .orElseGet(Finished.NotUnderWay::new);
  }

  private Finished finish(Party party, SignIns.Taken taken, Map<String, String> query) {
    var to = taken.signIn().to();
    return switch (party.client().read(query)) {
      case CodeGrant.Brought.Denial(var error, var description) ->
          new Finished.NotBelieved(error, description, to);
      case CodeGrant.Brought.OtherIssuer _ -> notBelieved("issuer_mismatch", to);
      case CodeGrant.Brought.Unreadable _ -> notBelieved("answer_unreadable", to);
      case CodeGrant.Brought.Unavailable _ -> unavailable(party, to);
      case CodeGrant.Brought.Code(var code) ->
          switch (party.client().redeem(code, taken.signIn().verifier())) {
            case CodeGrant.Redeemed.Refused(var error) -> notBelieved(error, to);
            case CodeGrant.Redeemed.Unavailable _ -> unavailable(party, to);
            case CodeGrant.Redeemed.IdToken(var token) -> proved(party, taken, token);
          };
    };
  }

  private Finished proved(Party party, SignIns.Taken taken, String token) {
    var to = taken.signIn().to();
    return switch (proof.prove(token)) {
      case TokenProof.Proof.Unsigned(var reason) -> notBelieved(reason.code(), to);
      case TokenProof.Proof.KeysUnavailable _ -> unavailable(party, to);
      case TokenProof.Proof.Signed signed -> judged(party, taken, signed);
    };
  }

  private Finished judged(Party party, SignIns.Taken taken, TokenProof.Proof.Signed signed) {
    var signIn = taken.signIn();
    if (!signed.issuer().equals(party.issuer())) {
      return notBelieved("issuer_mismatch", signIn.to());
    }
    if (!signIn.nonce().equals(signed.claims().get("nonce"))) {
      return notBelieved("nonce_mismatch", signIn.to());
    }
    return switch (Claims.ofSignIn(signed, party.client().clientId()).check(clock.instant())) {
      case Verification.Rejected(var reason) -> notBelieved(reason.code(), signIn.to());
      case Verification.Unavailable _ -> unavailable(party, signIn.to());
      case Verification.Verified(var caller) ->
          signIn.fresh() ? stepped(party, taken, caller) : opened(party, signIn, caller);
    };
  }

  // OpenID Connect Core 3.1.2.1: with max_age the ID token says when the person signed in.
  private Finished stepped(Party party, SignIns.Taken taken, Caller caller) {
    var signedInAt = caller.token().signedInAt();
    if (signedInAt == null || signedInAt.isBefore(taken.begunAt().minus(LEEWAY))) {
      return new Finished.NotFresh(taken.signIn().to());
    }
    var person = taken.signIn().person();
    return person == null || person.equals(caller.id())
        ? opened(party, taken.signIn(), caller)
        : new Finished.OtherPerson(taken.signIn().to());
  }

  private Finished opened(Party party, SignIns.UnderWay signIn, Caller caller) {
    kept.seen().accept(caller);
    var session = SessionToken.of(random.get());
    var opening =
        new Sessions.Opening(
            session.sha256(),
            caller.identity(),
            caller.token().issuedAt(),
            party.issuer().issuer(),
            until(party.issuer(), caller.token()),
            caller.token().signedInAt(),
            caller.token().strength(),
            signIn.session());
    return kept.sessions().open(opening)
        ? new Finished.SignedIn(session, signIn.to())
        : new Finished.Suspended();
  }

  /** What a token says is believed no longer than the issuer's tokens may live. */
  private Instant until(TrustedIssuer issuer, PresentedToken token) {
    var longest = clock.instant().plus(Sessions.LONGEST);
    var believed = token.issuedAt().plus(issuer.longestLife());
    return believed.isBefore(longest) ? believed : longest;
  }

  private static Finished notBelieved(String why, String to) {
    return new Finished.NotBelieved(why, "", to);
  }

  private static Finished unavailable(Party party, String to) {
    return new Finished.Unavailable(party.issuer().name(), to);
  }

  private static SignIns.Key key(String issuer, String state, String browser) {
    return new SignIns.Key(Digests.sha256(state), Digests.sha256(browser), issuer);
  }

  private String secret() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random.get());
  }

  /** Ends the session of {@code caller}, on all replicas at once. */
  public void end(Caller caller) {
    if (caller.token().use() == TokenUse.SESSION) {
      kept.sessions().end(caller.token().replayKey());
    }
  }
}
