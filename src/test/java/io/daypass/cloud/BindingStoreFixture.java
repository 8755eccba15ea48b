package io.daypass.cloud;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStore.Claimed;
import io.daypass.cloud.BindingStore.Held;
import io.daypass.cloud.WantedBinding.Place;
import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.ledger.LedgerStore;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.Asking;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestId;
import io.daypass.request.RequestIds;
import io.daypass.request.RequestStore;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.Roles;
import io.daypass.request.Warrants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the contracts of stores of bindings share: grants, and bindings in every state. */
public abstract class BindingStoreFixture {

  public static final int OPEN_LIMIT = 3;
  protected final Caller alice = TestCallers.human("alice", "engineering");
  protected static final Duration HOUR = Duration.ofHours(1);
  protected static final Duration MINUTE = Duration.ofMinutes(1);
  protected static final Duration NONE = Duration.ZERO;
  protected final RequestDraft draft = new RequestDraft(new RequestIds(), Duration.ofHours(24));
  protected final Policies policies = role("now").max(Duration.ofHours(8)).automatic().policies();
  protected final Caller bob = TestCallers.human("bob", "engineering");

  protected AccessRequest request(Caller caller, Duration duration, @Nullable RequestId before) {
    return request(caller, duration, before, null);
  }

  /** What an extension is when it is asked for: it starts where {@code before} ends. */
  protected AccessRequest extension(AccessRequest before, Duration duration) {
    var ends = before.times().grantEnds();
    return request(alice, duration, before.id(), Objects.requireNonNull(ends));
  }

  protected AccessRequest request(
      Caller caller, Duration duration, @Nullable RequestId before, @Nullable Instant starts) {
    return request(caller, duration, before, starts, List.of());
  }

  /** An extension that somebody has to approve yet. */
  protected void pending(AccessRequest before, Duration duration) {
    var ends = before.times().grantEnds();
    request(alice, duration, before.id(), ends, List.of(Roles.one("leads")));
  }

  private AccessRequest request(
      Caller caller,
      Duration duration,
      @Nullable RequestId before,
      @Nullable Instant starts,
      List<ApprovalLine> lines) {
    var asking = new Asking("now", new Wish(duration, "work", null), starts, null);
    var at = new Circumstances(Instant.EPOCH, "192.0.2.1");
    var decision = (Decision.Granted) policies.decide(caller, "now", asking.wish(), at);
    var opened = requests().open(draft.of(caller, decision.allowance(), lines, asking, before));
    return ((Opened.Made) opened).request();
  }

  /** An issuance under {@code request}, intended. */
  protected RecordedGrant issuance(AccessRequest made) {
    var request = requests().find(made.id()).orElseThrow();
    var starts = request.times().grantStarts();
    if (starts == null) {
      throw new AssertionError("not approved");
    }
    var caller = request.requester().id().equals(alice.id()) ? alice : bob;
    var answer =
        Warrants.check(
            caller,
            request.grantAt(starts).orElseThrow(),
            policies,
            new Circumstances(starts, "192.0.2.1"));
    var warrant = ((Warrants.Answer.Covered) answer).warrant();
    var recorded = new Ledger(ledger(), UUID::randomUUID).intend(warrant, "192.0.2.1");
    return ((Recorded.Intended) recorded).grant();
  }

  protected RecordedGrant grant(Caller caller) {
    return issuance(request(caller, HOUR, null));
  }

  protected static Place place(@Nullable String holder, String name) {
    return new Place(holder, Map.of("name", name, "scope", "/subscriptions/1"));
  }

  protected static WantedBinding wanted(Place... places) {
    return new WantedBinding("azure", "assignment", List.of(places));
  }

  protected static final WantedBinding PLAIN = wanted(place(null, "one"));
  protected static final WantedBinding EXCLUSIVE = wanted(place("client-1", "one"));

  protected Held.Ready ready(RecordedGrant grant, WantedBinding wanted) {
    var held = store().hold(grant, wanted, NONE);
    assertThat(held).isInstanceOf(Held.Ready.class);
    return (Held.Ready) held;
  }

  protected Binding made(RecordedGrant grant, WantedBinding wanted, Instant tokensUntil) {
    var binding = ready(grant, wanted).binding();
    assertThat(store().made(binding, grant, tokensUntil, NONE)).isNull();
    return binding;
  }

  protected Binding made(RecordedGrant grant) {
    return made(grant, PLAIN, now().plus(HOUR));
  }

  protected void end(RequestId id, AccessRequest.State to) {
    assertThat(requests().end(new RequestStore.End(id, to, alice.id(), "alice", "enough")))
        .isInstanceOf(RequestStore.Ended.Done.class);
  }

  protected void revoke(RecordedGrant grant) {
    end(grant.request(), AccessRequest.State.REVOKED);
  }

  protected List<Claimed> claim() {
    return store().claimDue(10, MINUTE, NONE);
  }

  protected Claimed claimOne() {
    var claimed = claim();
    assertThat(claimed).hasSize(1);
    return claimed.getFirst();
  }

  protected BindingStore.Standing standing(RecordedGrant grant) {
    assertThat(store().of(grant.request())).hasSize(1);
    return store().of(grant.request()).getFirst();
  }

  protected abstract BindingStores stores();

  protected BindingStore store() {
    return stores().bindings();
  }

  protected RequestStore requests() {
    return stores().requests();
  }

  protected LedgerStore ledger() {
    return stores().ledger();
  }

  protected List<String> entries() {
    return stores().entries();
  }

  protected void age(RequestId id, Duration by) {
    stores().age(id, by);
  }

  protected Instant now() {
    return stores().now();
  }
}
