package io.daypass.request;

import static io.daypass.request.Roles.inGroup;
import static io.daypass.request.Roles.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.identity.TestCallers;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.Basis;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.AccessRequest.Times;
import io.daypass.request.Approval.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final Instant NOW = TickingClock.START;
  private static final String DIGEST = "digest";

  private final Identity alice = TestCallers.person("alice").email("alice@example.com").identity();

  private static Approval yes(Identity who) {
    return yes(who, false, DIGEST);
  }

  private static Approval yes(Identity who, boolean suspended, String digest) {
    return new Approval(
        new Standing(who, suspended, 1), null, Verdict.APPROVE, null, null, digest, NOW);
  }

  private Tally tally(List<ApprovalLine> lines, Approval... approvals) {
    var request =
        new AccessRequest(
            RequestIds.of(1),
            1,
            alice,
            "prod",
            new Wish(Duration.ofHours(1), "work", null),
            null,
            new Basis("rule", List.of(), "policies", "role", DIGEST),
            State.PENDING,
            new Times(NOW, NOW.plusSeconds(60), null, null),
            null,
            List.of(approvals),
            null);
    return new Tally(request, lines, NOW);
  }

  private static Identity person(String subject, String... groups) {
    return TestCallers.human(subject, groups).identity();
  }

  @Test
  void one_line_is_met_by_one_person_of_whom_it_holds() {
    var lines = List.of(one("leads"));
    assertThat(tally(lines).isMet()).isFalse();
    assertThat(tally(lines, yes(person("bob"))).isMet()).isFalse();
    assertThat(tally(lines, yes(person("bob", "leads"))).isMet()).isTrue();
  }

  @Test
  void a_line_for_two_is_met_by_two_people() {
    var lines = List.of(Roles.of(2, "leads"));
    var bob = person("bob", "leads");
    assertThat(tally(lines, yes(bob)).isMet()).isFalse();
    assertThat(tally(lines, yes(bob)).isMetWith(bob)).isFalse();
    assertThat(tally(lines, yes(bob)).isMetWith(person("carol", "leads"))).isTrue();
  }

  @Test
  void each_line_wants_somebody_else() {
    var lines = List.of(one("leads"), one("security"));
    var both = person("bob", "leads", "security");
    assertThat(tally(lines, yes(both)).isMet()).isFalse();
    assertThat(tally(lines, yes(both)).unmet()).hasSize(1);
    assertThat(tally(lines, yes(both), yes(person("carol", "security"))).isMet()).isTrue();
  }

  @Test
  void people_are_moved_between_lines_so_that_all_are_met() {
    // Bob fits both lines and comes first; Carol fits only the one that he would take.
    var lines = List.of(one("leads"), one("security"));
    var bob = yes(person("bob", "leads", "security"));
    var carol = yes(person("carol", "leads"));
    assertThat(tally(lines, bob, carol).isMet()).isTrue();
    assertThat(tally(lines, carol, bob).isMet()).isTrue();
    var three = List.of(one("a"), one("b"), one("c"));
    assertThat(
            tally(
                    three,
                    yes(person("x", "a", "b")),
                    yes(person("y", "b", "c")),
                    yes(person("z", "a")))
                .isMet())
        .isTrue();
    assertThat(
            tally(
                    three,
                    yes(person("x", "a", "b")),
                    yes(person("y", "a", "b")),
                    yes(person("z", "a")))
                .isMet())
        .isFalse();
  }

  @Test
  void c1_one_person_with_two_accounts_counts_once() {
    var lines = List.of(Roles.of(2, "leads"));
    var first = TestCallers.person("bob").email("Bob@example.com").groups("leads").identity();
    var byMail =
        TestCallers.person("b2")
            .issuer("other")
            .email("bob@EXAMPLE.com")
            .groups("leads")
            .identity();
    assertThat(tally(lines, yes(first), yes(byMail)).isMet()).isFalse();
    assertThat(tally(lines, yes(first)).isMetWith(byMail)).isFalse();
    var linked = TestCallers.person("bob").linkedTo("p1").groups("leads").identity();
    var other = TestCallers.person("b2").issuer("other").linkedTo("p1").groups("leads").identity();
    assertThat(tally(lines, yes(linked), yes(other)).isMet()).isFalse();
  }

  @Test
  void c1_the_requester_never_counts_by_whatever_account() {
    var lines = List.of(one("leads"));
    var again =
        TestCallers.person("a2")
            .issuer("other")
            .email("ALICE@example.com")
            .groups("leads")
            .identity();
    assertThat(tally(lines, yes(again)).isMet()).isFalse();
    assertThat(tally(lines).isMetWith(again)).isFalse();
    assertThat(tally(lines).couldCount(again)).isFalse();
  }

  @Test
  void c1_a_machine_never_counts() {
    var lines = List.of(one("leads"));
    var machine =
        new Identity(
            new CallerId("github", "job"),
            Kind.WORKLOAD,
            null,
            null,
            null,
            Set.of("leads"),
            Map.of());
    assertThat(tally(lines, yes(machine)).isMet()).isFalse();
    assertThat(tally(lines).couldCount(machine)).isFalse();
  }

  @Test
  void c10_whoever_was_suspended_counts_no_more() {
    var lines = List.of(one("leads"));
    assertThat(tally(lines, yes(person("bob", "leads"), true, DIGEST)).isMet()).isFalse();
  }

  @Test
  void c3_a_yes_to_something_else_counts_for_nothing() {
    var lines = List.of(one("leads"));
    assertThat(tally(lines, yes(person("bob", "leads"), false, "another")).isMet()).isFalse();
  }

  @Test
  void a_no_counts_for_nothing() {
    var no =
        new Approval(
            new Standing(person("bob", "leads"), false, 1),
            null,
            Verdict.DENY,
            null,
            null,
            DIGEST,
            NOW);
    assertThat(tally(List.of(one("leads")), no).isMet()).isFalse();
  }

  @Test
  void a_condition_that_fails_is_met_by_nobody() {
    var lines = List.of(new ApprovalLine(Roles.failing(), 1));
    assertThat(tally(lines, yes(person("bob", "leads"))).isMet()).isFalse();
  }

  @Test
  void who_may_approve_does_not_hang_on_the_requesters_words() {
    var seen = Stream.of("leads").map(g -> new ApprovalLine(wordless(inGroup(g)), 1)).toList();
    assertThat(tally(seen, yes(person("bob", "leads"))).isMet()).isTrue();
  }

  private static io.daypass.policy.Condition wordless(io.daypass.policy.Condition inner) {
    return new io.daypass.policy.Condition() {
      @Override
      public Truth holds(io.daypass.policy.Facts facts) {
        assertThat(facts.wish().reason()).isEmpty();
        assertThat(facts.wish().ticket()).isNull();
        return inner.holds(facts);
      }

      @Override
      public String text() {
        return inner.text();
      }
    };
  }
}
