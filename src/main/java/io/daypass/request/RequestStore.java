package io.daypass.request;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where requests and approvals are kept. Every change and its ledger entry are one transaction; a
 * change is compare-and-set and reports what stood in its way. Every method throws {@link
 * io.daypass.request.StoreUnavailableException} when the outcome is not known to be written.
 */
public interface RequestStore {

  /** Stores {@code request} with its ledger entries, unless something stands in its way. */
  Opened open(NewRequest request);

  Optional<AccessRequest> find(RequestId id);

  /**
   * The approved requests of {@code requester} for {@code role} that are live, the one that ends
   * last first; of very many those that end last.
   */
  List<AccessRequest> liveFor(CallerId requester, String role);

  /** The latest request that the token with this replay key opened for {@code role}. */
  Optional<AccessRequest> openedBy(String replayKey, String role);

  /** Newest first, before {@code query.before()}. */
  List<AccessRequest> page(Query query);

  Voted vote(Vote vote);

  /**
   * Ends a request. Whatever extends it goes with it, also where it had ended by itself: where it
   * is returned, an extension that waits for a decision is cancelled. A machine's live grant and
   * the one that continues it by itself are one access: they end together.
   */
  Ended end(End end);

  /** Remembers what a verified token said of a person, unless a newer token said otherwise. */
  void remember(Identity person, Instant tokenIssuedAt);

  /** What is known of a person; empty if they never came. */
  Optional<Standing> standing(CallerId person);

  /** Whether an administrator has suspended a person; nobody has whom nobody knows. */
  default boolean isSuspended(CallerId person) {
    return standing(person).map(Standing::suspended).orElse(false);
  }

  /**
   * Suspends a person from approving and from their office, or lifts it, with its ledger entry.
   * False if unknown.
   */
  boolean suspend(CallerId person, boolean suspended, CallerId by, String reason);

  /** What became of a new request. */
  sealed interface Opened {
    record Made(AccessRequest request) implements Opened {}

    /** The same call, or the same wish still pending, was stored before. */
    record Existing(AccessRequest request) implements Opened {}

    record KeyReused() implements Opened {}

    record TooManyOpen() implements Opened {}

    record TokenAlreadyUsed() implements Opened {}

    /** What it was to extend was ended meanwhile, by people or by time. */
    record NothingToExtend() implements Opened {}
  }

  /**
   * One person's decision.
   *
   * @param expectedVersion the version of the request the decision was judged on
   * @param completes whether with this yes every line is met, so that the grant starts
   * @param agreed the grant's duration if it does
   */
  record Vote(
      RequestId request,
      int expectedVersion,
      Identity approver,
      Approval.Verdict verdict,
      @Nullable String comment,
      @Nullable Duration shortenedTo,
      String digest,
      boolean completes,
      Duration agreed) {}

  /** What became of a decision. */
  sealed interface Voted {
    record Counted(AccessRequest request) implements Voted {}

    /** The request changed since it was read: judge again. */
    record Changed() implements Voted {}

    record NotPossible(RefusalCode code) implements Voted {}
  }

  /** An early end. */
  record End(
      RequestId request, AccessRequest.State to, CallerId by, String byShown, String reason) {}

  /** What became of it. */
  sealed interface Ended {
    record Done(AccessRequest request) implements Ended {}

    record NotPossible(RefusalCode code) implements Ended {}
  }

  /**
   * Which requests.
   *
   * @param requester null for anybody's
   * @param involving only those that this caller made, has decided on, or that wait for a decision
   *     now; null for all
   * @param idStarts how their ids start; null for any
   * @param before the last request of the page before; null for the first page
   */
  record Query(
      @Nullable CallerId requester,
      @Nullable CallerId involving,
      @Nullable String role,
      AccessRequest.@Nullable Status status,
      @Nullable String idStarts,
      @Nullable Position before,
      int limit) {

    /** Whatever their ids. */
    public Query(
        @Nullable CallerId requester,
        @Nullable CallerId involving,
        @Nullable String role,
        AccessRequest.@Nullable Status status,
        @Nullable Position before,
        int limit) {
      this(requester, involving, role, status, null, before, limit);
    }
  }

  /** Where a page ended. */
  record Position(Instant madeAt, RequestId id) {}
}
