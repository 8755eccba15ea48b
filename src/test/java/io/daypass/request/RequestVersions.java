package io.daypass.request;

import io.daypass.request.AccessRequest.Ending;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.AccessRequest.Times;
import io.daypass.request.RequestStore.Vote;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of a request by what happens to it; what it was stays as it is. */
final class RequestVersions {

  private RequestVersions() {}

  static AccessRequest made(NewRequest request, Instant now) {
    var starts = later(now.truncatedTo(ChronoUnit.SECONDS), request.startsAt());
    var automatic = request.automatic();
    return new AccessRequest(
        request.id(),
        1,
        request.requester(),
        request.role(),
        request.wish(),
        request.startsAt(),
        request.basis(),
        automatic ? State.APPROVED : State.PENDING,
        new Times(
            now,
            now.plus(request.lapseAfter()),
            automatic ? starts : null,
            automatic ? starts.plus(request.wish().duration()) : null),
        null,
        List.of(),
        request.extendsRequest());
  }

  private static Instant later(Instant one, @Nullable Instant other) {
    var second = other == null ? one : other.truncatedTo(ChronoUnit.SECONDS);
    return second.isAfter(one) ? second : one;
  }

  static AccessRequest with(
      AccessRequest request,
      int version,
      State state,
      Times times,
      @Nullable Ending ending,
      List<Approval> approvals) {
    return new AccessRequest(
        request.id(),
        version,
        request.requester(),
        request.role(),
        request.wish(),
        request.startsAt(),
        request.basis(),
        state,
        times,
        ending,
        approvals,
        request.extendsRequest());
  }

  static AccessRequest counted(
      AccessRequest request, Vote vote, List<Approval> approvals, Instant at) {
    var times = request.times();
    if (vote.verdict() == Approval.Verdict.DENY) {
      var ending = new Ending(at, vote.approver().shownAs(), vote.comment());
      return with(request, request.version() + 1, State.DENIED, times, ending, approvals);
    }
    if (!vote.completes()) {
      return with(request, request.version() + 1, State.PENDING, times, null, approvals);
    }
    var starts = later(at.truncatedTo(ChronoUnit.SECONDS), request.startsAt());
    var bounded = new Times(times.madeAt(), times.lapsesAt(), starts, starts.plus(vote.agreed()));
    return with(request, request.version() + 1, State.APPROVED, bounded, null, approvals);
  }

  static AccessRequest older(AccessRequest r, Duration by) {
    var t = r.times();
    var times =
        new Times(
            t.madeAt().minus(by),
            t.lapsesAt().minus(by),
            t.grantStarts() == null ? null : t.grantStarts().minus(by),
            t.grantEnds() == null ? null : t.grantEnds().minus(by));
    return with(r, r.version(), r.state(), times, r.ending(), r.approvals());
  }
}
