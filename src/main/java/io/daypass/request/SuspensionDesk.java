package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.policy.Circumstances;

/**
 * Where administrators suspend people from approving, and lift it. What somebody approved counts
 * for nothing while they are suspended, also for grants that have begun.
 */
public final class SuspensionDesk {

  private final RequestStore store;
  private final Offices offices;

  public SuspensionDesk(RequestStore store, Offices offices) {
    this.store = store;
    this.offices = offices;
  }

  /** What became of it. */
  public sealed interface Answer {
    /** It is as asked for; {@code changed} if it was not before. */
    record Done(boolean changed) implements Answer {}

    /** Nobody by that name ever came. */
    record NotFound() implements Answer {}

    record Refused(RefusalCode code) implements Answer {}
  }

  public Answer suspend(Caller caller, CallerId person, String reason, Circumstances now) {
    return set(caller, person, true, reason, now);
  }

  public Answer reinstate(Caller caller, CallerId person, String reason, Circumstances now) {
    return set(caller, person, false, reason, now);
  }

  private Answer set(
      Caller caller, CallerId person, boolean suspended, String reason, Circumstances now) {
    if (!offices.isAdministrator(caller.identity(), now.now())) {
      return new Answer.Refused(RefusalCode.NOT_ALLOWED);
    }
    var found = store.standing(person);
    if (found.isEmpty()) {
      return new Answer.NotFound();
    }
    if (!suspended && caller.identity().samePersonAs(found.get().identity())) {
      return new Answer.Refused(RefusalCode.SELF_REINSTATEMENT);
    }
    // Or two who are suspended would lift each other's.
    if (store.standing(caller.id()).filter(Standing::suspended).isPresent()) {
      return new Answer.Refused(RefusalCode.SUSPENDED);
    }
    return new Answer.Done(store.suspend(person, suspended, caller.id(), reason));
  }
}
