package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.policy.Circumstances;
import java.util.Optional;

/**
 * Where administrators suspend people from approving and from their office, and lift it. What
 * somebody approved counts for nothing while they are suspended, also for grants that have begun.
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
    var objection = objection(caller, now);
    return objection.isPresent()
        ? new Answer.Refused(objection.get())
        : new Answer.Done(store.suspend(person, suspended, caller.id(), reason));
  }

  /**
   * Why {@code caller} may not act as an administrator; empty if they may. Who is suspended may
   * not: two who are would lift each other's, or the stop that was meant for them.
   */
  public Optional<RefusalCode> objection(Caller caller, Circumstances now) {
    if (!offices.isAdministrator(caller.identity(), now.now())) {
      return Optional.of(RefusalCode.NOT_ALLOWED);
    }
    return store.isSuspended(caller.id()) ? Optional.of(RefusalCode.SUSPENDED) : Optional.empty();
  }
}
