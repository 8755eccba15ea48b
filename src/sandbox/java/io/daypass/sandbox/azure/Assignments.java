package io.daypass.sandbox.azure;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Who has which role where, by themselves or by a group. */
final class Assignments {

  private final Map<String, Assignment> byId = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> groups = new ConcurrentHashMap<>();

  /**
   * A role assignment.
   *
   * @param scope in lower case, as everything is that Resource Manager compares
   * @param type what kind of principal it is: {@code ServicePrincipal} or {@code Group}
   * @param visibleFrom when every server of Resource Manager knows of it
   * @param effectiveFrom when it works
   */
  record Assignment(
      String scope,
      String name,
      String role,
      String principal,
      String type,
      String description,
      Instant visibleFrom,
      Instant effectiveFrom) {

    String id() {
      return id(scope, name);
    }

    static String id(String scope, String name) {
      return scope + "/" + name;
    }

    boolean gives(String otherPrincipal, String otherRole, String otherScope) {
      return principal.equals(otherPrincipal) && role.equals(otherRole) && scope.equals(otherScope);
    }

    /** As Resource Manager shows it. */
    JsonObject json() {
      return new JsonObject()
          .put("id", scope + "/providers/Microsoft.Authorization/roleAssignments/" + name)
          .put("name", name)
          .put("type", "Microsoft.Authorization/roleAssignments")
          .put(
              "properties",
              new JsonObject()
                  .put(
                      "roleDefinitionId",
                      "/providers/Microsoft.Authorization/roleDefinitions/" + role)
                  .put("principalId", principal)
                  .put("principalType", type)
                  .put("description", description)
                  .put("scope", scope));
    }

    /** Whether what it gives reaches down to {@code resource}. */
    boolean covers(String resource) {
      return resource.equals(scope) || resource.startsWith(scope + "/") || scope.equals("/");
    }
  }

  Optional<Assignment> get(String scope, String name) {
    return Optional.ofNullable(byId.get(Assignment.id(scope, name)));
  }

  Optional<Assignment> same(String principal, String role, String scope) {
    return byId.values().stream().filter(a -> a.gives(principal, role, scope)).findFirst();
  }

  void put(Assignment assignment) {
    byId.put(assignment.id(), assignment);
  }

  Optional<Assignment> remove(String scope, String name) {
    return Optional.ofNullable(byId.remove(Assignment.id(scope, name)));
  }

  List<Assignment> all() {
    return new ArrayList<>(byId.values());
  }

  /** Those of {@code principal} and of groups that it is in, also by way of others. */
  List<Assignment> reaching(String principal) {
    var holders = new HashSet<String>();
    var more = Set.of(principal);
    while (holders.addAll(more)) {
      more =
          groups.entrySet().stream()
              .filter(group -> !Collections.disjoint(group.getValue(), holders))
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet());
    }
    return all().stream().filter(each -> holders.contains(each.principal())).toList();
  }

  void group(String id, Set<String> members) {
    groups.put(id, Set.copyOf(members));
  }

  boolean isGroup(String id) {
    return groups.containsKey(id);
  }
}
