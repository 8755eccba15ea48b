package io.daypass.issuance;

import io.daypass.identity.Caller;
import io.daypass.identity.TokenUse;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Denial;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.request.AccessRequest;
import io.daypass.request.NewRequest;
import io.daypass.request.OpenedLately;
import io.daypass.request.Opening;
import io.daypass.request.RefusalCode;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestStore;
import io.daypass.request.Warrant;
import io.daypass.request.Warrants;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds what covers a call for a credential: the caller's live grant, or, for a machine, a request
 * that its token opens. What is refused here is written down at once.
 */
public final class Coverage {

  private static final Duration A_MOMENT = Duration.ofSeconds(5);

  private final RequestStore store;
  private final Supplier<Policies> policies;
  private final Openings openings;
  private final Waiting waiting;
  private final RefusedErrands errands;
  private final OpenedLately opened;

  public Coverage(
      RequestStore store,
      Supplier<Policies> policies,
      RequestDraft draft,
      Waiting waiting,
      RefusedErrands errands) {
    this.store = store;
    this.policies = policies;
    this.openings = new Openings(policies, draft);
    this.waiting = waiting;
    this.errands = errands;
    this.opened = new OpenedLately(store);
  }

  /** What covers a call, or the answer where nothing does. */
  sealed interface Step {}

  /** Nothing to mint: this is the answer. */
  record Settled(Answer answer) implements Step {}

  /** Something to record an intent under. */
  sealed interface Covered extends Step {
    Role role();

    Recorded record(Ledger ledger, String sourceIp);
  }

  private record ByGrant(Warrant warrant) implements Covered {
    @Override
    public Role role() {
      return warrant.allowance().role();
    }

    @Override
    public Recorded record(Ledger ledger, String sourceIp) {
      return ledger.intend(warrant, sourceIp);
    }
  }

  private record ByOpening(Opening opening) implements Covered {
    @Override
    public Role role() {
      return opening.allowance().role();
    }

    @Override
    public Recorded record(Ledger ledger, String sourceIp) {
      return ledger.open(opening, sourceIp);
    }
  }

  /**
   * What covers {@code caller}.
   *
   * @param attempt how often it was judged already; a reusable token that lost the race to open a
   *     request finds the winner's at the next attempt
   */
  Step of(Caller caller, Errand errand, Circumstances circumstances, int attempt) {
    var role = errand.role();
    if (caller.isHuman()) {
      var live = store.liveFor(caller.id(), role);
      return live.isEmpty()
          ? noGrant(caller, role, circumstances)
          : under(caller, errand, counting(caller, live, circumstances), circumstances);
    }
    return switch (caller.token().use()) {
      // A single-use token always opens; that it opened before is found out where it opens.
      case SINGLE_USE ->
          attempt == 0
              ? opened(caller, errand, circumstances)
              : refused(caller, role, IssueRefusal.TOKEN_ALREADY_USED, circumstances);
      case REUSABLE ->
          openedBy(caller, role, circumstances, attempt)
              .map(request ->
                  attempt == 0
                      ? goingOn(caller, errand, request, circumstances)
                      : under(caller, errand, request, circumstances))
              .orElseGet(() -> opened(caller, errand, circumstances));
      case CARRIES_ON ->
          waiting
              .carriedOn(caller, role)
              .map(request -> under(caller, errand, request, circumstances))
              .orElseGet(
                  () -> refused(caller, role, IssueRefusal.APPROVAL_REQUIRED, circumstances));
      case SESSION -> throw new IllegalStateException("only people have sessions");
    };
  }

  /** What a reusable token has opened and may go on under; looked up anew unless it is live. */
  private Optional<AccessRequest> openedBy(
      Caller caller, String role, Circumstances circumstances, int attempt) {
    var token = caller.token().replayKey();
    if (attempt == 0) {
      var lately = opened.lately(token, role);
      var grant = lately.flatMap(request -> request.grantAt(circumstances.now()));
      if (grant.isPresent() && !grant.get().isAboutToEnd(circumstances.now())) {
        return lately;
      }
    }
    return opened.now(token, role).filter(request -> !hasRunOut(request, circumstances));
  }

  // A reusable token may open again when time alone ended its grant; not what people ended.
  private static boolean hasRunOut(AccessRequest request, Circumstances circumstances) {
    return switch (request.statusAt(circumstances.now())) {
      case ENDED, LAPSED -> true;
      case PENDING, APPROVED, DENIED, CANCELLED, RETURNED, REVOKED -> false;
    };
  }

  private Step goingOn(
      Caller caller, Errand errand, AccessRequest request, Circumstances circumstances) {
    return openings
        .continuation(caller, errand, request, circumstances)
        .<Step>map(ByOpening::new)
        .orElseGet(() -> under(caller, errand, request, circumstances));
  }

  private AccessRequest counting(
      Caller caller, List<AccessRequest> live, Circumstances circumstances) {
    return live.size() == 1
        ? live.getFirst()
        : Warrants.firstCovered(caller, live, policies.get(), circumstances)
            .orElseGet(live::getFirst);
  }

  private Step under(
      Caller caller, Errand errand, AccessRequest request, Circumstances circumstances) {
    if (!request.isOf(caller)) {
      // An issuer that gives two callers tokens of one jti: what one opened is not the other's, and
      // that the other tried is none of its story.
      return refused(caller, request.role(), IssueRefusal.TOKEN_ALREADY_USED, circumstances);
    }
    // What was approved a moment after this call looked at the clock has started by now; whether it
    // truly has is the database's to say, when the intent is written.
    var now = circumstances.now();
    var grant = request.grantAt(now).or(() -> request.grantAt(now.plus(A_MOMENT)));
    if (grant.isEmpty()) {
      return notLive(caller, errand, request, circumstances);
    }
    return switch (Warrants.check(caller, grant.get(), policies.get(), circumstances)) {
      case Warrants.Answer.Covered(var warrant) -> {
        var shorter = errand.duration();
        yield new ByGrant(
            shorter == null ? warrant : warrant.noLaterThan(circumstances.now().plus(shorter)));
      }
      case Warrants.Answer.NotAllowed(var denial) ->
          new Settled(errands.denied(caller, request, denial, circumstances));
      case Warrants.Answer.ApprovalLost _ ->
          refuse(caller, request, IssueRefusal.APPROVAL_LOST, circumstances);
    };
  }

  private Step notLive(
      Caller caller, Errand errand, AccessRequest request, Circumstances circumstances) {
    return switch (request.statusAt(circumstances.now())) {
      case PENDING -> new Settled(waiting.pending(caller, request, errand.patience()));
      case APPROVED -> refuse(caller, request, IssueRefusal.GRANT_NOT_STARTED, circumstances);
      case ENDED -> refuse(caller, request, IssueRefusal.GRANT_ENDED, circumstances);
      case LAPSED -> refuse(caller, request, IssueRefusal.REQUEST_LAPSED, circumstances);
      case DENIED -> refuse(caller, request, IssueRefusal.REQUEST_DENIED, circumstances);
      case CANCELLED -> refuse(caller, request, IssueRefusal.REQUEST_CANCELLED, circumstances);
      case RETURNED -> refuse(caller, request, IssueRefusal.GRANT_RETURNED, circumstances);
      case REVOKED -> refuse(caller, request, IssueRefusal.GRANT_REVOKED, circumstances);
    };
  }

  private Step refuse(
      Caller caller, AccessRequest request, IssueRefusal why, Circumstances circumstances) {
    return new Settled(errands.refused(caller, request, why, circumstances));
  }

  /** A person without a live grant: whether they could have one decides which no it is. */
  private Step noGrant(Caller caller, String role, Circumstances circumstances) {
    var decision = policies.get().reconsider(caller, role, openings.longest(role), circumstances);
    if (decision instanceof Decision.Denied(var denial)) {
      switch (denial.code()) {
        case NO_RULE_MATCHED, DENIED_BY_RULE -> {
          return denied(caller, role, denial, circumstances);
        }
        case DURATION_TOO_LONG, REASON_REQUIRED, TICKET_REQUIRED, TICKET_MISMATCH -> {
          // Said with the request, so they could have one.
        }
      }
    }
    // What became of their latest request says more than that there is no grant.
    var latest =
        store.page(new RequestStore.Query(caller.id(), null, role, null, null, 1)).stream()
            .filter(request -> saysMore(request, circumstances))
            .findFirst();
    return latest
        .map(request -> notLive(caller, Errand.to(role), request, circumstances))
        .orElseGet(() -> refused(caller, role, IssueRefusal.APPROVAL_REQUIRED, circumstances));
  }

  private static boolean saysMore(AccessRequest request, Circumstances circumstances) {
    return switch (request.statusAt(circumstances.now())) {
      case PENDING, APPROVED, REVOKED -> true;
      case LAPSED, ENDED, DENIED, CANCELLED, RETURNED -> false;
    };
  }

  /** A machine's token opens a request of its own, as long as its rule gives. */
  private Step opened(Caller caller, Errand errand, Circumstances circumstances) {
    var role = errand.role();
    return switch (openings.decision(caller, errand, circumstances)) {
      case Decision.Denied(var denial) -> denied(caller, role, denial, circumstances);
      case Decision.Granted granted -> new ByOpening(openings.opening(caller, errand, granted));
      case Decision.NeedsApproval(var allowance, var lines) ->
          cannotWait(caller, errand)
              ? refused(caller, role, IssueRefusal.CANNOT_WAIT_HERE, circumstances)
              : wait(
                  caller,
                  errand,
                  openings.waiting(caller, errand, allowance, lines),
                  circumstances);
    };
  }

  // A request that nobody could ever come back for would only spend the token.
  private static boolean cannotWait(Caller caller, Errand errand) {
    return errand.patience() == Errand.Patience.COMES_AGAIN
        && caller.token().use() == TokenUse.SINGLE_USE;
  }

  private Step wait(Caller caller, Errand errand, NewRequest request, Circumstances circumstances) {
    var begun = waiting.begin(request, errand.patience());
    return switch (begun.opened()) {
      case RequestStore.Opened.Made(var made) ->
          new Settled(new Answer.Pending(made, begun.token()));
      case RequestStore.Opened.Existing(var made) -> under(caller, errand, made, circumstances);
      case RequestStore.Opened.TokenAlreadyUsed _ ->
          refused(caller, request.role(), IssueRefusal.TOKEN_ALREADY_USED, circumstances);
      case RequestStore.Opened.TooManyOpen _ ->
          new Settled(new Answer.NotOpened(RefusalCode.TOO_MANY_OPEN_REQUESTS));
      case RequestStore.Opened.KeyReused _ ->
          new Settled(new Answer.NotOpened(RefusalCode.IDEMPOTENCY_KEY_REUSED));
      case RequestStore.Opened.NothingToExtend _ ->
          throw new IllegalStateException("nothing is extended here");
    };
  }

  private Step denied(Caller caller, String role, Denial denial, Circumstances circumstances) {
    return new Settled(errands.denied(caller, role, denial, circumstances));
  }

  /** Why there is no credential of {@code role} for {@code caller}, written down. */
  Settled refused(Caller caller, String role, IssueRefusal why, Circumstances circumstances) {
    return new Settled(errands.refused(caller, role, why, circumstances));
  }
}
