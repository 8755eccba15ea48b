package io.daypass.sandbox.azure;

import io.daypass.sandbox.azure.Assignments.Assignment;
import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one may look at in Resource Manager: the assignments of a principal, a role definition, and
 * one's own permissions (REST reference, 2022-04-01: "Role Assignments - List For Scope", "Role
 * Definitions - Get", "Permissions - List For Resource Group").
 */
record ArmReads(ArmCallers callers, Assignments assignments) {

  private static final Pattern PATH =
      Pattern.compile(
          "(/subscriptions/[0-9a-f-]{36}(?:/[^/]+)*)/providers/microsoft\\.authorization"
              + "/(roleassignments|permissions|roledefinitions/([^/]+))");
  private static final String GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final Pattern OWN = Pattern.compile("principalId eq '(" + GUID + ")'");
  private static final Pattern ALL = Pattern.compile("assignedTo\\('(" + GUID + ")'\\)");

  /** Built-in roles that exist here (built-in roles reference). */
  private static final Map<String, String> ROLES =
      Map.of(
          AzureStandIn.BLOB_READER,
          "Storage Blob Data Reader",
          "acdd72a7-3385-48ef-bd42-f606fba81ae7",
          "Reader");

  Reply answer(Ask ask, StandInApp caller, String path) {
    var place = PATH.matcher(path.toLowerCase(Locale.ROOT));
    if (!place.matches() || !ask.method().equals("GET")) {
      throw Refused.arm(404, "InvalidResourceType", "The resource type could not be found.");
    }
    var scope = place.group(1);
    return switch (place.group(2)) {
      case "roleassignments" -> assignments(ask, caller, scope);
      case "permissions" -> permissions(caller, scope);
      default -> definition(caller, scope, place.group(3));
    };
  }

  private Reply assignments(Ask ask, StandInApp caller, String scope) {
    callers.allow(caller, "roleAssignments/read", Optional.empty(), scope);
    // At, above and below the scope.
    return list(
        filtered(ask.query().get("$filter", "")).stream()
            .filter(each -> each.covers(scope) || each.scope().startsWith(scope + "/"))
            .map(Assignment::json)
            .toList());
  }

  /** A principal's own, or those of its groups too (Azure RBAC, "List ... using the REST API"). */
  private List<Assignment> filtered(String filter) {
    var own = OWN.matcher(filter);
    if (own.matches()) {
      return assignments.all().stream()
          .filter(each -> each.principal().equals(own.group(1)))
          .toList();
    }
    var all = ALL.matcher(filter);
    // "You cannot pass an object ID for a group."
    if (!all.matches() || assignments.isGroup(all.group(1))) {
      throw Refused.arm(400, "BadRequestFormat", "The filter is not supported.");
    }
    return assignments.reaching(all.group(1));
  }

  private Reply definition(StandInApp caller, String scope, String role) {
    callers.allow(caller, "roleDefinitions/read", Optional.empty(), scope);
    var name = ROLES.get(role);
    if (name == null) {
      throw Refused.arm(
          404,
          "RoleDefinitionDoesNotExist",
          "The specified role definition with ID '" + role + "' does not exist.");
    }
    return Reply.json(
        new JsonObject()
            .put("name", role)
            .put("type", "Microsoft.Authorization/roleDefinitions")
            .put("properties", new JsonObject().put("roleName", name).put("type", "BuiltInRole")));
  }

  private Reply permissions(StandInApp caller, String scope) {
    callers.allow(caller, "permissions/read", Optional.empty(), scope);
    var roles = caller.assigns().stream().sorted().collect(Collectors.joining(", "));
    return list(
        List.of(
            new JsonObject()
                .put("actions", new JsonArray(caller.actions()))
                .put("notActions", new JsonArray())
                .put("dataActions", new JsonArray())
                .put("notDataActions", new JsonArray())
                .put("conditionVersion", "2.0")
                .put(
                    "condition",
                    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR"
                        + " (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]"
                        + " ForAnyOfAnyValues:GuidEquals {"
                        + roles
                        + "}"
                        + toWhom(caller)
                        + "))")));
  }

  private static String toWhom(StandInApp caller) {
    var named = caller.assignees();
    return named == null
        ? ""
        : " AND @Request[Microsoft.Authorization/roleAssignments:PrincipalId]"
            + " ForAnyOfAnyValues:GuidEquals {"
            + named.stream().sorted().collect(Collectors.joining(", "))
            + "}";
  }

  private static Reply list(List<JsonObject> values) {
    return Reply.json(new JsonObject().put("value", new JsonArray(values)));
  }
}
