package io.daypass.policy.yaml;

import io.daypass.document.Place;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which role a Google service account serves. A token is its account's: handed out for one role, it
 * can do what another role's binding gives the same account. So an account that is bound for each
 * grant serves one role alone, and the one that binds serves none.
 */
final class GoogleAccounts {

  private final Map<String, Role> byAccount = new HashMap<>();
  private final Set<String> binders = new HashSet<>();

  /** Notes what {@code role} uses, and what is wrong with that. */
  void check(Role role, Place place, Findings findings) {
    if (!(role.target() instanceof Target.Google google)) {
      return;
    }
    for (var account : google.serviceAccounts()) {
      var other = byAccount.putIfAbsent(account, role);
      if (other != null && (isBound(role) || isBound(other))) {
        var message =
            "\"%s\" and \"%s\" use the account %s: with an iam-binding, each role has its own"
                .formatted(other.name(), role.name(), account);
        findings.error(place, "google_account_shared", message);
      }
      if (binders.contains(account)) {
        handedOut(role, account, place, findings);
      }
    }
    var binding = google.binding();
    if (binding != null && binders.add(binding.binder())) {
      var holder = byAccount.get(binding.binder());
      if (holder != null) {
        handedOut(holder, binding.binder(), place, findings);
      }
    }
  }

  private static void handedOut(Role role, String binder, Place place, Findings findings) {
    var message =
        "\"%s\" hands out tokens of %s, which edits policies".formatted(role.name(), binder);
    findings.error(place, "binder_handed_out", message);
  }

  private static boolean isBound(Role role) {
    return role.target() instanceof Target.Google google && google.binding() != null;
  }
}
