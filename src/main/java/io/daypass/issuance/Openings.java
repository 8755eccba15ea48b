package io.daypass.issuance;

import io.daypass.identity.Caller;
import io.daypass.policy.Allowance;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.Asking;
import io.daypass.request.NewRequest;
import io.daypass.request.Opening;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestId;
import io.daypass.request.Warrants;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a machine's token opens: a request for as long as its rule gives, or for less. */
record Openings(Supplier<Policies> policies, RequestDraft draft) {

  /** What the policies say to a request for {@code errand}. */
  Decision decision(Caller caller, Errand errand, Circumstances circumstances) {
    return policies.get().reconsider(caller, errand.role(), wish(errand), circumstances);
  }

  /** A request that its rule approves at once. */
  Opening opening(Caller caller, Errand errand, Decision.Granted granted) {
    return opening(caller, errand, granted, null);
  }

  private Opening opening(
      Caller caller, Errand errand, Decision.Granted granted, @Nullable RequestId continued) {
    return Warrants.opening(
        request(caller, errand, granted.allowance(), List.of(), continued), granted);
  }

  /** A request that waits until people have met {@code lines}. */
  NewRequest waiting(Caller caller, Errand errand, Allowance allowance, List<ApprovalLine> lines) {
    return request(caller, errand, allowance, lines, null);
  }

  /**
   * What goes on where {@code request} is about to end, if its rule gave it at once and still does:
   * SDKs, which want keys that live longer than that, would else ask at every call until it ends.
   */
  Optional<Opening> continuation(
      Caller caller, Errand errand, AccessRequest request, Circumstances circumstances) {
    if (!request.isOf(caller)
        || !request.basis().lines().isEmpty()
        || !endsTooSoon(request, errand, circumstances)) {
      return Optional.empty();
    }
    return switch (decision(caller, errand, circumstances)) {
      case Decision.Granted granted -> Optional.of(opening(caller, errand, granted, request.id()));
      case Decision.Denied _, Decision.NeedsApproval _ -> Optional.empty();
    };
  }

  private static boolean endsTooSoon(
      AccessRequest request, Errand errand, Circumstances circumstances) {
    var now = circumstances.now();
    var shorter = errand.duration();
    return request
        .grantAt(now)
        .filter(grant -> grant.isAboutToEnd(now))
        .filter(grant -> shorter == null || now.plus(shorter).isAfter(grant.endsAt()))
        .isPresent();
  }

  private NewRequest request(
      Caller caller,
      Errand errand,
      Allowance allowance,
      List<ApprovalLine> lines,
      @Nullable RequestId continued) {
    var wish = wish(errand);
    var agreed = new Wish(allowance.duration(), wish.reason(), wish.ticket());
    var asking = new Asking(allowance.role().name(), agreed, null, null);
    return draft.of(caller, allowance, lines, asking, continued);
  }

  private Wish wish(Errand errand) {
    return errand.wishWithin(longest(errand.role()).duration());
  }

  /** A wish for as long as anybody may have {@code role}. */
  Wish longest(String role) {
    var duration = policies.get().role(role).map(Role::maxDuration);
    return new Wish(duration.orElse(Duration.ofMinutes(1)), "", null);
  }
}
