package io.daypass.request;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.Approval.Verdict;
import io.daypass.request.RequestStore.End;
import io.daypass.request.RequestStore.Ended;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.RequestStore.Query;
import io.daypass.request.RequestStore.Vote;
import io.daypass.request.RequestStore.Voted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the contracts of stores of requests share: people, policies, and requests in every state.
 */
public abstract class RequestStoreFixture {

  protected static final int OPEN_LIMIT = 3;
  public static final OpenLimits OPEN_LIMITS = new OpenLimits(OPEN_LIMIT, OPEN_LIMIT + 2);
  protected static final Duration HOUR = Duration.ofHours(1);
  protected static final Duration LAPSE = Duration.ofHours(24);
  protected final Supplier<RequestId> ids = new RequestIds();

  protected final Policies policies =
      Roles.policies(
          role("now").automatic().make(),
          role("also-now").automatic().make(),
          role("asked").approvedBy(one("leads")).make(),
          role("asked-two").approvedBy(Roles.of(2, "leads")).make());

  protected final Caller alice = TestCallers.human("alice", "engineering");
  protected final Caller bob = TestCallers.human("bob", "leads");
  protected final Caller carol = TestCallers.human("carol", "leads");

  protected NewRequest draft(Caller caller, Asking asking, @Nullable RequestId extended) {
    var decision =
        policies.decide(
            caller, asking.role(), asking.wish(), new Circumstances(Instant.EPOCH, "192.0.2.1"));
    var draft = new RequestDraft(ids, LAPSE);
    return switch (decision) {
      case Decision.Granted(var allowance) ->
          draft.of(caller, allowance, List.of(), asking, extended);
      case Decision.NeedsApproval(var allowance, var lines) ->
          draft.of(caller, allowance, lines, asking, extended);
      case Decision.Denied(var denial) -> throw new AssertionError(denial);
    };
  }

  protected NewRequest draft(Caller caller, String role, String reason) {
    return draft(caller, new Asking(role, new Wish(HOUR, reason, "INC-1"), null, null), null);
  }

  protected AccessRequest make(Caller caller, String role, String reason) {
    return made(store().open(draft(caller, role, reason)));
  }

  protected static AccessRequest made(Opened opened) {
    assertThat(opened).isInstanceOf(Opened.Made.class);
    return ((Opened.Made) opened).request();
  }

  protected Vote vote(AccessRequest request, Caller by, Verdict verdict, boolean completes) {
    store().remember(by.identity(), by.token().issuedAt());
    return new Vote(
        request.id(),
        request.version(),
        by.identity(),
        verdict,
        "looks right",
        null,
        request.basis().digest(),
        completes,
        HOUR);
  }

  protected AccessRequest approved(Caller caller, String role) {
    var request = make(caller, role, "approved");
    var counted = store().vote(vote(request, bob, Verdict.APPROVE, true));
    assertThat(counted).isInstanceOf(Voted.Counted.class);
    return ((Voted.Counted) counted).request();
  }

  protected End end(AccessRequest request, State to) {
    return new End(request.id(), to, bob.id(), "bob@example.com", "no longer needed");
  }

  protected AccessRequest ended(AccessRequest request, State to) {
    var done = store().end(end(request, to));
    assertThat(done).isInstanceOf(Ended.Done.class);
    return ((Ended.Done) done).request();
  }

  protected static Instant starts(AccessRequest request) {
    return requireNonNull(request.times().grantStarts());
  }

  protected static void refused(Ended ended, RefusalCode why) {
    assertThat(ended).isEqualTo(new Ended.NotPossible(why));
  }

  protected static void refused(Voted voted, RefusalCode why) {
    assertThat(voted).isEqualTo(new Voted.NotPossible(why));
  }

  protected List<RequestId> ids(Query query) {
    return store().page(query).stream().map(AccessRequest::id).toList();
  }

  protected abstract RequestStores stores();

  protected RequestStore store() {
    return stores().requests();
  }

  protected void age(RequestId id, Duration by) {
    stores().age(id, by);
  }

  protected Instant now() {
    return stores().now();
  }
}
