package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.BrowserSignIn.Begun;
import io.daypass.identity.BrowserSignIn.Finished;
import io.daypass.identity.CodeGrant.Brought;
import io.daypass.identity.CodeGrant.Redeemed;
import io.daypass.identity.CodeGrant.Sending;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What an issuer may answer, and what comes of it; ports are played by fakes. */
@NullUnmarked // hands in nulls on purpose
class SignInStoryTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String CLIENT = "daypass-web";
  private static final String API = "daypass";

  private final Issuer staff = new Issuer("staff");
  private final Issuer guests = new Issuer("guests");
  private final Memory memory = new Memory();
  private final AtomicInteger drawn = new AtomicInteger();
  private final List<Caller> seen = new ArrayList<>();
  private TokenProof.Proof proof = new TokenProof.Proof.KeysUnavailable("staff");
  private BrowserSignIn signIn = signIns();

  private final SessionVerifier verifier =
      new SessionVerifier(memory, Map.of("staff", "https://staff.example.com"));

  @Test
  void an_id_token_for_us_and_this_sign_in_opens_a_session() {
    staff.answers(claims());
    var session = signedIn();
    assertThat(seen).hasSize(1);
    var caller = verifier.verify(session, true).orElseThrow();
    assertThat(caller.id()).isEqualTo(new CallerId("staff", "alice"));
    assertThat(caller.token().use()).isEqualTo(TokenUse.SESSION);
    assertThat(caller.token().signedInAt()).isEqualTo(NOW.minusSeconds(5));
    assertThat(caller.token().strength()).containsExactly("gold", "otp");
    assertThat(caller.token().expiresAt()).isEqualTo(NOW.plus(Sessions.LONGEST));
    assertThat(caller.token().replayKey()).isEqualTo(session.sha256());
  }

  @Test
  void one_person_whose_sub_is_another_at_each_client_is_one_by_the_claim_that_says_so() {
    staff.subject = "oid";
    signIn = signIns();
    var onThePages = claims();
    onThePages.put("sub", "of-the-pages");
    onThePages.put("oid", "o-7");
    staff.answers(onThePages);
    var session = verifier.verify(signedIn(), true).orElseThrow();
    var atTheApi = new LinkedHashMap<>(onThePages);
    atTheApi.put("sub", "of-the-command-line");
    atTheApi.put("aud", API);
    var proof = new TokenProof.Proof.Signed(staff.trusted(), atTheApi, "bb");
    var verified = new IdentityVerifier(_ -> proof, () -> NOW).verify("token");
    assertThat(verified)
        .isInstanceOfSatisfying(
            Verification.Verified.class,
            bearer ->
                assertThat(bearer.caller().id())
                    .isEqualTo(session.id())
                    .isEqualTo(new CallerId("staff", "o-7")));
  }

  @Test
  void w3_an_id_token_for_another_sign_in_is_refused_by_its_nonce() {
    for (var nonce : new Object[] {"other", null, 1L, List.of("n")}) {
      var claims = claims();
      claims.put("nonce", nonce);
      staff.answers(claims);
      assertThat(finished()).isEqualTo(notBelieved("nonce_mismatch"));
    }
    staff.forgetsNonce = true;
    staff.answers(claims());
    assertThat(finished()).isEqualTo(notBelieved("nonce_mismatch"));
    assertThat(seen).isEmpty();
  }

  @Test
  void w3_an_id_token_for_another_client_is_refused() {
    for (Object audience :
        List.of(
            API,
            "other",
            CLIENT + "x",
            List.of(API),
            List.of(CLIENT, "other"),
            List.of("a", "b"))) {
      var claims = claims();
      claims.put("aud", audience);
      claims.put("azp", CLIENT);
      staff.answers(claims);
      assertThat(finished()).as("%s", audience).isEqualTo(notBelieved("audience_mismatch"));
    }
    for (var audience : List.of(List.of(CLIENT, API), List.of(API, CLIENT))) {
      var claims = claims();
      claims.put("aud", audience);
      staff.answers(claims);
      assertThat(finished()).as("without azp").isEqualTo(notBelieved("audience_mismatch"));
      claims.put("azp", "daypass-cli");
      staff.answers(claims);
      assertThat(finished()).as("another azp").isEqualTo(notBelieved("audience_mismatch"));
      claims.put("azp", CLIENT);
      staff.answers(claims);
      assertThat(finished()).isInstanceOf(Finished.SignedIn.class);
    }
    var claims = claims();
    claims.put("azp", "daypass-cli");
    staff.answers(claims);
    assertThat(finished()).isEqualTo(notBelieved("audience_mismatch"));
  }

  @Test
  void what_is_wrong_with_any_token_is_wrong_with_this_one() {
    var wrong =
        Map.<String, Map<String, Object>>of(
            "token_expired", Map.of("exp", NOW.minusSeconds(60).getEpochSecond()),
            "token_not_yet_valid", Map.of("auth_time", NOW.plusSeconds(90).getEpochSecond()),
            "token_life_too_long", Map.of("exp", NOW.plusSeconds(90_000).getEpochSecond()),
            "subject_not_allowed", Map.of("sub", "a\u202eb"),
            "claim_wrong_type", Map.of("groups", "security"),
            "token_type_not_allowed", Map.of("events", Map.of("logout", Map.of())));
    wrong.forEach((why, change) -> {
      var claims = claims();
      claims.putAll(change);
      staff.answers(claims);
      assertThat(finished()).isEqualTo(notBelieved(why));
    });
    staff.answers(Map.of());
    proof = new TokenProof.Proof.Unsigned(Rejection.SIGNATURE_INVALID);
    assertThat(finished()).isEqualTo(notBelieved("signature_invalid"));
    assertThat(memory.open).isEmpty();
  }

  @Test
  void w4_a_sign_in_with_one_issuer_is_not_finished_with_another() {
    var state = begin("staff", false);
    guests.answers(guests.claims());
    assertThat(signIn.finish("guests", "browser", Map.of("state", state)))
        .isEqualTo(new Finished.NotUnderWay());
    // A token of another issuer that is believed too.
    staff.answers(Map.of());
    proof = signed(guests, staff.claims());
    assertThat(signIn.finish("staff", "browser", Map.of("state", state)))
        .isEqualTo(notBelieved("issuer_mismatch"));
  }

  @Test
  void w4_a_sign_in_is_over_when_its_issuer_was_changed_meanwhile() {
    staff.answers(claims());
    var state = begin("staff", false);
    var key = memory.underWay.keySet().iterator().next();
    var before = memory.underWay.get(key).signIn();
    memory.begin(
        new SignIns.UnderWay(
            key,
            "https://old.example.com",
            before.nonce(),
            before.verifier(),
            before.to(),
            false,
            null,
            null));
    assertThat(signIn.finish("staff", "browser", Map.of("state", state)))
        .isEqualTo(new Finished.NotUnderWay());
  }

  @Test
  void c8_a_step_up_without_auth_time_is_not_fresh() {
    var claims = claims();
    claims.remove("auth_time");
    staff.answers(claims);
    assertThat(finished(true)).isEqualTo(new Finished.NotFresh("/to"));
    claims.put("auth_time", NOW.minusSeconds(31).getEpochSecond());
    staff.answers(claims);
    assertThat(finished(true)).isEqualTo(new Finished.NotFresh("/to"));
    claims.put("auth_time", NOW.minusSeconds(1).getEpochSecond());
    staff.answers(claims);
    assertThat(finished(true)).isInstanceOf(Finished.SignedIn.class);
  }

  @Test
  void a_sign_in_without_auth_time_opens_a_session_that_is_not_fresh() {
    var claims = claims();
    claims.remove("auth_time");
    staff.answers(claims);
    assertThat(verifier.verify(signedIn(), true).orElseThrow().token().signedInAt()).isNull();
  }

  @Test
  void w8_a_session_of_an_issuer_that_is_gone_or_was_changed_is_none() {
    staff.answers(claims());
    var session = signedIn();
    assertThat(verifier.verify(session, true)).isPresent();
    for (var believed :
        List.of(
            Map.<String, String>of(),
            Map.of("guests", "https://staff.example.com"),
            Map.of("staff", "https://new.example.com"))) {
      assertThat(new SessionVerifier(memory, believed).verify(session, true)).isEmpty();
    }
  }

  @Test
  void w8_a_session_lives_no_longer_than_what_its_token_says_may_be_believed() {
    staff.longestLife = Duration.ofHours(2);
    var claims = claims();
    claims.put("iat", NOW.minusSeconds(600).getEpochSecond());
    staff.answers(claims);
    var strict =
        new BrowserSignIn(
            List.of(staff.party()),
            new BrowserSignIn.Kept(memory, memory, seen::add),
            _ -> proof,
            () -> NOW,
            () -> ByteBuffer.allocate(32).putInt(28, drawn.incrementAndGet()).array());
    var begun = strict.begin(wish("staff", false), Optional.empty());
    assertThat(begun).isInstanceOf(Begun.GoTo.class);
    assertThat(strict.finish("staff", "browser", Map.of("state", staff.state())))
        .isInstanceOf(Finished.SignedIn.class);
    assertThat(memory.open.values().iterator().next().until())
        .isEqualTo(NOW.minusSeconds(600).plus(Duration.ofHours(2)));
  }

  @Test
  void a_step_up_ends_the_session_that_it_replaces() {
    staff.answers(claims());
    var first = signedIn();
    var caller = verifier.verify(first, true);
    assertThat(signIn.begin(wish("staff", true), caller)).isInstanceOf(Begun.GoTo.class);
    assertThat(signIn.finish("staff", "browser", Map.of("state", staff.state())))
        .isInstanceOf(Finished.SignedIn.class);
    assertThat(verifier.verify(first, true)).isEmpty();
    assertThat(memory.open).hasSize(1);
  }

  @Test
  void a_step_up_of_somebody_else_changes_nothing() {
    staff.answers(claims());
    var session = signedIn();
    var caller = verifier.verify(session, true);
    assertThat(signIn.begin(wish("staff", true), caller)).isInstanceOf(Begun.GoTo.class);
    var claims = claims();
    claims.put("sub", "bob");
    staff.answers(claims);
    assertThat(signIn.finish("staff", "browser", Map.of("state", staff.state())))
        .isEqualTo(new Finished.OtherPerson("/to"));
    assertThat(verifier.verify(session, true)).isPresent();
  }

  @Test
  void an_issuer_that_says_no_or_is_away_signs_nobody_in() {
    staff.answers(claims());
    staff.brought = new Brought.Denial("access_denied", "not today");
    assertThat(finished()).isEqualTo(new Finished.NotBelieved("access_denied", "not today", "/to"));
    staff.brought = new Brought.Unreadable();
    assertThat(finished()).isEqualTo(notBelieved("answer_unreadable"));
    staff.brought = new Brought.Unavailable();
    assertThat(finished()).isEqualTo(new Finished.Unavailable("staff", "/to"));
    staff.brought = new Brought.Code("c");
    staff.redeemed = new Redeemed.Unavailable();
    assertThat(finished()).isEqualTo(new Finished.Unavailable("staff", "/to"));
    staff.answers(Map.of());
    proof = new TokenProof.Proof.KeysUnavailable("staff");
    assertThat(finished()).isEqualTo(new Finished.Unavailable("staff", "/to"));
    staff.away = true;
    assertThat(signIn.begin(wish("staff", false), Optional.empty()))
        .isEqualTo(new Begun.Unavailable("staff"));
    assertThat(signIn.begin(wish("github", false), Optional.empty()))
        .isEqualTo(new Begun.NoSuchIssuer());
    assertThat(memory.open).isEmpty();
  }

  @Test
  void who_is_suspended_gets_no_session() {
    staff.answers(claims());
    memory.suspended = true;
    assertThat(finished()).isEqualTo(new Finished.Suspended());
  }

  @Test
  void a_session_is_ended_by_its_own_and_by_nothing_else() {
    staff.answers(claims());
    var session = signedIn();
    signIn.end(Callers.person("alice", NOW));
    assertThat(verifier.verify(session, true)).isPresent();
    signIn.end(verifier.verify(session, true).orElseThrow());
    assertThat(verifier.verify(session, true)).isEmpty();
  }

  @Test
  void a_row_under_another_key_is_not_the_session() {
    staff.answers(claims());
    var session = signedIn();
    memory.answersWith = "0".repeat(64);
    assertThat(verifier.verify(session, true)).isEmpty();
  }

  @Test
  void nothing_that_ties_an_answer_to_its_question_prints_itself() {
    staff.answers(claims());
    var session = signedIn();
    assertThat(session.toString()).doesNotContain(session.reveal());
    var begun = begin("staff", false);
    var kept = memory.underWay.values().iterator().next();
    assertThat(kept.toString()).doesNotContain(kept.signIn().nonce(), begun);
    assertThat(new Brought.Code("secret").toString()).doesNotContain("secret");
    assertThat(new Redeemed.IdToken("secret").toString()).doesNotContain("secret");
    assertThat(new CodeGrant.Errand("secret", "secret", "secret", true).toString())
        .doesNotContain("secret");
    assertThat(wish("staff", true).toString()).doesNotContain("browser");
  }

  @Test
  void a_session_token_has_one_shape() {
    assertThat(SessionToken.parse("A".repeat(43))).isPresent();
    for (var wrong : List.of("", "A".repeat(42), "A".repeat(44), "A".repeat(42) + "=", "a b")) {
      assertThat(SessionToken.parse(wrong)).isEmpty();
    }
  }

  private BrowserSignIn signIns() {
    return new BrowserSignIn(
        List.of(staff.party(), guests.party()),
        new BrowserSignIn.Kept(memory, memory, seen::add),
        _ -> proof,
        () -> NOW,
        () -> ByteBuffer.allocate(32).putInt(28, drawn.incrementAndGet()).array());
  }

  private Finished notBelieved(String why) {
    return new Finished.NotBelieved(why, "", "/to");
  }

  private Map<String, Object> claims() {
    return staff.claims();
  }

  private SessionToken signedIn() {
    return ((Finished.SignedIn) finished()).session();
  }

  private Finished finished() {
    return finished(false);
  }

  private Finished finished(boolean fresh) {
    var state = begin("staff", fresh);
    return signIn.finish("staff", "browser", Map.of("state", state));
  }

  private String begin(String issuer, boolean fresh) {
    assertThat(signIn.begin(wish(issuer, fresh), Optional.empty())).isInstanceOf(Begun.GoTo.class);
    return staff.state();
  }

  private static BrowserSignIn.Wish wish(String issuer, boolean fresh) {
    return new BrowserSignIn.Wish(issuer, "browser", "/to", fresh);
  }

  private TokenProof.Proof signed(Issuer issuer, Map<String, Object> claims) {
    return new TokenProof.Proof.Signed(issuer.trusted(), claims, "aa");
  }

  /** An issuer that answers what it is told to. */
  private final class Issuer implements CodeGrant {
    private final String name;
    private Duration longestLife = Duration.ofHours(24);
    private String subject = "sub";
    private Errand errand = new Errand("", "", "", false);
    private Brought brought = new Brought.Code("code");
    private Redeemed redeemed = new Redeemed.Unavailable();
    private Map<String, Object> told = Map.of();
    private boolean forgetsNonce;
    private boolean away;

    Issuer(String name) {
      this.name = name;
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
        proof = signed(this, claims);
      }
      return redeemed;
    }
  }

  /** Rows, without a clock of their own. */
  private static final class Memory implements SignIns, Sessions {
    private final Map<Key, Taken> underWay = new HashMap<>();
    private final Map<String, Opening> open = new HashMap<>();
    private boolean suspended;
    private String answersWith;

    @Override
    public void begin(UnderWay signIn) {
      underWay.put(signIn.key(), new Taken(signIn, NOW));
    }

    @Override
    public Optional<Taken> take(Key key) {
      return Optional.ofNullable(underWay.remove(key));
    }

    @Override
    public Optional<Held> look(String sha256) {
      return use(sha256);
    }

    @Override
    public Optional<Held> use(String sha256) {
      return Optional.ofNullable(open.get(sha256)).map(this::held);
    }

    private Held held(Opening opening) {
      return new Held(
          answersWith == null ? opening.sha256() : answersWith,
          opening.identity(),
          opening.iss(),
          opening.saidAt(),
          opening.until(),
          opening.signedInAt(),
          opening.strength());
    }

    @Override
    public boolean open(Opening opening) {
      if (suspended) {
        return false;
      }
      open.remove(opening.replaces());
      open.put(opening.sha256(), opening);
      return true;
    }

    @Override
    public void end(String sha256) {
      open.remove(sha256);
    }
  }
}
