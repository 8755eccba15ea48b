package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Policies;
import io.daypass.policy.Rule;
import io.daypass.request.Approval.Verdict;
import io.daypass.request.RequestStore.Vote;
import io.daypass.request.RequestStore.Voted;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place where people decide on requests, whatever surface they come by: API, page, chat or
 * command line. Nobody decides on their own request, as administrator neither.
 */
public final class ApprovalDesk {

  private static final int TRIES = 5;
  private static final Duration LEEWAY = Duration.ofSeconds(30);

  private final RequestStore store;
  private final Supplier<Policies> policies;
  private final StepUp stepUp;
  private final People people;

  public ApprovalDesk(
      RequestStore store, Supplier<Policies> policies, StepUp stepUp, People people) {
    this.people = people;
    this.store = store;
    this.policies = policies;
    this.stepUp = stepUp;
  }

  /**
   * What a decision asks of the approver's sign-in.
   *
   * @param maxAge how long ago it may be
   * @param strength {@code acr} or {@code amr} values of which it must have one; empty for any
   */
  public record StepUp(Duration maxAge, List<String> strength) {
    public StepUp {
      strength = List.copyOf(strength);
    }
  }

  /**
   * A yes; the last one that was missing starts the grant.
   *
   * @param shorter the shorter duration that is agreed to; null for what was asked
   */
  public DeskAnswer approve(
      Caller caller,
      RequestId id,
      @Nullable String comment,
      @Nullable Duration shorter,
      Circumstances circumstances) {
    return decide(caller, id, new Ballot(Verdict.APPROVE, comment, shorter), circumstances);
  }

  /** A no; one is enough. */
  public DeskAnswer deny(Caller caller, RequestId id, String comment, Circumstances circumstances) {
    return decide(caller, id, new Ballot(Verdict.DENY, comment, null), circumstances);
  }

  /** Whether {@code caller} may decide on {@code request}, their sign-in aside. */
  public boolean mayDecide(Caller caller, AccessRequest request, Instant now) {
    return mayDecide(caller, now).test(request);
  }

  /** The same for many requests: how the caller stands is read once, and only if it matters. */
  public Predicate<AccessRequest> mayDecide(Caller caller, Instant now) {
    var suspended = new AtomicReference<@Nullable Boolean>();
    return request ->
        request.statusAt(now) == AccessRequest.Status.PENDING
            && unfit(caller, request, lines(request), now).isEmpty()
            && !Objects.requireNonNull(
                suspended.updateAndGet(
                    known -> known == null ? store.isSuspended(caller.id()) : known));
  }

  /**
   * Why a yes of {@code caller} would be refused now, as {@link #approve} would answer it; empty if
   * it would count. For people to read before they try: what counts is decided when they do.
   */
  public Optional<RefusalCode> objection(Caller caller, AccessRequest request, Instant now) {
    var yes = new Ballot(Verdict.APPROVE, null, null);
    return refusal(caller, request, lines(request), yes, now);
  }

  /**
   * Who meets which line so far, as they stand now; empty if the role is not any more what the
   * request was judged by.
   */
  public Optional<List<Tally.Seats>> seats(AccessRequest request, Instant now) {
    return lines(request).map(lines -> new Tally(request, lines, now).seats());
  }

  private record Ballot(Verdict verdict, @Nullable String comment, @Nullable Duration shorter) {}

  private DeskAnswer decide(Caller caller, RequestId id, Ballot ballot, Circumstances now) {
    for (var attempt = 0; attempt < TRIES; attempt++) {
      var found = store.find(id);
      if (found.isEmpty()) {
        return new DeskAnswer.NotFound();
      }
      var request = found.get();
      // One look at the policies: what refuses nothing must be what counts.
      var lines = lines(request);
      var refusal = refusal(caller, request, lines, ballot, now.now());
      if (refusal.isPresent()) {
        return hidden(caller, request, refusal.get())
            ? new DeskAnswer.NotFound()
            : new DeskAnswer.Refused(refusal.get());
      }
      // The vote is judged by this token; so is everything that rests on it later.
      people.seen(caller);
      switch (store.vote(vote(caller, request, lines.orElseThrow(), ballot, now.now()))) {
        case Voted.Counted(var counted) -> {
          return new DeskAnswer.Done(counted);
        }
        case Voted.NotPossible(var code) -> {
          return new DeskAnswer.Refused(code);
        }
        case Voted.Changed _ -> {
          // Somebody else decided meanwhile: judge again on what stands now.
        }
      }
    }
    return new DeskAnswer.Refused(RefusalCode.BUSY);
  }

  // A request that somebody may not know of answers like one that is not there.
  private static boolean hidden(Caller caller, AccessRequest request, RefusalCode refusal) {
    return (refusal == RefusalCode.NOT_AN_APPROVER || refusal == RefusalCode.NOT_A_PERSON)
        && !caller.identity().samePersonAs(request.requester());
  }

  private Optional<RefusalCode> refusal(
      Caller caller,
      AccessRequest request,
      Optional<List<ApprovalLine>> lines,
      Ballot ballot,
      Instant now) {
    var inTheWay = standsInTheWay(caller, request, lines, now);
    if (inTheWay.isPresent()) {
      return inTheWay;
    }
    switch (request.statusAt(now)) {
      case PENDING -> {}
      case LAPSED -> {
        return Optional.of(RefusalCode.LAPSED);
      }
      case APPROVED, ENDED, DENIED, CANCELLED, RETURNED, REVOKED -> {
        return Optional.of(RefusalCode.ALREADY_DECIDED);
      }
    }
    var weak = weakness(caller, now);
    if (weak.isPresent()) {
      return weak;
    }
    var shorter = ballot.shorter();
    return shorter != null
            && (shorter.toSeconds() < 1 || shorter.compareTo(request.wish().duration()) > 0)
        ? Optional.of(RefusalCode.DURATION_NOT_SHORTER)
        : Optional.empty();
  }

  private Optional<RefusalCode> standsInTheWay(
      Caller caller, AccessRequest request, Optional<List<ApprovalLine>> lines, Instant now) {
    var unfit = unfit(caller, request, lines, now);
    return unfit.isEmpty() && store.isSuspended(caller.id())
        ? Optional.of(RefusalCode.SUSPENDED)
        : unfit;
  }

  /** Why the policies do not let {@code caller} decide, whoever they are otherwise. */
  private Optional<RefusalCode> unfit(
      Caller caller, AccessRequest request, Optional<List<ApprovalLine>> lines, Instant now) {
    if (!caller.isHuman()) {
      return Optional.of(RefusalCode.NOT_A_PERSON);
    }
    if (caller.identity().samePersonAs(request.requester())) {
      return Optional.of(RefusalCode.SELF_APPROVAL);
    }
    if (lines.isEmpty()) {
      return Optional.of(
          mightApprove(caller, request, now)
              ? RefusalCode.POLICY_CHANGED
              : RefusalCode.NOT_AN_APPROVER);
    }
    return new Tally(request, lines.get(), now).couldCount(caller.identity())
        ? Optional.empty()
        : Optional.of(RefusalCode.NOT_AN_APPROVER);
  }

  /** The lines of the rule that judged the request, if its role is still what it was then. */
  private Optional<List<ApprovalLine>> lines(AccessRequest request) {
    return policies
        .get()
        .role(request.role())
        .filter(role -> role.digest().equals(request.basis().roleDigest()))
        .flatMap(role -> role.rule(request.basis().rule()))
        .map(Rule::outcome)
        .flatMap(outcome ->
            outcome instanceof Rule.Outcome.Allow(var lines, var _, var _)
                ? Optional.of(lines)
                : Optional.empty());
  }

  /**
   * Whether the caller fits a line of the role as it is now, so that they may be told it changed.
   */
  private boolean mightApprove(Caller caller, AccessRequest request, Instant now) {
    var rules = policies.get().role(request.role()).map(io.daypass.policy.Role::rules);
    for (var rule : rules.orElse(Collections.emptyList())) {
      if (rule.outcome() instanceof Rule.Outcome.Allow(var lines, var _, var _)
          && new Tally(request, lines, now).couldCount(caller.identity())) {
        return true;
      }
    }
    return false;
  }

  /** RFC 9470 in spirit: a decision needs a recent sign-in, of the strength that is configured. */
  private Optional<RefusalCode> weakness(Caller caller, Instant now) {
    var signedInAt = caller.token().signedInAt();
    if (signedInAt == null
        || signedInAt.isBefore(now.minus(stepUp.maxAge()))
        // A sign-in of tomorrow would be fresh for ever.
        || signedInAt.isAfter(now.plus(LEEWAY))) {
      return Optional.of(RefusalCode.FRESH_LOGIN_REQUIRED);
    }
    var strongEnough =
        stepUp.strength().isEmpty()
            || !Collections.disjoint(stepUp.strength(), caller.token().strength());
    return strongEnough ? Optional.empty() : Optional.of(RefusalCode.STEP_UP_REQUIRED);
  }

  private static Vote vote(
      Caller caller, AccessRequest request, List<ApprovalLine> lines, Ballot ballot, Instant now) {
    var agreed = request.agreedDuration();
    var shorter = ballot.shorter();
    if (shorter != null && shorter.compareTo(agreed) < 0) {
      agreed = shorter;
    }
    var completes =
        ballot.verdict() == Verdict.APPROVE
            && new Tally(request, lines, now).isMetWith(caller.identity());
    return new Vote(
        request.id(),
        request.version(),
        caller.identity(),
        ballot.verdict(),
        ballot.comment(),
        shorter,
        request.basis().digest(),
        completes,
        agreed);
  }
}
