package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Denial;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import java.util.List;
import java.util.Optional;

/** Judges, at every issuance anew, whether a grant still covers its caller. */
public final class Warrants {

  private Warrants() {}

  /** Whether {@code grant} covers {@code caller} under {@code policies} now. */
  public static Answer check(
      Caller caller, Grant grant, Policies policies, Circumstances circumstances) {
    var request = grant.request();
    if (!request.requester().id().equals(caller.id())) {
      throw new IllegalArgumentException("a grant covers its requester only");
    }
    return switch (policies.reconsider(caller, request.role(), request.wish(), circumstances)) {
      case Decision.Denied(var denial) -> new Answer.NotAllowed(denial);
      case Decision.Granted(var allowance) -> new Answer.Covered(new Warrant(grant, allowance));
      case Decision.NeedsApproval(var allowance, var lines) ->
          approves(request, allowance.role())
                  && new Tally(request, lines, circumstances.now()).isMet()
              ? new Answer.Covered(new Warrant(grant, allowance))
              : new Answer.ApprovalLost();
    };
  }

  /**
   * The first of {@code requests} whose grant covers {@code caller}: one that the policies or its
   * approvers no longer carry must not stand before another that was approved since.
   */
  public static Optional<AccessRequest> firstCovered(
      Caller caller, List<AccessRequest> requests, Policies policies, Circumstances circumstances) {
    return requests.stream()
        .filter(request ->
            request
                .grantAt(circumstances.now())
                .map(grant -> check(caller, grant, policies, circumstances))
                .filter(Answer.Covered.class::isInstance)
                .isPresent())
        .findFirst();
  }

  // What people approved is the role as it was then: an edit, of its ARN say, is another role.
  private static boolean approves(AccessRequest request, Role role) {
    return role.digest().equals(request.basis().roleDigest());
  }

  /** The opening of {@code request}, which {@code granted} approves at once. */
  public static Opening opening(NewRequest request, Decision.Granted granted) {
    return new Opening(request, granted);
  }

  /** What came of it. */
  public sealed interface Answer {
    record Covered(Warrant warrant) implements Answer {}

    /** The policies in force say no. */
    record NotAllowed(Denial denial) implements Answer {}

    /** The policies in force want approvals that the request does not have, or no longer has. */
    record ApprovalLost() implements Answer {}
  }
}
