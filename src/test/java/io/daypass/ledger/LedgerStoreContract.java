package io.daypass.ledger;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.Ledger.Fingerprint;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.ledger.LedgerStore.Seal;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.Approval.Verdict;
import io.daypass.request.Asking;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestId;
import io.daypass.request.RequestIds;
import io.daypass.request.RequestStore;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.Warrant;
import io.daypass.request.Warrants;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store of ledger entries does. */
public abstract class LedgerStoreContract {

  protected static final int OPEN_LIMIT = 3;
  private static final Duration HOUR = Duration.ofHours(1);

  private final RequestDraft draft = new RequestDraft(new RequestIds(), Duration.ofHours(24));
  private final Caller alice = TestCallers.human("alice", "engineering");
  private final Caller bob = TestCallers.human("bob", "leads");

  protected abstract RequestStore requests();

  protected abstract LedgerStore store();

  protected abstract void age(RequestId id, Duration by);

  protected abstract Instant now();

  private Ledger ledger() {
    return new Ledger(store(), UUID::randomUUID);
  }

  private static Policies automatic(Duration longest) {
    return role("now").max(longest).automatic().policies();
  }

  private static Circumstances at(Instant when) {
    return new Circumstances(when, "192.0.2.1");
  }

  private AccessRequest grant() {
    return open(new Asking("now", new Wish(HOUR, "work", null), null, null));
  }

  private AccessRequest open(Asking asking) {
    var decision = automatic(HOUR).decide(alice, "now", asking.wish(), at(Instant.EPOCH));
    var allowance = ((Decision.Granted) decision).allowance();
    var opened = requests().open(draft.of(alice, allowance, List.of(), asking, null));
    return ((Opened.Made) opened).request();
  }

  /** A warrant for a grant, judged at its start under {@code policies}. */
  private Warrant warrant(Caller caller, AccessRequest request, Policies policies) {
    var starts = request.times().grantStarts();
    if (starts == null) {
      throw new AssertionError("not approved");
    }
    var grant = request.grantAt(starts).orElseThrow();
    var answer = Warrants.check(caller, grant, policies, at(starts));
    assertThat(answer).isInstanceOf(Warrants.Answer.Covered.class);
    return ((Warrants.Answer.Covered) answer).warrant();
  }

  private Recorded intend(AccessRequest request) {
    return ledger().intend(warrant(alice, request, automatic(HOUR)), "192.0.2.1");
  }

  private RecordedGrant intended(AccessRequest request) {
    return ((Recorded.Intended) intend(request)).grant();
  }

  private Fingerprint fingerprint() {
    return new Fingerprint("ASIAEXAMPLE", "0".repeat(64), now().plusSeconds(60));
  }

  private void end(AccessRequest request, State to) {
    assertThat(requests().end(new RequestStore.End(request.id(), to, bob.id(), "bob", "enough")))
        .isInstanceOf(RequestStore.Ended.Done.class);
  }

  private Entry byBob(EntryKind kind) {
    return new Entry(kind, null, null, null, bob.id(), Map.of("reason", "incident"));
  }

  private List<WrittenEntry> all() {
    return store().read(new LedgerQuery(null, null, null, null, null, 0, 1000));
  }

  private List<String> outcomesOf(RecordedGrant grant) {
    return all().stream()
        .filter(e -> grant.issuance().equals(e.issuance()) && !e.kind().equals("intent"))
        .map(WrittenEntry::kind)
        .toList();
  }

  @Test
  void d1_an_intent_is_written_and_says_what_it_is_for() {
    var request = grant();
    var grant = intended(request);
    assertThat(grant.request()).isEqualTo(request.id());
    assertThat(grant.requester()).isEqualTo(alice.identity());
    assertThat(grant.endsAt()).isEqualTo(request.times().grantEnds());
    assertThat(grant.recordedAt()).isBefore(grant.endsAt());
    var entry = all().getLast();
    assertThat(entry.kind()).isEqualTo("intent");
    assertThat(entry.issuance()).isEqualTo(grant.issuance());
    assertThat(entry.request()).isEqualTo(request.id());
    assertThat(entry.caller()).isEqualTo(alice.id());
    assertThat(entry.role()).isEqualTo("now");
    assertThat(entry.canonical()).contains("192.0.2.1", "policy digest", "at once", "aws");
  }

  @Test
  void a_credential_is_recognised_by_its_fingerprint_once_it_is_sealed() {
    var request = grant();
    var grant = intended(request);
    var fingerprint = "f1".repeat(32);
    assertThat(ledger().handedOut(fingerprint)).isEmpty();
    var expires = now().plusSeconds(90).truncatedTo(ChronoUnit.SECONDS);
    // Good until its own end, however long the cloud believes it.
    ledger().seal(grant, new Fingerprint("id", fingerprint, expires, expires.plusSeconds(900)));
    assertThat(ledger().handedOut(fingerprint))
        .hasValue(new LedgerStore.HandedOut(request.id(), expires));
    assertThat(ledger().handedOut("f2".repeat(32))).isEmpty();
  }

  @Test
  void what_was_handed_out_is_believed_until_the_last_of_it_is_over() {
    var request = grant();
    assertThat(ledger().believedUntil(request.id())).isEmpty();
    var expires = now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    seal(request, new Fingerprint("a", "a1".repeat(32), expires, expires.plusSeconds(900)));
    seal(request, new Fingerprint("b", "b1".repeat(32), expires.plusSeconds(30)));
    assertThat(ledger().believedUntil(request.id())).hasValue(expires.plusSeconds(900));
  }

  private void seal(AccessRequest request, Fingerprint fingerprint) {
    ledger().seal(intended(request), fingerprint);
  }

  @Test
  void e5_each_entry_carries_the_digest_of_its_bytes() throws Exception {
    intended(grant());
    for (var entry : all()) {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(entry.canonical().getBytes(StandardCharsets.UTF_8));
      assertThat(entry.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
      assertThat(entry.canonical()).contains(entry.kind(), "\"number\": " + entry.number());
    }
  }

  @Test
  void c7_the_narrower_end_of_the_policies_in_force_wins() {
    var request = grant();
    var tenMinutes = Duration.ofMinutes(10);
    var warrant = warrant(alice, request, automatic(tenMinutes));
    var recorded = (Recorded.Intended) ledger().intend(warrant, "192.0.2.1");
    assertThat(recorded.grant().endsAt()).isEqualTo(warrant.grant().startsAt().plus(tenMinutes));
  }

  @Test
  void c7_what_the_policies_in_force_have_ended_gets_no_intent() {
    var request = grant();
    age(request.id(), Duration.ofMinutes(11));
    var aged = requests().find(request.id()).orElseThrow();
    var recorded =
        ledger().intend(warrant(alice, aged, automatic(Duration.ofMinutes(10))), "192.0.2.1");
    assertThat(recorded).isEqualTo(new Recorded.Refused(IssueRefusal.GRANT_ENDED));
    assertThat(all().getLast().kind()).isEqualTo("refused");
    assertThat(all().getLast().canonical()).contains("grant_ended");
  }

  @Test
  void c7_what_the_policies_in_force_end_before_the_seal_is_withdrawn() {
    var request = grant();
    var warrant = warrant(alice, request, automatic(Duration.ofMinutes(10)));
    var grant = ((Recorded.Intended) ledger().intend(warrant, "192.0.2.1")).grant();
    var over =
        new RecordedGrant(
            grant.issuance(),
            grant.request(),
            grant.requester(),
            grant.role(),
            grant.recordedAt(),
            now().minusSeconds(1),
            grant.grantEndsAt());
    assertThat(ledger().seal(over, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.GRANT_ENDED));
  }

  @Test
  void a_grant_that_ended_meanwhile_gets_no_intent() {
    var request = grant();
    var judged = warrant(alice, request, automatic(HOUR));
    age(request.id(), HOUR);
    assertThat(ledger().intend(judged, "192.0.2.1"))
        .isEqualTo(new Recorded.Refused(IssueRefusal.GRANT_ENDED));
  }

  @Test
  void a_grant_that_has_not_started_gets_no_intent() {
    var later = now().plusSeconds(600);
    var request = open(new Asking("now", new Wish(HOUR, "later", null), later, null));
    assertThat(intend(request)).isEqualTo(new Recorded.Refused(IssueRefusal.GRANT_NOT_STARTED));
    assertThat(all().getLast().canonical()).contains("grant_not_started");
  }

  @Test
  void p5_no_intent_is_written_on_a_grant_that_was_revoked_meanwhile() {
    for (var to : List.of(State.REVOKED, State.RETURNED)) {
      var request = grant();
      var judged = warrant(alice, request, automatic(HOUR));
      end(request, to);
      assertThat(ledger().intend(judged, "192.0.2.1")).isEqualTo(new Recorded.Changed());
    }
  }

  private AccessRequest approvedByBob() {
    var policies = role("asked").approvedBy(one("leads")).policies();
    var asking = new Asking("asked", new Wish(HOUR, "work", null), null, null);
    var needs =
        (Decision.NeedsApproval) policies.decide(alice, "asked", asking.wish(), at(Instant.EPOCH));
    var wanted = draft.of(alice, needs.allowance(), needs.lines(), asking, null);
    var made = ((Opened.Made) requests().open(wanted)).request();
    requests().remember(bob.identity(), bob.token().issuedAt());
    var voted =
        requests()
            .vote(
                new RequestStore.Vote(
                    made.id(),
                    made.version(),
                    bob.identity(),
                    Verdict.APPROVE,
                    null,
                    null,
                    made.basis().digest(),
                    true,
                    HOUR));
    return ((RequestStore.Voted.Counted) voted).request();
  }

  @Test
  void c10_no_intent_is_written_when_an_approver_stands_otherwise_meanwhile() {
    var policies = role("asked").approvedBy(one("leads")).policies();
    var request = approvedByBob();
    var judged = warrant(alice, request, policies);
    assertThat(ledger().intend(judged, "192.0.2.1")).isInstanceOf(Recorded.Intended.class);
    requests().suspend(bob.id(), true, alice.id(), "left");
    assertThat(ledger().intend(judged, "192.0.2.1")).isEqualTo(new Recorded.Changed());
    requests().suspend(bob.id(), false, alice.id(), "back");
    var again = requests().find(request.id()).orElseThrow();
    assertThat(ledger().intend(warrant(alice, again, policies), "192.0.2.1"))
        .isInstanceOf(Recorded.Intended.class);
    var moved = TestCallers.person("bob").issuedAt(TestCallers.SIGNED_IN.plusSeconds(1)).make();
    requests().remember(moved.identity(), moved.token().issuedAt());
    assertThat(ledger().intend(warrant(alice, again, policies), "192.0.2.1"))
        .isEqualTo(new Recorded.Changed());
  }

  @Test
  void nothing_is_recorded_or_sealed_while_the_broker_is_stopped() {
    var request = grant();
    var grant = intended(request);
    assertThat(store().isStopped()).isFalse();
    assertThat(ledger().setStopped(true, byBob(EntryKind.STOP))).isTrue();
    assertThat(ledger().setStopped(true, byBob(EntryKind.STOP))).isFalse();
    assertThat(store().isStopped()).isTrue();
    assertThat(intend(request)).isEqualTo(new Recorded.Refused(IssueRefusal.STOPPED));
    assertThat(ledger().open(opening(job("jti-stop")), "192.0.2.1"))
        .isEqualTo(new Recorded.Refused(IssueRefusal.STOPPED));
    assertThat(ledger().seal(grant, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.STOPPED));
    assertThat(outcomesOf(grant)).containsExactly("unknown");
    assertThat(ledger().setStopped(false, byBob(EntryKind.RESUME))).isTrue();
    assertThat(intend(request)).isInstanceOf(Recorded.Intended.class);
    assertThat(all()).extracting(WrittenEntry::kind).contains("stop", "resume");
  }

  private static Caller job(String jti) {
    return TestCallers.machine("repo:acme/shop", jti).make();
  }

  private io.daypass.request.Opening opening(Caller caller) {
    var wish = new Wish(HOUR, "", null);
    var granted = (Decision.Granted) automatic(HOUR).decide(caller, "now", wish, at(Instant.EPOCH));
    var asking = new Asking("now", wish, null, null);
    return Warrants.opening(
        draft.of(caller, granted.allowance(), List.of(), asking, null), granted);
  }

  @Test
  void a16_a_single_use_token_opens_and_issues_once() {
    var recorded = ledger().open(opening(job("jti-1")), "192.0.2.1");
    assertThat(recorded).isInstanceOf(Recorded.Intended.class);
    var grant = ((Recorded.Intended) recorded).grant();
    var request = requests().find(grant.request()).orElseThrow();
    assertThat(grant.endsAt()).isEqualTo(request.times().grantEnds());
    assertThat(all())
        .extracting(WrittenEntry::kind)
        .endsWith("request_made", "decided_by_rule", "intent");
    assertThat(ledger().open(opening(job("jti-1")), "192.0.2.1"))
        .isEqualTo(new Recorded.Refused(IssueRefusal.TOKEN_ALREADY_USED));
    assertThat(all().getLast().canonical()).contains("token_already_used");
  }

  @Test
  void a_reusable_token_that_lost_the_race_to_open_is_judged_again() {
    var pod = TestCallers.machine("ns:pod", "jti-2").reusable().make();
    assertThat(ledger().open(opening(pod), "192.0.2.1")).isInstanceOf(Recorded.Intended.class);
    assertThat(ledger().open(opening(pod), "192.0.2.1")).isEqualTo(new Recorded.Changed());
  }

  @Test
  void d1_a_seal_is_the_one_outcome_of_its_issuance() {
    var grant = intended(grant());
    assertThat(ledger().seal(grant, fingerprint())).isEqualTo(new Seal.Written());
    assertThat(ledger().seal(grant, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.CLOSED));
    ledger().failed(grant, "cloud_refused");
    assertThat(outcomesOf(grant)).containsExactly("sealed");
    assertThat(all().getLast().canonical()).contains("ASIAEXAMPLE", "0".repeat(64));
  }

  @Test
  void p5_no_seal_is_written_after_a_revocation() {
    var ends =
        Map.of(
            State.REVOKED, IssueRefusal.GRANT_REVOKED, State.RETURNED, IssueRefusal.GRANT_RETURNED);
    ends.forEach((to, why) -> {
      var request = grant();
      var grant = intended(request);
      end(request, to);
      assertThat(ledger().seal(grant, fingerprint())).isEqualTo(new Seal.Withdrawn(why));
      assertThat(outcomesOf(grant)).containsExactly("unknown");
    });
  }

  @Test
  void no_seal_is_written_after_the_grants_end() {
    var request = grant();
    var grant = intended(request);
    age(request.id(), HOUR);
    assertThat(ledger().seal(grant, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.GRANT_ENDED));
  }

  @Test
  void p1_nothing_is_sealed_that_was_not_intended() {
    var request = grant();
    var real = intended(request);
    var invented =
        new RecordedGrant(
            UUID.randomUUID(),
            request.id(),
            real.requester(),
            real.role(),
            real.recordedAt(),
            real.endsAt(),
            real.grantEndsAt());
    assertThat(ledger().seal(invented, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.CLOSED));
    assertThat(outcomesOf(invented)).isEmpty();
  }

  @Test
  void the_first_outcome_stands() {
    var failed = intended(grant());
    ledger().failed(failed, "cloud_refused");
    ledger().unknown(failed, "cloud_failed");
    assertThat(outcomesOf(failed)).containsExactly("failed");
    assertThat(ledger().seal(failed, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.CLOSED));
    var unknown = intended(grant());
    ledger().unknown(unknown, "cloud_failed");
    assertThat(outcomesOf(unknown)).containsExactly("unknown");
  }

  @Test
  void e4_an_intent_without_an_outcome_is_closed_once_it_is_old() {
    var lost = intended(grant());
    var sealed = intended(grant());
    ledger().seal(sealed, fingerprint());
    assertThat(ledger().closeOrphans(Duration.ofMinutes(1))).isEmpty();
    assertThat(ledger().closeOrphans(Duration.ZERO)).containsExactly(lost.issuance());
    assertThat(ledger().closeOrphans(Duration.ZERO)).isEmpty();
    assertThat(outcomesOf(lost)).containsExactly("orphaned");
    assertThat(ledger().seal(lost, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.CLOSED));
    assertThat(outcomesOf(sealed)).containsExactly("sealed");
  }

  @Test
  void entries_are_read_in_order_a_page_at_a_time() {
    var request = grant();
    intended(request);
    ledger().append(Entry.ofBroker(EntryKind.POLICY_LOADED, Map.of("digest", "abc")));
    ledger().append(byBob(EntryKind.LEDGER_READ));
    var read = new ArrayList<WrittenEntry>();
    var after = 0L;
    while (true) {
      var page = store().read(new LedgerQuery(null, null, null, null, null, after, 2));
      read.addAll(page);
      if (page.size() < 2) {
        break;
      }
      after = page.getLast().number();
    }
    assertThat(read).isEqualTo(all());
    assertThat(read).extracting(WrittenEntry::number).isSorted();
    assertThat(read).extracting(WrittenEntry::kind).endsWith("policy_loaded", "ledger_read");
  }

  @Test
  void the_same_is_read_newest_first_as_well() {
    intended(grant());
    ledger().append(byBob(EntryKind.LEDGER_READ));
    var read = new ArrayList<WrittenEntry>();
    var order = LedgerQuery.Order.NEWEST_FIRST;
    var before = order.start();
    while (true) {
      var page = store().read(new LedgerQuery(null, null, null, null, null, order, before, 2));
      read.addAll(page);
      if (page.size() < 2) {
        break;
      }
      before = page.getLast().number();
    }
    assertThat(read).isEqualTo(all().reversed()).isNotEmpty();
    var byBob = new LedgerQuery(null, null, "bob", null, null, order, order.start(), 9);
    assertThat(store().read(byBob)).extracting(WrittenEntry::kind).containsExactly("ledger_read");
  }

  @Test
  void entries_are_found_by_what_they_are_about() {
    var request = grant();
    intended(request);
    intended(grant());
    ledger().append(byBob(EntryKind.LEDGER_READ));
    var query = new LedgerQuery(null, null, null, null, request.id(), 0, 100);
    assertThat(ledger().read(query)).allMatch(e -> request.id().equals(e.request())).isNotEmpty();
    assertThat(store().read(new LedgerQuery(null, null, null, "intent", null, 0, 100))).hasSize(2);
    assertThat(store().read(new LedgerQuery(null, "now", null, "intent", null, 0, 100))).hasSize(2);
    assertThat(store().read(new LedgerQuery(null, "other", null, null, null, 0, 100))).isEmpty();
    assertThat(store().read(new LedgerQuery(null, null, "bob", null, null, 0, 100))).hasSize(1);
    assertThat(store().read(new LedgerQuery(null, null, "staff bob", null, null, 0, 9))).hasSize(1);
    assertThat(store().read(new LedgerQuery(null, null, "other bob", null, null, 0, 9))).isEmpty();
    var before = new LedgerQuery(now().minusSeconds(60), null, null, null, null, 0, 100);
    assertThat(store().read(before)).isEqualTo(all());
    var after = new LedgerQuery(now().plusSeconds(60), null, null, null, null, 0, 100);
    assertThat(store().read(after)).isEmpty();
  }
}
