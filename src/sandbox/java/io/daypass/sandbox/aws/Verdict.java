package io.daypass.sandbox.aws;

import java.time.Instant;
import java.util.Optional;

/** Whether a session may act right now, and why. */
record Verdict(boolean allowed, String why) {

  /** Judges {@code session} for {@code action}, or for anything at all. */
  static Verdict of(Sessions.Session session, Optional<String> action, Roles roles, Instant now) {
    var terms = session.terms();
    if (!now.isBefore(terms.expiresAt())) {
      return new Verdict(false, "the session expired at " + terms.expiresAt());
    }
    var context = session.context(now);
    var wanted = action.orElse("*");
    var policy = terms.policy();
    if (policy != null) {
      if (policy.denies(wanted, context)) {
        return new Verdict(
            false,
            policy
                .end()
                .filter(end -> !now.isBefore(end))
                .map(end -> "the session policy denies everything since " + end)
                .orElse("the session policy denies it"));
      }
      if (action.isPresent() && !policy.allows(wanted, context)) {
        return new Verdict(false, "the session policy does not allow it");
      }
    }
    for (var inline : roles.inline(terms.role().arn()).entrySet()) {
      boolean effective = !now.isBefore(inline.getValue().effectiveAt());
      if (effective && inline.getValue().policy().denies(wanted, context)) {
        return new Verdict(false, "the role's inline policy " + inline.getKey() + " denies it");
      }
    }
    return new Verdict(true, "nothing denies it");
  }
}
