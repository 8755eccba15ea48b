package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.policy.Circumstances;
import io.daypass.request.AccessRequest;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.Asking;
import io.daypass.request.DeskAnswer;
import io.daypass.request.RefusalCode;
import io.daypass.request.RequestDesk;
import io.daypass.request.RequestId;
import io.daypass.request.RequestReader;
import io.daypass.web.Call;
import io.daypass.web.Problem;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What callers do to requests, whatever they come with: what they sent is read, done at the desks,
 * and written down where it is refused. Acts on one request take its id from the call's path.
 *
 * @param now the database's clock
 */
public record RequestActs(
    RequestDesk desk,
    ApprovalDesk approvals,
    RequestReader reader,
    Refusals refusals,
    InstantSource now) {

  /** What became of it. */
  public sealed interface Outcome {

    /** A request was made. */
    record Made(AccessRequest request) implements Outcome {}

    /** The request is as it was to be. */
    record Done(AccessRequest request) implements Outcome {}

    record No(Problem problem) implements Outcome {}
  }

  /** One thing that can be done to a request. */
  @FunctionalInterface
  public interface Act {
    Outcome of(Call call, Caller caller, Input input);
  }

  /**
   * Makes a request.
   *
   * @param keys the caller's own marks for this call; one at most
   */
  public Outcome make(Call call, Caller caller, Input input, List<String> keys) {
    var circumstances = circumstances(call);
    var role = input.role();
    var wish = input.wish();
    var startsAt = input.instant("starts_at");
    if (startsAt != null && startsAt.isBefore(circumstances.now())) {
      input.wrong("starts_at", "an instant to come");
    }
    var key = input.idempotencyKey(keys);
    return act(
        call,
        caller,
        input,
        () -> desk.make(caller, new Asking(role, wish, startsAt, key), circumstances));
  }

  /** Asks for more time after a grant. */
  public Outcome extend(Call call, Caller caller, Input input, List<String> keys) {
    var wish = input.wish();
    var key = input.idempotencyKey(keys);
    return onOne(
        call,
        caller,
        input,
        RefusalCode.NOT_ALLOWED,
        id -> desk.extend(caller, id, wish, key, circumstances(call)));
  }

  /** Says yes, perhaps to less. */
  public Outcome approve(Call call, Caller caller, Input input) {
    var comment = input.prose("comment");
    var shorter = input.duration("duration");
    return onOne(
        call,
        caller,
        input,
        RefusalCode.NOT_AN_APPROVER,
        id -> approvals.approve(caller, id, comment, shorter, circumstances(call)));
  }

  /** Says no, and why. */
  public Outcome deny(Call call, Caller caller, Input input) {
    var comment = input.requiredProse("comment");
    return onOne(
        call,
        caller,
        input,
        RefusalCode.NOT_AN_APPROVER,
        id -> approvals.deny(caller, id, comment, circumstances(call)));
  }

  /** Takes one's own request back. */
  public Outcome cancel(Call call, Caller caller, Input input) {
    var reason = input.proseOrEmpty("reason");
    return onOne(
        call, caller, input, RefusalCode.NOT_ALLOWED, id -> desk.cancel(caller, id, reason));
  }

  /** Gives one's own grant back. */
  public Outcome giveBack(Call call, Caller caller, Input input) {
    var reason = input.proseOrEmpty("reason");
    return onOne(
        call, caller, input, RefusalCode.NOT_ALLOWED, id -> desk.giveBack(caller, id, reason));
  }

  /** Ends a grant early, for good. */
  public Outcome revoke(Call call, Caller caller, Input input) {
    var reason = input.requiredProse("reason");
    return onOne(
        call,
        caller,
        input,
        RefusalCode.NOT_ALLOWED,
        id -> desk.revoke(caller, id, reason, circumstances(call)));
  }

  @FunctionalInterface
  private interface OnOne {
    DeskAnswer of(RequestId id);
  }

  // An id that is none gets the answer of one that is not there.
  private Outcome onOne(Call call, Caller caller, Input input, RefusalCode notTheirs, OnOne act) {
    var id = id(call);
    return act(
        call,
        caller,
        input,
        () ->
            id == null ? new DeskAnswer.NotFound() : told(call, caller, id, act.of(id), notTheirs));
  }

  /** Who may see a request is told that it is not theirs to act on, not that it is not there. */
  private DeskAnswer told(
      Call call, Caller caller, RequestId id, DeskAnswer answer, RefusalCode notTheirs) {
    return answer instanceof DeskAnswer.NotFound
            && reader.find(caller, id, circumstances(call)).isPresent()
        ? new DeskAnswer.Refused(notTheirs)
        : answer;
  }

  private Outcome act(Call call, Caller caller, Input input, Supplier<DeskAnswer> act) {
    var wrong = input.problem();
    if (wrong.isPresent()) {
      return new Outcome.No(wrong.get());
    }
    return outcome(call, caller, input.roleOrNull(), act.get());
  }

  /** What is not somebody's to have or to do is written down; a mistake or a lost race is not. */
  private Outcome outcome(Call call, Caller caller, @Nullable String role, DeskAnswer answer) {
    return switch (answer) {
      case DeskAnswer.Made(var request) -> new Outcome.Made(request);
      case DeskAnswer.Existing(var request) -> new Outcome.Done(request);
      case DeskAnswer.Done(var request) -> new Outcome.Done(request);
      case DeskAnswer.Denied(var denial) ->
          new Outcome.No(refusals.ofPolicies(call, caller, id(call), role, denial));
      case DeskAnswer.NotFound _ -> new Outcome.No(Translation.notFound());
      case DeskAnswer.Refused(var why) -> {
        switch (why.kind()) {
          case FORBIDDEN -> refusals.write(call, caller, id(call), role, why.code());
          case CONFLICT, INVALID, TOO_MANY -> {}
        }
        var id = call.path().get("id");
        var problem = Translation.of(why);
        yield new Outcome.No(id == null ? problem : problem.about(id));
      }
    };
  }

  private Circumstances circumstances(Call call) {
    return new Circumstances(now.instant(), call.peer());
  }

  private static @Nullable RequestId id(Call call) {
    return Optional.ofNullable(call.path().get("id")).flatMap(RequestId::parse).orElse(null);
  }
}
