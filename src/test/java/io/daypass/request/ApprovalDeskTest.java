package io.daypass.request;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.policy.ApprovalLine;
import io.daypass.request.AccessRequest.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApprovalDeskTest {

  private final Desks desks =
      new Desks(
          Roles.policies(
              role("asked").approvedBy(one("leads")).make(),
              role("asked-two").approvedBy(Roles.of(2, "leads")).make(),
              role("now").automatic().make()));
  private final Caller alice =
      TestCallers.person("alice")
          .email("alice@example.com")
          .linkedTo("p-alice")
          .groups("leads")
          .make();
  private final Caller bob = TestCallers.human("bob", "leads");
  private final Caller carol = TestCallers.human("carol", "leads");

  private static DeskAnswer no(RefusalCode code) {
    return new DeskAnswer.Refused(code);
  }

  private void nobodyHasDecided(AccessRequest request) {
    assertThat(desks.read(request)).isEqualTo(request);
  }

  @Test
  void an_approver_says_yes_and_the_grant_starts() {
    var request = desks.made(alice, "asked");
    assertThat(desks.approve(bob, request))
        .isInstanceOfSatisfying(
            DeskAnswer.Done.class, d -> assertThat(d.request().state()).isEqualTo(State.APPROVED));
    assertThat(desks.read(request).grantAt(desks.clock.instant())).isPresent();
  }

  @Test
  void an_approver_says_no_and_that_is_that() {
    var request = desks.made(alice, "asked");
    assertThat(desks.deny(bob, request)).isInstanceOf(DeskAnswer.Done.class);
    assertThat(desks.read(request).state()).isEqualTo(State.DENIED);
    assertThat(desks.approve(carol, request)).isEqualTo(no(RefusalCode.ALREADY_DECIDED));
  }

  @Test
  void two_are_needed_where_two_are_asked_for() {
    var request = desks.made(alice, "asked-two");
    desks.approve(bob, request);
    assertThat(desks.read(request).state()).isEqualTo(State.PENDING);
    assertThat(desks.approve(bob, request)).isEqualTo(no(RefusalCode.ALREADY_VOTED));
    assertThat(desks.read(request).state()).isEqualTo(State.PENDING);
    desks.approve(carol, request);
    assertThat(desks.read(request).state()).isEqualTo(State.APPROVED);
  }

  @Test
  void c1_nobody_approves_their_own_request() {
    var request = desks.made(alice, "asked");
    assertThat(desks.approve(alice, request)).isEqualTo(no(RefusalCode.SELF_APPROVAL));
    assertThat(desks.deny(alice, request)).isEqualTo(no(RefusalCode.SELF_APPROVAL));
    nobodyHasDecided(request);
  }

  @Test
  void c1_nobody_approves_their_own_request_by_another_issuer_with_the_same_e_mail() {
    var request = desks.made(alice, "asked");
    var again =
        TestCallers.person("a2").issuer("other").email("Alice@Example.com").groups("leads").make();
    assertThat(desks.approve(again, request)).isEqualTo(no(RefusalCode.SELF_APPROVAL));
    nobodyHasDecided(request);
  }

  @Test
  void c1_nobody_approves_their_own_request_by_a_linked_account() {
    var request = desks.made(alice, "asked");
    var again = TestCallers.person("a3").issuer("other").linkedTo("p-alice").groups("leads").make();
    assertThat(desks.approve(again, request)).isEqualTo(no(RefusalCode.SELF_APPROVAL));
    nobodyHasDecided(request);
  }

  @Test
  void c1_nobody_approves_their_own_request_as_administrator() {
    var admin = TestCallers.human("pat", "platform", "leads");
    var request = desks.made(admin, "asked");
    assertThat(desks.approve(admin, request)).isEqualTo(no(RefusalCode.SELF_APPROVAL));
    nobodyHasDecided(request);
  }

  @Test
  void c1_an_administrator_is_no_approver_by_that() {
    var request = desks.made(alice, "asked");
    assertThat(desks.approve(TestCallers.human("pat", "platform"), request))
        .isEqualTo(new DeskAnswer.NotFound());
    nobodyHasDecided(request);
  }

  @Test
  void c1_a_machine_decides_nothing() {
    var request = desks.made(alice, "asked");
    var machine = TestCallers.machine("job", "jti").groups("leads").make();
    assertThat(desks.approve(machine, request)).isEqualTo(new DeskAnswer.NotFound());
    nobodyHasDecided(request);
  }

  @Test
  void b8_a_request_that_is_none_of_ones_business_answers_like_one_that_is_not_there() {
    var request = desks.made(alice, "asked");
    var stranger = TestCallers.human("mallory", "engineering");
    assertThat(desks.approve(stranger, request)).isEqualTo(new DeskAnswer.NotFound());
    assertThat(desks.approvals.approve(stranger, RequestIds.of(404), null, null, desks.now()))
        .isEqualTo(new DeskAnswer.NotFound());
    nobodyHasDecided(request);
  }

  @Test
  void c8_a_decision_needs_a_sign_in_of_the_last_minutes() {
    var request = desks.made(alice, "asked");
    var old = TestCallers.SIGNED_IN.minus(Duration.ofMinutes(16));
    var stale = TestCallers.person("bob").groups("leads").signedInAt(old).make();
    assertThat(desks.approve(stale, request)).isEqualTo(no(RefusalCode.FRESH_LOGIN_REQUIRED));
    assertThat(desks.deny(stale, request)).isEqualTo(no(RefusalCode.FRESH_LOGIN_REQUIRED));
    nobodyHasDecided(request);
  }

  @Test
  void c8_a_token_that_does_not_say_when_its_bearer_signed_in_decides_nothing() {
    var request = desks.made(alice, "asked");
    var silent = TestCallers.person("bob").groups("leads").signedInAt(null).make();
    assertThat(desks.approve(silent, request)).isEqualTo(no(RefusalCode.FRESH_LOGIN_REQUIRED));
    nobodyHasDecided(request);
  }

  @Test
  void c8_a_sign_in_of_tomorrow_is_not_a_fresh_one() {
    var request = desks.made(alice, "asked");
    var tomorrow = TestCallers.SIGNED_IN.plus(Duration.ofDays(1));
    var odd = TestCallers.person("bob").groups("leads").signedInAt(tomorrow).make();
    assertThat(desks.approve(odd, request)).isEqualTo(no(RefusalCode.FRESH_LOGIN_REQUIRED));
    nobodyHasDecided(request);
  }

  @Test
  void c9_a_decision_needs_the_strength_that_is_configured() {
    var strict = new Desks(role("asked").approvedBy(one("leads")).policies(), "mfa", "hwk");
    var request = strict.made(alice, "asked");
    var weak = TestCallers.person("bob").groups("leads").strength("pwd").make();
    assertThat(strict.approve(weak, request)).isEqualTo(no(RefusalCode.STEP_UP_REQUIRED));
    assertThat(strict.approve(bob, request)).isEqualTo(no(RefusalCode.STEP_UP_REQUIRED));
    var strong = TestCallers.person("bob").groups("leads").strength("pwd", "hwk").make();
    assertThat(strict.approve(strong, request)).isInstanceOf(DeskAnswer.Done.class);
  }

  @Test
  void c3_a_request_whose_role_changed_is_not_decided() {
    var request = desks.made(alice, "asked");
    var wider = role("asked").arn("arn:aws:iam::123456789012:role/wider").digest("other");
    desks.policies.set(wider.approvedBy(one("leads")).policies());
    assertThat(desks.approve(bob, request)).isEqualTo(no(RefusalCode.POLICY_CHANGED));
    assertThat(desks.approve(TestCallers.human("mallory"), request))
        .isEqualTo(new DeskAnswer.NotFound());
    desks.policies.set(new io.daypass.policy.Policies(java.util.List.of(), "none"));
    assertThat(desks.approve(bob, request)).isEqualTo(new DeskAnswer.NotFound());
    nobodyHasDecided(request);
  }

  @Test
  void c3_a_policy_that_changes_during_the_decision_completes_nothing() {
    // Judging asks for the policies once; a reload right after must not leave a vote without lines.
    var changed = role("asked-two").digest("other").automatic().policies();
    var before = desks.policies.get();
    var asked = new java.util.concurrent.atomic.AtomicInteger();
    var request = desks.made(alice, "asked-two");
    var desk =
        new ApprovalDesk(
            desks.store,
            () -> asked.getAndIncrement() == 0 ? before : changed,
            new ApprovalDesk.StepUp(Duration.ofMinutes(15), java.util.List.of()),
            desks.people);
    assertThat(desk.approve(bob, request.id(), null, null, desks.now()))
        .isInstanceOf(DeskAnswer.Done.class);
    assertThat(desks.read(request).state()).isEqualTo(State.PENDING);
  }

  @Test
  void c7_an_approver_shortens_and_never_lengthens() {
    var request = desks.made(alice, "asked");
    var longer = Desks.HOUR.plusSeconds(1);
    assertThat(desks.approvals.approve(bob, request.id(), null, longer, desks.now()))
        .isEqualTo(no(RefusalCode.DURATION_NOT_SHORTER));
    for (var none : new Duration[] {Duration.ZERO, Duration.ofSeconds(-5), Duration.ofMillis(9)}) {
      assertThat(desks.approvals.approve(bob, request.id(), null, none, desks.now()))
          .isEqualTo(no(RefusalCode.DURATION_NOT_SHORTER));
    }
    nobodyHasDecided(request);
    desks.approvals.approve(bob, request.id(), null, Duration.ofMinutes(5), desks.now());
    var times = desks.read(request).times();
    assertThat(Duration.between(times.grantStarts(), times.grantEnds()))
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void c7_the_shortest_that_anybody_agreed_to_is_what_is_granted() {
    var request = desks.made(alice, "asked-two");
    desks.approvals.approve(bob, request.id(), null, Duration.ofMinutes(5), desks.now());
    desks.approvals.approve(carol, request.id(), null, Duration.ofMinutes(30), desks.now());
    var times = desks.read(request).times();
    assertThat(Duration.between(times.grantStarts(), times.grantEnds()))
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void c6_what_lapsed_is_decided_no_more() {
    var request = desks.made(alice, "asked");
    desks.clock.advance(Duration.ofHours(24));
    assertThat(desks.approve(freshBob(), request)).isEqualTo(no(RefusalCode.LAPSED));
  }

  private Caller freshBob() {
    return TestCallers.person("bob").groups("leads").signedInAt(desks.clock.instant()).make();
  }

  @Test
  void c10_a_suspended_approver_decides_nothing() {
    var request = desks.made(alice, "asked");
    desks.people.seen(bob);
    desks.store.suspend(bob.id(), true, carol.id(), "left");
    assertThat(desks.approve(bob, request)).isEqualTo(no(RefusalCode.SUSPENDED));
    assertThat(desks.approvals.mayDecide(bob, request, desks.clock.instant())).isFalse();
    nobodyHasDecided(request);
  }

  @Test
  void c6_a_decision_that_others_overtake_is_judged_again() {
    var request = desks.made(alice, "asked-two");
    var first = new java.util.concurrent.atomic.AtomicBoolean(true);
    desks.store.setMeanwhile(() -> {
      if (first.compareAndSet(true, false)) {
        desks.approve(carol, request);
      }
    });
    assertThat(desks.approve(bob, request)).isInstanceOf(DeskAnswer.Done.class);
    assertThat(desks.read(request).state()).isEqualTo(State.APPROVED);
  }

  @Test
  void c6_a_decision_that_comes_after_a_revocation_does_not_count() {
    var request = desks.made(alice, "asked");
    var end = new RequestStore.End(request.id(), State.REVOKED, carol.id(), "carol", "suspicious");
    var first = new java.util.concurrent.atomic.AtomicBoolean(true);
    desks.store.setMeanwhile(() -> {
      if (first.compareAndSet(true, false)) {
        desks.store.end(end);
      }
    });
    assertThat(desks.approve(bob, request)).isEqualTo(no(RefusalCode.ALREADY_DECIDED));
    assertThat(desks.read(request).state()).isEqualTo(State.REVOKED);
  }

  @Test
  void a_decision_that_is_overtaken_again_and_again_gives_up() {
    var request = desks.made(alice, "asked");
    var busy =
        new ApprovalDesk(
            new AlwaysChanged(desks.store).proxy(),
            desks.policies::get,
            new ApprovalDesk.StepUp(Duration.ofMinutes(15), java.util.List.of()),
            desks.people);
    assertThat(busy.approve(bob, request.id(), null, null, desks.now()))
        .isEqualTo(no(RefusalCode.BUSY));
  }

  /** A store whose every vote comes too late. */
  private record AlwaysChanged(RequestStore store) {
    RequestStore proxy() {
      return (RequestStore)
          java.lang.reflect.Proxy.newProxyInstance(
              RequestStore.class.getClassLoader(),
              new Class<?>[] {RequestStore.class},
              (_, method, arguments) ->
                  method.getName().equals("vote")
                      ? new RequestStore.Voted.Changed()
                      : method.invoke(store, arguments));
    }
  }

  @Test
  void who_may_decide_is_told_so_and_nobody_else() {
    var request = desks.made(alice, "asked");
    var now = desks.clock.instant();
    assertThat(desks.approvals.mayDecide(bob, request, now)).isTrue();
    assertThat(desks.approvals.mayDecide(alice, request, now)).isFalse();
    assertThat(desks.approvals.mayDecide(TestCallers.human("mallory"), request, now)).isFalse();
    assertThat(desks.approvals.mayDecide(bob, desks.made(alice, "now"), now)).isFalse();
  }

  @Test
  void a_line_that_fails_to_evaluate_has_no_approvers() {
    desks.policies.set(role("odd").approvedBy(new ApprovalLine(Roles.failing(), 1)).policies());
    var request = desks.made(alice, "odd");
    assertThat(desks.approve(bob, request)).isEqualTo(new DeskAnswer.NotFound());
  }
}
