package io.daypass.request;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.policy.Denial;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestReader.Filter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestDeskTest {

  private final Desks desks =
      new Desks(
          Roles.policies(
              role("now").max(Duration.ofHours(2)).automatic().make(),
              role("asked").approvedBy(one("leads")).make(),
              role("frozen").rule("freeze", Roles.always(), new Outcome.Deny("wait")).make()));
  private final Caller alice = TestCallers.human("alice");
  private final Caller bob = TestCallers.human("bob", "leads");
  private final Caller mallory = TestCallers.human("mallory");
  private final Caller auditor = TestCallers.human("erin", "audit");
  private final Caller admin = TestCallers.human("pat", "platform");

  private static DeskAnswer no(RefusalCode code) {
    return new DeskAnswer.Refused(code);
  }

  private static void denied(DeskAnswer answer, Denial.Code code) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            DeskAnswer.Denied.class, d -> assertThat(d.denial().code()).isEqualTo(code));
  }

  @Test
  void a_rule_that_needs_nobody_grants_at_once_and_another_waits() {
    assertThat(desks.made(alice, "now").state()).isEqualTo(State.APPROVED);
    assertThat(desks.made(alice, "asked").state()).isEqualTo(State.PENDING);
  }

  @Test
  void p6_no_rule_no_role_and_a_rule_that_says_no_are_all_no() {
    denied(desks.ask(alice, "frozen", "x"), Denial.Code.DENIED_BY_RULE);
    denied(desks.ask(alice, "no-such-role", "x"), Denial.Code.NO_RULE_MATCHED);
    assertThat(desks.store.page(new RequestStore.Query(null, null, null, null, null, 9))).isEmpty();
  }

  @Test
  void c7_more_than_the_limit_is_refused() {
    var asking = new Asking("now", new Wish(Duration.ofHours(3), "x", null), null, null);
    denied(desks.desk.make(alice, asking, desks.now()), Denial.Code.DURATION_TOO_LONG);
  }

  @Test
  void a_request_that_would_lapse_before_it_starts_is_refused() {
    var wish = new Wish(Desks.HOUR, "x", null);
    var late = desks.clock.instant().plus(Duration.ofHours(25));
    assertThat(desks.desk.make(alice, new Asking("now", wish, late, null), desks.now()))
        .isEqualTo(no(RefusalCode.STARTS_TOO_LATE));
    var soon = desks.clock.instant().plus(Duration.ofHours(23));
    assertThat(desks.desk.make(alice, new Asking("now", wish, soon, null), desks.now()))
        .isInstanceOf(DeskAnswer.Made.class);
  }

  @Test
  void the_same_call_again_is_the_same_request_and_another_under_its_key_is_refused() {
    var asking = new Asking("now", new Wish(Desks.HOUR, "x", null), null, "key");
    assertThat(desks.desk.make(alice, asking, desks.now())).isInstanceOf(DeskAnswer.Made.class);
    assertThat(desks.desk.make(alice, asking, desks.now())).isInstanceOf(DeskAnswer.Existing.class);
    var other = new Asking("now", new Wish(Desks.HOUR, "y", null), null, "key");
    assertThat(desks.desk.make(alice, other, desks.now()))
        .isEqualTo(no(RefusalCode.IDEMPOTENCY_KEY_REUSED));
  }

  @Test
  void c12_too_many_open_requests_are_refused() {
    for (var i = 0; i < 5; i++) {
      desks.made(alice, "asked");
    }
    assertThat(desks.ask(alice, "asked", "one more"))
        .isEqualTo(no(RefusalCode.TOO_MANY_OPEN_REQUESTS));
  }

  @Test
  void a16_a_single_use_token_is_not_spent_on_a_request_that_nobody_could_come_back_for() {
    var job = TestCallers.machine("job", "jti").make();
    for (var role : List.of("now", "asked")) {
      assertThat(desks.ask(job, role, "x")).isEqualTo(no(RefusalCode.CANNOT_WAIT_HERE));
    }
    denied(desks.ask(job, "frozen", "x"), Denial.Code.DENIED_BY_RULE);
    assertThat(desks.store.page(new RequestStore.Query(null, null, null, null, null, 9))).isEmpty();
  }

  @Test
  void a_reusable_token_makes_the_request_that_it_comes_back_to() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var made = desks.made(pod, "asked");
    assertThat(desks.store.openedBy("jti", "asked")).contains(made);
  }

  @Test
  void a16_b8_a_token_with_another_callers_jti_is_not_shown_what_that_one_opened() {
    desks.made(TestCallers.machine("pod", "jti").reusable().make(), "now");
    var other = TestCallers.machine("other", "jti").reusable().make();
    assertThat(desks.ask(other, "now", "again")).isEqualTo(no(RefusalCode.TOKEN_ALREADY_USED));
  }

  @Test
  void a_requester_cancels_and_gives_back_their_own() {
    var pending = desks.made(alice, "asked");
    assertThat(desks.desk.giveBack(alice, pending.id(), "x"))
        .isEqualTo(no(RefusalCode.NOT_APPROVED));
    assertThat(desks.desk.cancel(alice, pending.id(), "x")).isInstanceOf(DeskAnswer.Done.class);
    assertThat(desks.desk.cancel(alice, pending.id(), "x"))
        .isEqualTo(no(RefusalCode.ALREADY_DECIDED));
    var grant = desks.made(alice, "now");
    assertThat(desks.desk.cancel(alice, grant.id(), "x"))
        .isEqualTo(no(RefusalCode.ALREADY_DECIDED));
    assertThat(desks.desk.giveBack(alice, grant.id(), "done")).isInstanceOf(DeskAnswer.Done.class);
    assertThat(desks.read(grant).statusAt(desks.clock.instant())).isEqualTo(Status.RETURNED);
    assertThat(desks.desk.giveBack(alice, grant.id(), "x"))
        .isEqualTo(no(RefusalCode.ALREADY_ENDED));
  }

  @Test
  void b8_nobody_ends_or_extends_what_is_not_theirs() {
    var pending = desks.made(alice, "asked");
    var grant = desks.made(alice, "now");
    var wish = new Wish(Desks.HOUR, "more", null);
    for (var other : List.of(mallory, bob, admin)) {
      assertThat(desks.desk.cancel(other, pending.id(), "x")).isEqualTo(new DeskAnswer.NotFound());
      assertThat(desks.desk.giveBack(other, grant.id(), "x")).isEqualTo(new DeskAnswer.NotFound());
      assertThat(desks.desk.extend(other, grant.id(), wish, null, desks.now()))
          .isEqualTo(new DeskAnswer.NotFound());
    }
    assertThat(desks.desk.revoke(mallory, grant.id(), "x", desks.now()))
        .isEqualTo(new DeskAnswer.NotFound());
    assertThat(desks.desk.revoke(mallory, RequestIds.of(404), "x", desks.now()))
        .isEqualTo(new DeskAnswer.NotFound());
    assertThat(desks.read(grant)).isEqualTo(grant);
  }

  @Test
  void administrators_approvers_and_the_requester_revoke() {
    for (var who : List.of(admin, alice)) {
      var grant = desks.made(alice, "now");
      assertThat(desks.desk.revoke(who, grant.id(), "incident", desks.now()))
          .isInstanceOf(DeskAnswer.Done.class);
      assertThat(desks.read(grant).state()).isEqualTo(State.REVOKED);
    }
    var approved = desks.made(alice, "asked");
    desks.approve(bob, approved);
    assertThat(desks.desk.revoke(bob, approved.id(), "incident", desks.now()))
        .isInstanceOf(DeskAnswer.Done.class);
    assertThat(desks.desk.revoke(bob, approved.id(), "again", desks.now()))
        .isEqualTo(no(RefusalCode.ALREADY_ENDED));
  }

  @Test
  void whoever_only_sees_a_request_revokes_nothing() {
    var grant = desks.made(alice, "now");
    assertThat(desks.desk.revoke(auditor, grant.id(), "x", desks.now()))
        .isEqualTo(no(RefusalCode.NOT_ALLOWED));
    var pending = desks.made(alice, "asked");
    assertThat(desks.desk.revoke(bob, pending.id(), "x", desks.now()))
        .isEqualTo(no(RefusalCode.NOT_ALLOWED));
    assertThat(desks.read(grant).state()).isEqualTo(State.APPROVED);
  }

  @Test
  void more_time_is_a_request_of_its_own_that_starts_where_the_first_ends() {
    var grant = desks.made(alice, "now");
    var wish = new Wish(Desks.HOUR, "more", null);
    var more = (DeskAnswer.Made) desks.desk.extend(alice, grant.id(), wish, null, desks.now());
    assertThat(more.request().extendsRequest()).isEqualTo(grant.id());
    assertThat(more.request().times().grantStarts()).isEqualTo(grant.times().grantEnds());
    desks.clock.advance(Desks.HOUR);
    assertThat(desks.desk.extend(alice, grant.id(), wish, null, desks.now()))
        .isEqualTo(no(RefusalCode.ALREADY_ENDED));
    var pending = desks.made(alice, "asked");
    assertThat(desks.desk.extend(alice, pending.id(), wish, null, desks.now()))
        .isEqualTo(no(RefusalCode.NOT_APPROVED));
  }

  @Test
  void b8_a_request_exists_only_for_those_it_concerns() {
    var grant = desks.made(alice, "now");
    var pending = desks.made(alice, "asked");
    for (var who : List.of(alice, auditor, admin)) {
      assertThat(desks.reader.find(who, grant.id(), desks.now())).isPresent();
      assertThat(desks.reader.find(who, pending.id(), desks.now())).isPresent();
    }
    assertThat(desks.reader.find(bob, pending.id(), desks.now())).isPresent();
    assertThat(desks.reader.find(bob, grant.id(), desks.now())).isEmpty();
    for (var id : List.of(grant.id(), pending.id(), RequestIds.of(404))) {
      assertThat(desks.reader.find(mallory, id, desks.now())).isEmpty();
    }
    desks.approve(bob, pending);
    assertThat(desks.reader.find(bob, pending.id(), desks.now())).isPresent();
  }

  @Test
  void b8_a_machine_in_an_auditors_group_sees_its_own_only() {
    var grant = desks.made(alice, "now");
    var machine =
        TestCallers.machine("job", "jti").groups("audit", "platform", "leads").reusable().make();
    var own = desks.made(machine, "now");
    assertThat(desks.reader.find(machine, grant.id(), desks.now())).isEmpty();
    assertThat(ids(machine, null, false, false)).containsExactly(own.id());
  }

  private List<RequestId> ids(
      Caller viewer, @Nullable Status status, boolean mine, boolean toDecide) {
    var filter = new Filter(status, null, mine, toDecide, null, 50);
    return desks.reader.list(viewer, filter, desks.now()).requests().stream()
        .map(AccessRequest::id)
        .toList();
  }

  @Test
  void lists_hold_what_their_reader_may_see() {
    var grant = desks.made(alice, "now");
    var pending = desks.made(alice, "asked");
    var bobs = desks.made(bob, "asked");
    assertThat(ids(alice, null, false, false)).containsExactly(pending.id(), grant.id());
    assertThat(ids(bob, null, false, false)).containsExactly(bobs.id(), pending.id());
    assertThat(ids(bob, null, true, false)).containsExactly(bobs.id());
    assertThat(ids(bob, null, false, true)).containsExactly(pending.id());
    assertThat(ids(bob, Status.PENDING, false, true)).containsExactly(pending.id());
    assertThat(ids(bob, Status.APPROVED, false, true)).isEmpty();
    assertThat(ids(auditor, null, false, false))
        .containsExactly(bobs.id(), pending.id(), grant.id());
    assertThat(ids(auditor, Status.APPROVED, false, false)).containsExactly(grant.id());
    assertThat(ids(mallory, null, false, false)).isEmpty();
    desks.approve(bob, pending);
    assertThat(ids(bob, null, false, true)).isEmpty();
  }

  @Test
  void lists_come_in_pages() {
    for (var i = 0; i < 5; i++) {
      desks.made(alice, "now");
    }
    var first = desks.reader.list(alice, new Filter(null, null, true, false, null, 3), desks.now());
    assertThat(first.requests()).hasSize(3);
    var second =
        desks.reader.list(alice, new Filter(null, null, true, false, first.next(), 3), desks.now());
    assertThat(second.requests()).hasSize(2);
    assertThat(second.next()).isNull();
  }

  @Test
  void offices_are_held_by_people_and_by_conditions_that_hold() {
    var offices = new Offices(Roles.inGroup("audit"), Roles.failing());
    var now = desks.clock.instant();
    assertThat(offices.isAuditor(auditor.identity(), now)).isTrue();
    assertThat(offices.isAuditor(alice.identity(), now)).isFalse();
    assertThat(offices.isAdministrator(admin.identity(), now)).isFalse();
    var machine = TestCallers.machine("job", "jti").groups("audit").make();
    assertThat(offices.isAuditor(machine.identity(), now)).isFalse();
  }

  @Test
  void every_refusal_says_what_to_do_next() {
    for (var code : RefusalCode.values()) {
      assertThat(code.code()).isEqualTo(code.name().toLowerCase(java.util.Locale.ROOT));
      assertThat(code.detail()).isNotBlank();
      assertThat(code.next()).isNotBlank();
      assertThat(code.kind()).isNotNull();
    }
  }
}
