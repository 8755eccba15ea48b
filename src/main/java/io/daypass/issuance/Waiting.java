package io.daypass.issuance;

import io.daypass.identity.Caller;
import io.daypass.identity.PollToken;
import io.daypass.issuance.Errand.Patience;
import io.daypass.request.AccessRequest;
import io.daypass.request.NewRequest;
import io.daypass.request.PollStore;
import io.daypass.request.RequestStore;
import io.daypass.request.RequestStore.Opened;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests of workloads that wait for people, and the poll tokens to carry them on with. An
 * approval holds for the run whose token opened the request: what leads to the request is that
 * token, if it may come again, or a poll token, and nothing else.
 */
public final class Waiting {

  private final RequestStore requests;
  private final PollStore polls;
  private final Supplier<PollToken> tokens;

  /**
   * Over these.
   *
   * @param tokens makes a new one each time
   */
  public Waiting(RequestStore requests, PollStore polls, Supplier<PollToken> tokens) {
    this.requests = requests;
    this.polls = polls;
    this.tokens = tokens;
  }

  /** What came of opening, and the token to wait with; null where none was handed out. */
  record Begun(Opened opened, @Nullable PollToken token) {}

  Begun begin(NewRequest request, Patience patience) {
    if (patience == Patience.COMES_AGAIN) {
      return new Begun(requests.open(request), null);
    }
    var token = tokens.get();
    var opened = polls.open(request, token.sha256());
    return switch (opened) {
      case Opened.Made _ -> new Begun(opened, token);
      // Whose it is has to be looked at first.
      case Opened.Existing _,
          Opened.KeyReused _,
          Opened.TooManyOpen _,
          Opened.TokenAlreadyUsed _,
          Opened.NothingToExtend _ ->
          new Begun(opened, null);
    };
  }

  /** What a caller is answered whose request still waits. */
  Answer.Pending pending(Caller caller, AccessRequest request, Patience patience) {
    if (caller.isHuman()) {
      // People come back as themselves.
      return new Answer.Pending(request, null);
    }
    return switch (caller.token().use()) {
      // They hold one already.
      case CARRIES_ON -> new Answer.Pending(request, null);
      case SESSION -> throw new IllegalStateException("only people have sessions");
      case SINGLE_USE, REUSABLE ->
          new Answer.Pending(request, patience == Patience.POLLS ? more(request) : null);
    };
  }

  /** The request that the caller's poll token carries on. */
  Optional<AccessRequest> carriedOn(Caller caller, String role) {
    return polls.carriedOn(caller.token().replayKey(), role);
  }

  private @Nullable PollToken more(AccessRequest request) {
    var token = tokens.get();
    return polls.add(request.id(), token.sha256()) ? token : null;
  }
}
