package io.daypass.sandbox.azure;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who has which role where. */
final class Assignments {

  private final Map<String, Assignment> byId = new ConcurrentHashMap<>();

  /**
   * A role assignment.
   *
   * @param scope in lower case, as everything is that Resource Manager compares
   * @param visibleFrom when every server of Resource Manager knows of it
   * @param effectiveFrom when it works
   */
  record Assignment(
      String scope,
      String name,
      String role,
      String principal,
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
                  .put("principalType", "ServicePrincipal")
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
}
