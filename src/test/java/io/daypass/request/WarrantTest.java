package io.daypass.request;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.identity.TestCallers;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.MemoryLedger;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WarrantTest {

  private final io.daypass.identity.Caller alice = TestCallers.human("alice");

  @Test
  void p2_no_warrant_and_no_recorded_grant_ever_outlives_its_grant() {
    var random = new Random(20_261_121);
    var ids = new RequestIds();
    for (var i = 0; i < 10_000; i++) {
      var clock = new TickingClock();
      clock.advance(Duration.ofMillis(random.nextLong(100_000_000)));
      var store = new MemoryRequests(clock, 5);
      var approved = Duration.ofSeconds(1 + random.nextInt(43_200));
      var limit = Duration.ofSeconds(1 + random.nextInt(43_200));
      var wide = role("now").max(Duration.ofHours(12)).automatic().policies();
      @Nullable Instant startsAt =
          random.nextBoolean() ? null : clock.instant().plusMillis(random.nextInt(10_000));
      var now = new Circumstances(clock.instant(), "");
      var wish = new Wish(approved, "", null);
      var granted = (Decision.Granted) wide.decide(alice, "now", wish, now);
      var draft = new RequestDraft(ids, Duration.ofHours(24));
      var asking = new Asking("now", wish, startsAt, null);
      var wanted = draft.of(alice, granted.allowance(), List.of(), asking, null);
      var request = ((RequestStore.Opened.Made) store.open(wanted)).request();
      clock.advance(Duration.ofMillis(random.nextInt(50_000_000)));
      var at = clock.instant();
      var grant = request.grantAt(at);
      if (grant.isEmpty()) {
        continue;
      }
      var narrow = role("now").max(limit).automatic().policies();
      var covered =
          (Warrants.Answer.Covered)
              Warrants.check(alice, grant.get(), narrow, new Circumstances(at, ""));
      var ends = covered.warrant().endsAt();
      assertThat(ends)
          .isBeforeOrEqualTo(grant.get().endsAt())
          .isBeforeOrEqualTo(grant.get().startsAt().plus(limit))
          .isEqualTo(ends.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
      var ledger = new Ledger(new MemoryLedger(store, clock), () -> new UUID(0, 0));
      switch (ledger.intend(covered.warrant(), "")) {
        case Ledger.Recorded.Intended(var recorded) -> {
          assertThat(recorded.endsAt()).isEqualTo(ends);
          assertThat(recorded.recordedAt()).isBefore(recorded.endsAt());
        }
        case Ledger.Recorded.Refused _ -> assertThat(clock.instant()).isAfterOrEqualTo(ends);
        case Ledger.Recorded.Changed _ -> throw new AssertionError("nothing changed");
      }
    }
  }

  @Test
  void a_grant_covers_its_requester_only() {
    var desks = new Desks(role("now").automatic().policies());
    var request = desks.made(alice, "now");
    var grant = request.grantAt(desks.clock.instant()).orElseThrow();
    var mallory = TestCallers.human("mallory");
    assertThatThrownBy(() -> Warrants.check(mallory, grant, desks.policies.get(), desks.now()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_request_that_waits_for_people_opens_no_grant() {
    var automatic = role("now").automatic().policies();
    var desks = new Desks(automatic);
    var wish = new Wish(Desks.HOUR, "", null);
    var granted = (Decision.Granted) automatic.decide(alice, "now", wish, desks.now());
    var lines = List.of(Roles.one("leads"));
    var waiting =
        new RequestDraft(new RequestIds(), Desks.HOUR)
            .of(alice, granted.allowance(), lines, new Asking("now", wish, null, null), null);
    assertThatThrownBy(() -> Warrants.opening(waiting, granted))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void c3_the_digest_of_a_request_changes_with_everything_that_is_approved() {
    var at = TickingClock.START;
    var wish = new Wish(Desks.HOUR, "reason", "INC-1");
    var role = role("r").make();
    var digest = RequestDigest.of(alice.id(), role, wish, at);
    assertThat(
            List.of(
                RequestDigest.of(TestCallers.human("bob").id(), role, wish, at),
                RequestDigest.of(alice.id(), role("q").make(), wish, at),
                RequestDigest.of(alice.id(), role("r").digest("other").make(), wish, at),
                RequestDigest.of(alice.id(), role, new Wish(Desks.HOUR, "other", "INC-1"), at),
                RequestDigest.of(alice.id(), role, new Wish(Desks.HOUR, "reason", null), at),
                RequestDigest.of(alice.id(), role, new Wish(Desks.HOUR, "reasonINC-1", ""), at),
                RequestDigest.of(
                    alice.id(), role, new Wish(Desks.HOUR.plusSeconds(1), "reason", "INC-1"), at),
                RequestDigest.of(alice.id(), role, wish, at.plusSeconds(1)),
                RequestDigest.of(alice.id(), role, wish, null)))
        .doesNotContain(digest)
        .doesNotHaveDuplicates();
  }

  @Test
  void c10_people_are_remembered_as_their_newest_token_says() {
    var desks = new Desks(role("now").automatic().policies());
    var at = TestCallers.SIGNED_IN;
    desks.people.seen(TestCallers.person("dave").issuedAt(at).make());
    desks.people.seen(TestCallers.person("dave").issuedAt(at.plusSeconds(60)).make());
    desks.people.seen(
        TestCallers.person("dave").groups("leads").issuedAt(at.plusSeconds(30)).make());
    var standing = desks.store.standing(TestCallers.human("dave").id()).orElseThrow();
    assertThat(standing.identity().groups()).isEmpty();
    desks.people.seen(TestCallers.machine("job", "jti").make());
    assertThat(desks.store.standing(TestCallers.machine("job", "jti").make().id())).isEmpty();
  }

  @Test
  void what_differs_in_every_token_says_nothing_of_how_somebody_stands() {
    var desks = new Desks(role("now").automatic().policies());
    for (var i = 0L; i < 3; i++) {
      desks.people.seen(
          TestCallers.person("dave")
              .claims(java.util.Map.of("iat", i, "jti", "t" + i, "team", "x"))
              .issuedAt(TestCallers.SIGNED_IN.plusSeconds(i))
              .make());
    }
    var standing = desks.store.standing(TestCallers.human("dave").id()).orElseThrow();
    assertThat(standing.version()).isEqualTo(1);
    assertThat(standing.identity().claims()).containsOnlyKeys("team");
  }

  @Test
  void a_request_id_is_sixteen_characters_of_its_alphabet() {
    assertThat(RequestId.parse("0123456789abcdef")).isPresent();
    for (var wrong :
        List.of(
            "", "0123456789ABCDEF", "0123456789abcde", "0123456789abcdefg", "ilou0123456789ab")) {
      assertThat(RequestId.parse(wrong)).isEmpty();
    }
    assertThatThrownBy(() -> new RequestId("x")).isInstanceOf(IllegalArgumentException.class);
  }
}
