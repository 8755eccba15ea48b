package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.identity.TokenUse;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where requests are made and ended. Deciding on them is {@link ApprovalDesk}'s. */
public final class RequestDesk {

  private final RequestStore store;
  private final Supplier<Policies> policies;
  private final RequestDraft draft;
  private final RequestReader reader;

  public RequestDesk(
      RequestStore store, Supplier<Policies> policies, RequestDraft draft, RequestReader reader) {
    this.store = store;
    this.policies = policies;
    this.draft = draft;
    this.reader = reader;
  }

  /** Makes the request that {@code asking} describes, approved at once if its rule says so. */
  public DeskAnswer make(Caller caller, Asking asking, Circumstances circumstances) {
    var startsAt = asking.startsAt();
    if (startsAt != null && startsAt.isAfter(circumstances.now().plus(draft.lapseAfter()))) {
      return new DeskAnswer.Refused(RefusalCode.STARTS_TOO_LATE);
    }
    return make(caller, asking, null, circumstances);
  }

  /**
   * Asks for more time after a grant: a request of its own, judged like any other, whose grant
   * starts where the first one ends.
   */
  public DeskAnswer extend(
      Caller caller, RequestId id, Wish more, @Nullable String key, Circumstances circumstances) {
    var found = store.find(id).filter(request -> request.isOf(caller));
    if (found.isEmpty()) {
      return new DeskAnswer.NotFound();
    }
    var request = found.get();
    var ends = request.times().grantEnds();
    var status = request.statusAt(circumstances.now());
    if (status != AccessRequest.Status.APPROVED || ends == null) {
      return new DeskAnswer.Refused(
          status == AccessRequest.Status.PENDING
              ? RefusalCode.NOT_APPROVED
              : RefusalCode.ALREADY_ENDED);
    }
    var ticket = more.ticket() == null ? request.wish().ticket() : more.ticket();
    var wish = new Wish(more.duration(), more.reason(), ticket);
    return make(caller, new Asking(request.role(), wish, ends, key), id, circumstances);
  }

  /** The requester takes back a request that is not decided yet. */
  public DeskAnswer cancel(Caller caller, RequestId id, String reason) {
    return endOwn(caller, id, State.CANCELLED, reason);
  }

  /** The requester gives a grant back before its end, and what extends it. */
  public DeskAnswer giveBack(Caller caller, RequestId id, String reason) {
    return endOwn(caller, id, State.RETURNED, reason);
  }

  /**
   * Ends a grant early, for good, and what extends it: once this is answered, no replica issues
   * under it. Open to administrators, to those who approved it and to the requester.
   */
  public DeskAnswer revoke(Caller caller, RequestId id, String reason, Circumstances now) {
    var found = reader.find(caller, id, now);
    if (found.isEmpty()) {
      return new DeskAnswer.NotFound();
    }
    return reader.mayRevoke(caller, found.get(), now)
        ? end(caller, id, State.REVOKED, reason)
        : new DeskAnswer.Refused(RefusalCode.NOT_ALLOWED);
  }

  private DeskAnswer make(
      Caller caller,
      Asking asking,
      @Nullable RequestId extendsRequest,
      Circumstances circumstances) {
    return switch (policies.get().decide(caller, asking.role(), asking.wish(), circumstances)) {
      case Decision.Denied(var denial) -> new DeskAnswer.Denied(denial);
      case Decision.Granted _, Decision.NeedsApproval _ when isSpentByAsking(caller) ->
          new DeskAnswer.Refused(RefusalCode.CANNOT_WAIT_HERE);
      case Decision.Granted(var allowance) ->
          open(draft.of(caller, allowance, List.<ApprovalLine>of(), asking, extendsRequest));
      case Decision.NeedsApproval(var allowance, var lines) ->
          open(draft.of(caller, allowance, lines, asking, extendsRequest));
    };
  }

  // A single-use token leads to what it opened in the call that opens it, and never again.
  private static boolean isSpentByAsking(Caller caller) {
    return !caller.isHuman() && caller.token().use() == TokenUse.SINGLE_USE;
  }

  private DeskAnswer open(NewRequest request) {
    return switch (store.open(request)) {
      case RequestStore.Opened.Made(var made) -> new DeskAnswer.Made(made);
      case RequestStore.Opened.Existing(var made) ->
          made.requester().id().equals(request.requester().id())
              ? new DeskAnswer.Existing(made)
              // Another caller's token has the same jti: what that one opened is not shown.
              : new DeskAnswer.Refused(RefusalCode.TOKEN_ALREADY_USED);
      case RequestStore.Opened.KeyReused _ ->
          new DeskAnswer.Refused(RefusalCode.IDEMPOTENCY_KEY_REUSED);
      case RequestStore.Opened.TooManyOpen _ ->
          new DeskAnswer.Refused(RefusalCode.TOO_MANY_OPEN_REQUESTS);
      case RequestStore.Opened.TokenAlreadyUsed _ ->
          new DeskAnswer.Refused(RefusalCode.TOKEN_ALREADY_USED);
      case RequestStore.Opened.NothingToExtend _ ->
          new DeskAnswer.Refused(RefusalCode.ALREADY_ENDED);
    };
  }

  private DeskAnswer endOwn(Caller caller, RequestId id, State to, String reason) {
    var own = store.find(id).filter(request -> request.isOf(caller));
    return own.isEmpty() ? new DeskAnswer.NotFound() : end(caller, id, to, reason);
  }

  private DeskAnswer end(Caller caller, RequestId id, State to, String reason) {
    var end = new RequestStore.End(id, to, caller.id(), caller.identity().shownAs(), reason);
    return switch (store.end(end)) {
      case RequestStore.Ended.Done(var request) -> new DeskAnswer.Done(request);
      case RequestStore.Ended.NotPossible(var code) -> new DeskAnswer.Refused(code);
    };
  }
}
