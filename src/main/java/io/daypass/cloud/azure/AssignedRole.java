package io.daypass.cloud.azure;

import io.daypass.cloud.Binding;
import io.daypass.cloud.WantedBinding;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.util.Locale;
import java.util.Map;

/**
 * The role assignment that a binding is: one role for one identity at one scope, under the very
 * name that the binding was written down with.
 */
record AssignedRole(Binding binding) {

  static final String CLOUD = "azure";

  /** What the description of an assignment begins with that was made for a grant. */
  static final String MARK = "Daypass request ";

  private static final String SLOT = "role assignment";

  /**
   * What a grant under {@code target} needs. A token is its identity's, not its grant's: with
   * another grant's assignment it would work again. So an identity serves one grant at a time, by
   * whatever role.
   */
  static WantedBinding wanted(Target.Azure target, Target.Azure.RoleAssignment assignment) {
    return new WantedBinding(
        CLOUD,
        SLOT,
        target.clientIds().stream()
            .map(client ->
                new WantedBinding.Place(
                    holder(target.tenant(), client),
                    Map.of(
                        "tenant", target.tenant(),
                        "client_id", client,
                        "role", assignment.role(),
                        "scope", assignment.scope())))
            .toList());
  }

  /** What the store of bindings calls an identity. */
  static String holder(String tenant, String client) {
    return "azure %s %s".formatted(tenant, client).toLowerCase(Locale.ROOT);
  }

  /** What the assignment says in Azure. */
  static String description(RecordedGrant grant) {
    return MARK + grant.request() + ", until " + grant.endsAt();
  }

  String client() {
    return binding.at("client_id");
  }

  RoleAssignments.Place place() {
    return new RoleAssignments.Place(
        binding.at("tenant"), binding.at("scope"), binding.at("role"), binding.id().toString());
  }
}
