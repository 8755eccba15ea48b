package io.daypass.sandbox.gcp;

import io.daypass.sandbox.gcp.Tokens.Token;
import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of Resource Manager that has to do with projects' allow policies, and as much of a
 * project as shows whose token asks.
 */
final class ResourceManagerStandIn {

  static final String FOLDER = "/gcp/resourcemanager/";

  private static final String PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
  private static final Set<String> EDITS = Set.of(PLATFORM);
  private static final Set<String> READS = Set.of(PLATFORM, PLATFORM + ".read-only");
  private static final Pattern POLICY_CALL =
      Pattern.compile("v[13]/(projects/[a-z0-9-]+):(getIamPolicy|setIamPolicy|testIamPermissions)");
  private static final String TEST = "testIamPermissions";
  private static final Pattern PERMISSION =
      Pattern.compile("resourcemanager\\.projects\\.[a-zA-Z]+");
  private static final Pattern PROJECT = Pattern.compile("v[13]/(projects/([a-z0-9-]+))");

  private final Map<String, StandInAccount> accounts;
  private final Policies policies;
  private final Tokens tokens;
  private final Calls calls;
  private final InstantSource clock;

  ResourceManagerStandIn(
      Map<String, StandInAccount> accounts,
      Policies policies,
      Tokens tokens,
      Calls calls,
      InstantSource clock) {
    this.accounts = accounts;
    this.policies = policies;
    this.tokens = tokens;
    this.calls = calls;
    this.clock = clock;
  }

  Reply answer(Ask ask) {
    var path = ask.path().substring(FOLDER.length());
    var facts = new LinkedHashMap<String, Object>();
    var call = POLICY_CALL.matcher(path);
    var action = call.matches() ? call.group(2) : "get";
    try {
      var by = tokens.bearer(ask.header("Authorization"), clock.instant());
      var isPolicy = call.matches() && ask.method().equals("POST");
      var scopes = isPolicy && !action.equals(TEST) ? EDITS : READS;
      if (by.scopes().stream().noneMatch(scopes::contains)) {
        throw Refused.api(
            403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.");
      }
      if (by instanceof Token.OfAccount account) {
        facts.put("account", account.email());
        facts.put("actor", account.actor());
      }
      var answer = isPolicy ? policy(call.group(1), action, ask, by, facts) : project(path, by);
      calls.add("gcp.resourcemanager", action, 200, "ok", facts);
      return Reply.json(answer);
    } catch (Refused no) {
      facts.put("message", no.words());
      calls.add("gcp.resourcemanager", action, no.status(), no.code(), facts);
      return no.asApi();
    }
  }

  private JsonObject policy(
      String resource, String action, Ask ask, Token by, Map<String, Object> facts) {
    facts.put("resource", resource);
    try {
      var body = ask.body().length() == 0 ? new JsonObject() : new JsonObject(ask.body());
      if (action.equals(TEST)) {
        return tested(resource, body, by);
      }
      var grantable = grantable(by, "resourcemanager.projects." + action);
      if (grantable.isEmpty() || !policies.has(resource)) {
        throw Refused.denied("resourcemanager.projects." + action);
      }
      if (action.equals("getIamPolicy")) {
        var options = body.getJsonObject("options", new JsonObject());
        return policies.get(resource, options.getInteger("requestedPolicyVersion", 1));
      }
      var policy = body.getJsonObject("policy", new JsonObject());
      facts.put("policy", policy.copy());
      return policies.set(resource, policy, grantable, clock.instant());
    } catch (DecodeException | ClassCastException e) {
      throw Refused.invalid("Invalid JSON payload received.");
    }
  }

  /** Of the permissions that are asked, those the caller has; whoever it is may ask. */
  private JsonObject tested(String resource, JsonObject body, Token by) {
    var asked = body.getJsonArray("permissions", new JsonArray());
    var had = new JsonArray();
    for (var permission : asked) {
      if (!(permission instanceof String text) || !PERMISSION.matcher(text).matches()) {
        throw Refused.invalid("Permission " + permission + " is not valid for this resource.");
      }
      if (policies.has(resource) && !grantable(by, text).isEmpty()) {
        had.add(text);
      }
    }
    // As Google's JSON has it, what is empty is not there.
    return had.isEmpty() ? new JsonObject() : new JsonObject().put("permissions", had);
  }

  /** The roles whose grants the caller may change by what {@code permission} lets it do. */
  private Set<String> grantable(Token by, String permission) {
    if (!(by instanceof Token.OfAccount token)) {
      return Set.of();
    }
    var account = accounts.get(token.email());
    return account == null || !account.has(permission) ? Set.of() : account.grants();
  }

  private JsonObject project(String path, Token by) {
    var project = PROJECT.matcher(path);
    if (!project.matches() || !policies.has(project.group(1))) {
      throw Refused.denied("resourcemanager.projects.get");
    }
    if (!(by instanceof Token.OfAccount token)
        || !accounts.containsKey(token.email())
        || !accounts.get(token.email()).enabled()) {
      throw Refused.denied("resourcemanager.projects.get");
    }
    return new JsonObject()
        .put("projectId", project.group(2))
        .put("projectNumber", GcpStandIn.PROJECT_NUMBER)
        .put("name", project.group(2))
        .put("lifecycleState", "ACTIVE")
        .put("createTime", "2024-01-01T00:00:00Z");
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    var call = POLICY_CALL.matcher(ask.path().substring(FOLDER.length()));
    var action = call.matches() ? call.group(2) : "get";
    calls.add("gcp.resourcemanager", action, fault.status(), fault.code(), Map.of());
    return Refused.api(fault.status(), fault.code(), "Quota exceeded or service down").asApi();
  }
}
