package io.daypass.cloud.gcp;

import com.google.api.client.json.GenericJson;
import com.google.auth.oauth2.AccessToken;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Gates;
import io.daypass.issuer.Assertion;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Looks at an allow policy as the binder would before it edits it, and writes nothing. */
record PolicyProbe(
    GoogleSteps steps, Assertions assertions, Gates gates, Effort effort, InstantSource clock) {

  private static final Duration TOKEN_LIFE = Duration.ofMinutes(1);

  /**
   * What was seen.
   *
   * @param missing permissions to edit the policy that the binder does not have there
   * @param standing accounts that have the role there by a line that no grant was the reason for;
   *     empty if the policy cannot be read
   */
  record Seen(Set<String> missing, Set<String> standing) {
    Seen {
      missing = Set.copyOf(missing);
      standing = Set.copyOf(standing);
    }
  }

  /**
   * @param about what the assertion is known by
   */
  Seen look(Target.Google target, Target.Google.IamBinding line, UUID about) throws Failure {
    var provider = target.workloadIdentityProvider();
    var assertion =
        assertions.sign(
            Assertion.toCloud(
                PolicyEditor.SUBJECT,
                provider,
                about.toString(),
                clock.instant(),
                Map.of("daypass", Map.of("session", "binder-checkup"))),
            Algorithm.ES256);
    return gates.pass(
        PolicyEditor.HOST,
        line.resource(),
        () ->
            effort.make(deadline -> {
              var federated = steps.exchange(provider, assertion, deadline);
              var binder =
                  steps.impersonate(
                      federated, line.binder(), PolicyEditor.SCOPES, TOKEN_LIFE, deadline);
              return seen(target, line, new AccessToken(binder.getTokenValue(), null), deadline);
            }));
  }

  private Seen seen(
      Target.Google target, Target.Google.IamBinding line, AccessToken by, Deadline deadline)
      throws Failure {
    var reads = permission(line, "getIamPolicy");
    var asked = List.of(reads, permission(line, "setIamPolicy"));
    // Resource Manager reference, "testIamPermissions": of those that are asked, those one has.
    var had =
        steps
            .ask(
                GoogleCall.policy(line.resource(), "testIamPermissions"),
                Map.of("permissions", asked),
                by,
                deadline)
            .get("permissions");
    if (had != null && !(had instanceof List<?>)) {
      throw Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "permissions that are no list");
    }
    var missing = new TreeSet<>(asked);
    if (had instanceof List<?> permissions) {
      permissions.forEach(missing::remove);
    }
    if (missing.contains(reads)) {
      return new Seen(missing, Set.of());
    }
    var policy =
        steps.ask(
            GoogleCall.policy(line.resource(), "getIamPolicy"),
            Map.of("options", Map.of("requestedPolicyVersion", PolicyEditor.VERSION)),
            by,
            deadline);
    return new Seen(missing, standing(policy, target, line));
  }

  private static Set<String> standing(
      GenericJson policy, Target.Google target, Target.Google.IamBinding line) {
    var members = new HashSet<>(PolicyLine.membersWithout(policy, line.role()));
    var standing = new TreeSet<String>();
    for (var account : target.serviceAccounts()) {
      if (members.contains("serviceAccount:" + account)) {
        standing.add(account);
      }
    }
    return standing;
  }

  /** {@code resourcemanager.projects.getIamPolicy} and its like. */
  private static String permission(Target.Google.IamBinding line, String method) {
    var kind = line.resource().substring(0, line.resource().indexOf('/'));
    return "resourcemanager." + kind + "." + method;
  }
}
