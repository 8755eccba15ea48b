package io.daypass.app;

import io.daypass.policy.Role;
import io.daypass.policy.Target;
import java.time.Duration;

/** What a checkup asks of clouds that say by themselves what is wrong, and what they must know. */
final class CheckupTerms {

  /** A credential that nobody gets need not live long. */
  static final Duration MOMENT = Duration.ofSeconds(60);

  // generateAccessToken gives more only where the organization allows it.
  private static final Duration HOUR = Duration.ofHours(1);

  private CheckupTerms() {}

  /** A moment; the whole life where the organization has to allow it, for that is to be tried. */
  static Duration googleLife(Role role) {
    var lifetime = role.credentialLifetime();
    var grant = role.maxDuration();
    var longest = lifetime.compareTo(grant) < 0 ? lifetime : grant;
    return longest.compareTo(HOUR) > 0 ? longest : MOMENT;
  }

  static String toldGoogle(Role role, String issuer) {
    if (!(role.target() instanceof Target.Google google)) {
      throw new IllegalArgumentException("not a role in Google Cloud");
    }
    var provider = google.workloadIdentityProvider();
    var pool = provider.substring(0, provider.indexOf("/providers/"));
    return "let "
        + provider
        + " take tokens of "
        + issuer
        + " with google.subject from assertion.sub, and give principal:"
        + pool
        + "/subject/role:"
        + role.name()
        + " roles/iam.workloadIdentityUser on "
        + google.serviceAccount();
  }
}
