package io.daypass.ledger;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.Ledger.Fingerprint;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.Asking;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestId;
import io.daypass.request.RequestIds;
import io.daypass.request.RequestStore;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.Warrant;
import io.daypass.request.Warrants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the contracts of stores of ledger entries share: people, grants, and what they come to. */
public abstract class LedgerStoreFixture {

  protected static final int OPEN_LIMIT = 3;
  protected static final Duration HOUR = Duration.ofHours(1);

  protected final RequestDraft draft = new RequestDraft(new RequestIds(), Duration.ofHours(24));
  protected final Caller alice = TestCallers.human("alice", "engineering");
  protected final Caller bob = TestCallers.human("bob", "leads");

  protected Ledger ledger() {
    return new Ledger(store(), UUID::randomUUID);
  }

  protected static Policies automatic(Duration longest) {
    return role("now").max(longest).automatic().policies();
  }

  protected static Circumstances at(Instant when) {
    return new Circumstances(when, "192.0.2.1");
  }

  protected AccessRequest grant() {
    return open(new Asking("now", new Wish(HOUR, "work", null), null, null));
  }

  protected AccessRequest open(Asking asking) {
    var decision = automatic(HOUR).decide(alice, "now", asking.wish(), at(Instant.EPOCH));
    var allowance = ((Decision.Granted) decision).allowance();
    var opened = requests().open(draft.of(alice, allowance, List.of(), asking, null));
    return ((Opened.Made) opened).request();
  }

  /** A warrant for a grant, judged at its start under {@code policies}. */
  protected Warrant warrant(Caller caller, AccessRequest request, Policies policies) {
    var starts = request.times().grantStarts();
    if (starts == null) {
      throw new AssertionError("not approved");
    }
    var grant = request.grantAt(starts).orElseThrow();
    var answer = Warrants.check(caller, grant, policies, at(starts));
    assertThat(answer).isInstanceOf(Warrants.Answer.Covered.class);
    return ((Warrants.Answer.Covered) answer).warrant();
  }

  protected Recorded intend(AccessRequest request) {
    return ledger().intend(warrant(alice, request, automatic(HOUR)), "192.0.2.1");
  }

  protected RecordedGrant intended(AccessRequest request) {
    return ((Recorded.Intended) intend(request)).grant();
  }

  protected Fingerprint fingerprint() {
    return new Fingerprint("ASIAEXAMPLE", "0".repeat(64), now().plusSeconds(60));
  }

  protected void end(AccessRequest request, State to) {
    assertThat(requests().end(new RequestStore.End(request.id(), to, bob.id(), "bob", "enough")))
        .isInstanceOf(RequestStore.Ended.Done.class);
  }

  protected Entry byBob(EntryKind kind) {
    return new Entry(kind, null, null, null, bob.id(), Map.of("reason", "incident"));
  }

  protected List<WrittenEntry> all() {
    return store().read(new LedgerQuery(null, null, null, null, null, 0, 1000));
  }

  protected List<String> outcomesOf(RecordedGrant grant) {
    return all().stream()
        .filter(e -> grant.issuance().equals(e.issuance()) && !e.kind().equals("intent"))
        .map(WrittenEntry::kind)
        .toList();
  }

  protected abstract LedgerStores stores();

  protected RequestStore requests() {
    return stores().requests();
  }

  protected LedgerStore store() {
    return stores().ledger();
  }

  protected void age(RequestId id, Duration by) {
    stores().age(id, by);
  }

  protected Instant now() {
    return stores().now();
  }
}
