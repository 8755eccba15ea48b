package io.daypass.policy.yaml;

import io.daypass.document.Place;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which role an Azure identity serves. A token is its identity's: handed out for one role, it can
 * do what another role's assignment gives the same identity. So one whose access is made for each
 * grant serves one role alone.
 */
final class AzureIdentities {

  private final Map<String, Role> byIdentity = new HashMap<>();

  /** Notes what {@code role} uses, and what is wrong with that. */
  void check(Role role, Place place, Findings findings) {
    if (!(role.target() instanceof Target.Azure azure)) {
      return;
    }
    // That it stands twice in one role is said where the role is read.
    var clients = azure.clientIds().stream().map(id -> id.toLowerCase(Locale.ROOT)).distinct();
    for (var client : clients.toList()) {
      var identity = azure.tenant().toLowerCase(Locale.ROOT) + " " + client;
      var other = byIdentity.putIfAbsent(identity, role);
      if (other != null && (isAssigned(role) || isAssigned(other))) {
        var message =
            "\"%s\" and \"%s\" use the client id %s: with a role-assignment, each role has its own"
                .formatted(other.name(), role.name(), client);
        findings.error(place, "azure_identity_shared", message);
      }
    }
  }

  private static boolean isAssigned(Role role) {
    return role.target() instanceof Target.Azure azure && azure.assignment() != null;
  }
}
