package io.daypass.sandbox.azure;

import io.daypass.sandbox.http.Ask;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Who asks Resource Manager, and what they may do in its one subscription. */
record ArmCallers(
    String subscription, Map<String, StandInApp> apps, AccessTokens tokens, InstantSource clock) {

  /** Who {@code ask} is by, which is noted in {@code facts}. */
  StandInApp caller(Ask ask, Map<String, Object> facts) {
    var token =
        tokens
            .bearer(ask.header("Authorization"))
            .orElseThrow(() ->
                Refused.arm(
                    401,
                    ask.header("Authorization").isEmpty()
                        ? "AuthenticationFailed"
                        : "InvalidAuthenticationToken",
                    "Authentication failed. The access token is missing or invalid."));
    facts.put("client_id", token.app().clientId());
    if (!clock.instant().isBefore(token.expiresAt())) {
      throw Refused.arm(401, "ExpiredAuthenticationToken", "The access token expiry is past.");
    }
    if (!token.audience().equals(ArmStandIn.RESOURCE)
        && !token.audience().equals(ArmStandIn.RESOURCE + "/")) {
      throw Refused.arm(
          401, "InvalidAuthenticationTokenAudience", "The access token has the wrong audience.");
    }
    return apps.getOrDefault(token.app().clientId(), token.app());
  }

  /** That {@code caller} may assign {@code role} to {@code principal}. */
  void allowAssigning(StandInApp caller, String role, String principal, String scope) {
    allow(caller, "roleAssignments/write", Optional.of(role), scope);
    if (!caller.assignsTo(principal)) {
      throw unauthorized(caller, "roleAssignments/write", scope);
    }
  }

  /** The custom role's actions, and the condition on it that names the roles to be assigned. */
  void allow(StandInApp caller, String what, Optional<String> role, String scope) {
    var within = scope.startsWith("/subscriptions/" + subscription);
    var may =
        caller.actions().contains("Microsoft.Authorization/" + what)
            && role.map(caller.assigns()::contains).orElse(true);
    if (!within || !may) {
      throw unauthorized(caller, what, scope);
    }
  }

  private static Refused unauthorized(StandInApp caller, String what, String scope) {
    return Refused.arm(
        403,
        "AuthorizationFailed",
        "The client '"
            + caller.clientId()
            + "' with object id '"
            + caller.objectId()
            + "' does not have authorization to perform action"
            + " 'Microsoft.Authorization/"
            + what
            + "' over scope '"
            + scope
            + "' or the scope is invalid.");
  }
}
