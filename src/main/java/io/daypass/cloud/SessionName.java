package io.daypass.cloud;

import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.request.RequestId;

/**
 * How a session is called in the cloud's own trail: {@code <requester>-<request id>}. Set by
 * Daypass, never by the caller.
 *
 * <p>The requester's part is for the reader's eye: a person's e-mail address or a workload's
 * subject if it fits, otherwise an id derived from issuer and subject. It proves nothing, since an
 * e-mail address may be of its owner's choosing; the request id behind the last '-' leads to the
 * ledger, and {@link SourceIdentity} says for certain who it was. What does not fit is replaced
 * whole: a rewritten name could look like somebody else's.
 *
 * <p>AWS takes 2 to 64 of {@code [\w+=,.@-]} (STS reference, RoleSessionName).
 */
public record SessionName(String value) {

  // 64, less '-' and the 16 characters of a request id.
  private static final int LONGEST_REQUESTER = 47;

  /** The name of the sessions that {@code requester} gets under {@code request}. */
  public static SessionName of(Identity requester, RequestId request) {
    return new SessionName(shown(requester) + '-' + request.value());
  }

  private static String shown(Identity requester) {
    var email = requester.email();
    var preferred =
        requester.kind() == Kind.HUMAN && email != null ? email : requester.id().subject();
    return SafeText.fits(preferred, LONGEST_REQUESTER) && !SourceIdentity.looksDerived(preferred)
        ? preferred
        : SourceIdentity.derived(requester.id());
  }
}
