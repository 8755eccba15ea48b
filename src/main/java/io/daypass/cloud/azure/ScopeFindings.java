package io.daypass.cloud.azure;

import io.daypass.cloud.Attempts.Attempt;
import io.daypass.cloud.Finding;
import io.daypass.policy.Target.Azure.RoleAssignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a look at the scope of an assignment says of it.
 *
 * @param principals whose tokens each client id gets, as the directory knows it
 */
record ScopeFindings(
    RoleAssignment assignment, ForgottenAssignments forgotten, Map<String, String> principals) {

  static Finding refused(RoleAssignment assignment, Attempt.Failed failed) {
    return Finding.wrong(
        "scope_refused",
        "the binder may not look at the role assignments of " + assignment.scope(),
        failed.words(),
        "assign the binder its custom role there, or mend the scope in the policies");
  }

  List<Finding> of(AzureTrials.Look look) {
    var findings = new ArrayList<Finding>();
    role(look.scope(), findings);
    binder(look.scope(), findings);
    locks(look.locks(), findings);
    standing(look.scope().standing(), findings);
    findings.addAll(forgotten.among(look.scope().marked(), principals));
    if (findings.isEmpty()) {
      findings.add(
          Finding.good(
              "binder_assigns",
              "the binder may assign and unassign " + where() + "; nothing was assigned"));
    }
    return findings;
  }

  private String where() {
    return assignment.role() + " at " + assignment.scope();
  }

  private void role(ScopeProbe.Seen seen, List<Finding> findings) {
    var there = seen.roleThere();
    if (there == null) {
      findings.add(unseen("whether there is a role " + where(), "roleDefinitions/read"));
    } else if (!there) {
      findings.add(
          Finding.wrong(
              "role_missing",
              "there is no role " + where(),
              null,
              "mend role or scope of the role-assignment in the policies"));
    }
  }

  private void binder(ScopeProbe.Seen seen, List<Finding> findings) {
    var binder = seen.binder();
    if (binder == null) {
      findings.add(unseen("whether the binder may assign " + where(), "permissions/read"));
    } else if (!binder.missing().isEmpty()) {
      findings.add(
          Finding.wrong(
              "binder_may_not_assign",
              "the binder lacks "
                  + String.join(", ", binder.missing())
                  + " at "
                  + assignment.scope(),
              null,
              "give it these by a custom role there"));
    } else if (binder.leavesOut(assignment.role())) {
      findings.add(
          Finding.wrong(
              "binder_role_not_named",
              "what the binder may assign is bound to conditions, which name other roles than "
                  + where(),
              null,
              "add the role to the condition of the binder's own role assignment"));
    } else {
      toWhom(binder, findings);
    }
  }

  private void toWhom(BinderPermissions binder, List<Finding> findings) {
    var out = binder.leavesOut(assignment.role(), Set.copyOf(principals.values()));
    if (!out.isEmpty()) {
      findings.add(
          Finding.wrong(
              "binder_identity_not_named",
              "the binder may assign "
                  + where()
                  + " to named identities only, and "
                  + clients(out)
                  + " is none of them",
              null,
              "add "
                  + String.join(", ", out)
                  + " to the condition of the binder's own role assignment"));
    }
  }

  private void locks(Optional<List<ScopeLocks.Lock>> locks, List<Finding> findings) {
    if (locks.isEmpty()) {
      findings.add(
          unseen("whether a lock would keep access at " + assignment.scope(), "locks/read"));
      return;
    }
    for (var lock : locks.get()) {
      findings.add(
          Finding.wrong(
              "scope_locked",
              "%s would keep access at %s after its grant, so nothing is assigned there"
                  .formatted(lock.told(), assignment.scope()),
              null,
              "remove the lock, or name a scope without one in the policies"));
    }
  }

  private static Finding unseen(String what, String action) {
    return Finding.warning(
        "not_seen",
        "the binder may not look, or is shown nothing, so it is not known " + what,
        "add Microsoft.Authorization/"
            + action
            + " to its custom role; if it is there, look whether the scope is");
  }

  private void standing(Set<String> standing, List<Finding> findings) {
    if (standing.isEmpty()) {
      return;
    }
    findings.add(
        Finding.wrong(
            "access_standing",
            clients(standing) + " has " + where() + " without a grant",
            null,
            "remove that assignment, or take it out of the group that has it: what it gives does not"
                + " end with the approval"));
  }

  /** The client ids of those whose tokens are these principals'. */
  private String clients(Set<String> among) {
    return principals.entrySet().stream()
        .filter(entry -> among.contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
