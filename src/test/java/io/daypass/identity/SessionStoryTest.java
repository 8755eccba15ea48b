package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.BrowserSignIn.Begun;
import io.daypass.identity.BrowserSignIn.Finished;
import io.daypass.identity.CodeGrant.Brought;
import io.daypass.identity.CodeGrant.Redeemed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What the session is good for that a sign-in opened, and what ends it. */
@NullUnmarked // hands in nulls on purpose
class SessionStoryTest extends SignInFixture {

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
}
