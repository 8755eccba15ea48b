package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.policy.Allowance;
import io.daypass.policy.ApprovalLine;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the request that a decision calls for; the one place where a {@link NewRequest} is made.
 */
public final class RequestDraft {

  private final Supplier<RequestId> ids;
  private final Duration lapseAfter;

  /**
   * Drafts with these ids.
   *
   * @param lapseAfter how long a request may wait for a decision
   */
  public RequestDraft(Supplier<RequestId> ids, Duration lapseAfter) {
    this.ids = ids;
    this.lapseAfter = lapseAfter;
  }

  Duration lapseAfter() {
    return lapseAfter;
  }

  /**
   * A request of {@code caller} under {@code allowance}; automatic if there are no {@code lines}.
   */
  public NewRequest of(
      Caller caller,
      Allowance allowance,
      List<ApprovalLine> lines,
      Asking asking,
      @Nullable RequestId extendsRequest) {
    var role = allowance.role();
    var digest = RequestDigest.of(caller.id(), role, asking.wish(), asking.startsAt());
    var basis =
        new AccessRequest.Basis(
            allowance.rule().name(),
            lines.stream()
                .map(line -> new AccessRequest.Basis.Line(line.from().text(), line.count()))
                .toList(),
            allowance.policyDigest(),
            role.digest(),
            digest);
    var key = asking.idempotencyKey();
    return new NewRequest(
        ids.get(),
        caller.identity(),
        role.name(),
        asking.wish(),
        asking.startsAt(),
        basis,
        lines.isEmpty(),
        lapseAfter,
        opener(caller),
        key == null ? null : new NewRequest.Idempotency(key, RequestDigest.of(caller.id(), asking)),
        extendsRequest);
  }

  // People ask as often as they like with one sign-in; a machine's token opens only what it may.
  private static NewRequest.@Nullable Opener opener(Caller caller) {
    if (caller.isHuman()) {
      return null;
    }
    var token = caller.token();
    var singleUse =
        switch (token.use()) {
          case SINGLE_USE -> true;
          case REUSABLE -> false;
          case CARRIES_ON -> throw new IllegalStateException("a poll token opens nothing");
          case SESSION -> throw new IllegalStateException("only people have sessions");
        };
    return new NewRequest.Opener(token.replayKey(), singleUse, token.expiresAt());
  }
}
