package io.daypass.sandbox.gcp;

import java.time.Duration;
import java.util.Set;

/**
 * A service account.
 *
 * @param impersonators the principals that have {@code roles/iam.workloadIdentityUser} on it
 * @param longest what a token of it may live: an hour, or 12 where the organization's policy has
 *     {@code iam.allowServiceAccountCredentialLifetimeExtension} name the account
 * @param enabled a disabled account gets no tokens, and those it has are good for nothing
 * @param grants the roles it may grant and take away at projects, as {@code
 *     iam.googleapis.com/modifiedGrantsByRole} limits it; none means that it edits no policies
 * @param lacks permissions that the custom role of one who edits policies leaves out
 */
public record StandInAccount(
    String email,
    Set<String> impersonators,
    Duration longest,
    boolean enabled,
    Set<String> grants,
    Set<String> lacks) {

  public StandInAccount {
    impersonators = Set.copyOf(impersonators);
    grants = Set.copyOf(grants);
    lacks = Set.copyOf(lacks);
  }

  /** An account that exactly {@code impersonator} may act as. */
  public static StandInAccount of(String email, String impersonator) {
    return new StandInAccount(
        email, Set.of(impersonator), Duration.ofHours(1), true, Set.of(), Set.of());
  }

  public StandInAccount granting(String... roles) {
    return new StandInAccount(email, impersonators, longest, enabled, Set.of(roles), lacks);
  }

  public StandInAccount living(Duration longestLife) {
    return new StandInAccount(email, impersonators, longestLife, enabled, grants, lacks);
  }

  public StandInAccount disabled() {
    return new StandInAccount(email, impersonators, longest, false, grants, lacks);
  }

  /** What edits policies, but for these permissions. */
  public StandInAccount lacking(String... permissions) {
    return new StandInAccount(email, impersonators, longest, enabled, grants, Set.of(permissions));
  }

  /** Whether its custom role has {@code permission}. */
  boolean has(String permission) {
    return enabled
        && !grants.isEmpty()
        && !lacks.contains(permission)
        && (permission.endsWith(".getIamPolicy") || permission.endsWith(".setIamPolicy"));
  }

  String member() {
    return "serviceAccount:" + email;
  }
}
