package io.daypass.sandbox.azure;

import io.daypass.sandbox.azure.Assignments.Assignment;
import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The role assignments of Resource Manager (REST reference, "Role Assignments", 2022-04-01). A
 * caller needs a token for Resource Manager and the right to assign the very role.
 */
final class ArmStandIn {

  static final String FOLDER = "/azure/arm/";
  static final String RESOURCE = "https://management.azure.com";

  private static final String VERSION = "2022-04-01";
  private static final Pattern PATH =
      Pattern.compile(
          "(/subscriptions/[0-9a-f-]{36}(?:/[^/]+)*)/providers/microsoft\\.authorization"
              + "/roleassignments/([^/]+)");
  private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern ROLE =
      Pattern.compile(
          "(?:/subscriptions/[0-9a-f-]{36})?/providers/microsoft\\.authorization"
              + "/roledefinitions/([0-9a-f-]{36})");

  private final ArmCallers callers;
  private final Assignments assignments;
  private final Locks locks;
  private final Calls calls;
  private final InstantSource clock;
  private volatile Duration propagation = Duration.ZERO;
  private volatile Duration replication = Duration.ZERO;
  private volatile boolean principalsReplicate = true;

  ArmStandIn(
      ArmCallers callers, Assignments assignments, Locks locks, Calls calls, InstantSource clock) {
    this.callers = callers;
    this.assignments = assignments;
    this.locks = locks;
    this.calls = calls;
    this.clock = clock;
  }

  void propagation(Duration delay) {
    propagation = delay;
  }

  void replication(Duration delay) {
    replication = delay;
  }

  void principalsReplicate(boolean done) {
    principalsReplicate = done;
  }

  int count() {
    return assignments.all().size();
  }

  long countAt(String scope) {
    var wanted = scope.toLowerCase(Locale.ROOT);
    return assignments.all().stream().filter(one -> one.scope().equals(wanted)).count();
  }

  void byHand(String principal, String role, String scope) {
    var now = clock.instant();
    assignments.put(
        new Assignment(
            scope.toLowerCase(Locale.ROOT),
            UUID.randomUUID().toString(),
            role,
            principal,
            assignments.isGroup(principal) ? "Group" : "ServicePrincipal",
            "by hand",
            now,
            now));
  }

  Reply answer(Ask ask) {
    var facts = new LinkedHashMap<String, Object>();
    var path = ask.path().substring(FOLDER.length() - 1);
    facts.put("path", path);
    var action = action(ask);
    try {
      var caller = callers.caller(ask, facts);
      if (!ask.query().get("api-version", "").equals(VERSION)) {
        throw Refused.arm(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.");
      }
      var place = PATH.matcher(path.toLowerCase(Locale.ROOT));
      var reply =
          place.matches()
              ? perform(ask, caller, place.group(1), place.group(2), facts)
              : new ArmReads(callers, assignments).answer(ask, caller, path);
      calls.add("azure.arm", action, reply.status(), "ok", facts);
      return reply;
    } catch (Refused no) {
      facts.put("message", no.words());
      calls.add("azure.arm", action, no.status(), no.name(), facts);
      return no.asArm();
    }
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    var facts = Map.<String, Object>of("path", ask.path().substring(FOLDER.length() - 1));
    calls.add("azure.arm", action(ask), fault.status(), fault.code(), facts);
    var reply = Refused.arm(fault.status(), fault.code(), "The service is busy or down.").asArm();
    return fault.status() == 429 ? reply.with("Retry-After", "1") : reply;
  }

  private static String action(Ask ask) {
    var path = ask.path().toLowerCase(Locale.ROOT);
    var what =
        path.endsWith("/permissions")
            ? "permissions"
            : path.contains("/roledefinitions/")
                ? "roleDefinition"
                : path.endsWith("/roleassignments") ? "roleAssignments" : "roleAssignment";
    return ask.method().toLowerCase(Locale.ROOT) + " " + what;
  }

  private Reply perform(
      Ask ask, StandInApp caller, String scope, String name, Map<String, Object> facts) {
    if (!GUID.matcher(name).matches()) {
      throw Refused.arm(
          400,
          "InvalidRoleAssignmentId",
          "The role assignment ID '"
              + name
              + "' is not valid. The role assignment ID must be a"
              + " GUID.");
    }
    return switch (ask.method()) {
      case "PUT" -> put(ask, caller, scope, name, facts);
      case "GET" -> {
        var found = visible(scope, name);
        callers.allow(caller, "roleAssignments/read", found.map(Assignment::role), scope);
        yield shown(200, found.orElseThrow(() -> absent(name)));
      }
      case "DELETE" -> {
        var found = assignments.get(scope, name);
        callers.allow(caller, "roleAssignments/delete", found.map(Assignment::role), scope);
        locks.keepFromDeleting(scope);
        yield visible(scope, name).isEmpty()
            ? new Reply(204, "application/json", "", Map.of())
            : assignments
                .remove(scope, name)
                .map(gone -> shown(200, gone))
                .orElseThrow(() -> absent(name));
      }
      default -> throw Refused.arm(405, "HttpMethodNotSupported", "Not supported.");
    };
  }

  private Optional<Assignment> visible(String scope, String name) {
    var now = clock.instant();
    return assignments.get(scope, name).filter(found -> !now.isBefore(found.visibleFrom()));
  }

  private static Refused absent(String name) {
    return Refused.arm(
        404, "RoleAssignmentNotFound", "The role assignment '" + name + "' is not found.");
  }

  private Reply put(
      Ask ask, StandInApp caller, String scope, String name, Map<String, Object> facts) {
    var properties = properties(ask);
    var role = ROLE.matcher(properties.getString("roleDefinitionId", "").toLowerCase(Locale.ROOT));
    if (!role.matches()) {
      throw Refused.arm(
          400, "InvalidRoleDefinitionId", "The role definition ID is not valid: it must be whole.");
    }
    var principal = properties.getString("principalId", "").toLowerCase(Locale.ROOT);
    facts.put("principal_id", principal);
    facts.put("role", role.group(1));
    callers.allowAssigning(caller, role.group(1), principal, scope);
    locks.keepFromWriting(scope);
    principal(principal, properties.getString("principalType", ""));
    var before = assignments.get(scope, name);
    if (before.isPresent() && !before.get().gives(principal, role.group(1), scope)) {
      throw Refused.arm(
          400,
          "RoleAssignmentUpdateNotPermitted",
          "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.");
    }
    assignments
        .same(principal, role.group(1), scope)
        .ifPresent(same -> {
          throw Refused.arm(
              409,
              "RoleAssignmentExists",
              "The role assignment already exists. The ID of the existing role assignment is "
                  + same.name().replace("-", "")
                  + ".");
        });
    var now = clock.instant();
    var made =
        new Assignment(
            scope,
            name,
            role.group(1),
            principal,
            "ServicePrincipal",
            properties.getString("description", ""),
            now.plus(replication),
            now.plus(propagation));
    assignments.put(made);
    return shown(201, made);
  }

  private static JsonObject properties(Ask ask) {
    try {
      var properties = new JsonObject(ask.body()).getJsonObject("properties");
      if (properties != null) {
        return properties;
      }
    } catch (DecodeException | ClassCastException e) {
      // Refused below, in the same words.
    }
    throw Refused.arm(400, "InvalidRequestContent", "The request content was invalid.");
  }

  private void principal(String principal, String type) {
    var known = callers.apps().values().stream().anyMatch(app -> app.objectId().equals(principal));
    // Told the type, Resource Manager does not look for a principal that may not be there yet.
    if (!known || (!principalsReplicate && !type.equals("ServicePrincipal"))) {
      throw Refused.arm(
          400,
          "PrincipalNotFound",
          "Principal "
              + principal.replace("-", "")
              + " does not exist in the directory. If this principal was just created, set the"
              + " principalType property to its type.");
    }
    if (!type.isEmpty() && !type.equals("ServicePrincipal")) {
      throw Refused.arm(
          400, "UnmatchedPrincipalType", "The PrincipalId is not of the type " + type + ".");
    }
  }

  private static Reply shown(int status, Assignment assignment) {
    return Reply.json(status, assignment.json());
  }
}
