package io.daypass.app;

import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.settings.CloudSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What roles need of the settings and do not find there: nobody would get a credential. */
final class Unmet {

  private Unmet() {}

  /** One sentence for each role that lacks something, in the order of their names. */
  static List<String> of(CloudSettings clouds, Policies policies) {
    var sentences = new ArrayList<String>();
    for (var role : policies.roles().stream().sorted(Comparator.comparing(Role::name)).toList()) {
      // A binding at Google names its binder beside it; whoever assigns in Azure is in the
      // settings.
      if (role.target() instanceof Target.Azure azure) {
        azure(role.name(), azure, clouds.azure().binder(), sentences);
      }
    }
    return sentences;
  }

  private static void azure(
      String role, Target.Azure target, @Nullable String binder, List<String> sentences) {
    if (binder == null) {
      if (target.assignment() != null) {
        sentences.add(
            "the role \"%s\" is assigned for each grant, and clouds.azure.binder names nobody who"
                    .formatted(role)
                + " could: nobody gets a credential (binder_missing)");
      }
    } else if (target.clientIds().stream().anyMatch(binder::equalsIgnoreCase)) {
      sentences.add(
          "the role \"%s\" names clouds.azure.binder as an identity, whose tokens are never handed"
                  .formatted(role)
              + " out: nobody gets a credential (binder_handed_out)");
    }
  }
}
