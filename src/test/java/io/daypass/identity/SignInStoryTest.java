package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.BrowserSignIn.Begun;
import io.daypass.identity.BrowserSignIn.Finished;
import io.daypass.identity.CodeGrant.Brought;
import io.daypass.identity.CodeGrant.Redeemed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What an issuer may answer, and what comes of it. */
@NullUnmarked // hands in nulls on purpose
class SignInStoryTest extends SignInFixture {

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
    proof = guests.signed(staff.claims());
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
}
