package io.daypass.sandbox.gcp;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One binding of an IAM policy (reference, "Policy").
 *
 * @param expression of its condition; null if it has none
 */
record Binding(
    String role,
    Set<String> members,
    @Nullable String expression,
    String title,
    String description) {

  private static final Set<String> BASIC = Set.of("roles/owner", "roles/editor", "roles/viewer");
  private static final int LONGEST_TITLE = 100;
  private static final int LONGEST_DESCRIPTION = 256;

  Binding {
    members = Set.copyOf(members);
  }

  static List<Binding> read(JsonObject policy, Expressions expressions) {
    var bindings = new ArrayList<Binding>();
    if (policy.getValue("bindings") instanceof JsonArray array) {
      for (var each : array) {
        if (!(each instanceof JsonObject json)) {
          throw Refused.invalid("Invalid JSON payload received.");
        }
        bindings.add(of(json, expressions));
      }
    }
    return bindings;
  }

  private static Binding of(JsonObject json, Expressions expressions) {
    var role = json.getString("role", "");
    if (!role.matches("roles/[A-Za-z.]+|(?:projects|organizations)/[^/]+/roles/[A-Za-z0-9_.]+")) {
      throw Refused.invalid("Role " + role + " is not supported for this resource.");
    }
    var members = new TreeSet<String>();
    for (var member : json.getJsonArray("members", new JsonArray())) {
      if (!String.valueOf(member)
          .matches("(?:user|group|serviceAccount|principal|principalSet):.+")) {
        throw Refused.invalid("Invalid member: " + member);
      }
      members.add(String.valueOf(member));
    }
    var condition = json.getJsonObject("condition");
    if (condition == null) {
      return new Binding(role, members, null, "", "");
    }
    var expression = condition.getString("expression", "");
    var title = condition.getString("title", "");
    var description = condition.getString("description", "");
    if (BASIC.contains(role)) {
      throw Refused.invalid("Conditions can't be set on basic roles.");
    }
    if (title.isEmpty()
        || title.length() > LONGEST_TITLE
        || description.length() > LONGEST_DESCRIPTION
        || !expressions.isCondition(expression)) {
      throw Refused.invalid("The condition of a binding of " + role + " is not valid.");
    }
    return new Binding(role, members, expression, title, description);
  }

  JsonObject json(boolean withCondition) {
    var json = new JsonObject().put("role", role).put("members", new JsonArray(sorted()));
    if (expression != null && withCondition) {
      var condition = new JsonObject().put("title", title);
      if (!description.isEmpty()) {
        condition.put("description", description);
      }
      json.put("condition", condition.put("expression", expression));
    } else if (expression != null) {
      // How the real one shows conditions to those who cannot read them.
      json.put("role", role + "_withcond_" + Integer.toHexString(hashCode()));
    }
    return json;
  }

  private List<String> sorted() {
    return List.copyOf(new TreeSet<>(members));
  }

  /** Whether it gives {@code wanted} to {@code member} at {@code now}. */
  boolean gives(String wanted, String member, Expressions expressions, Instant now) {
    return role.equals(wanted)
        && members.contains(member)
        && (expression == null || expressions.holds(expression, now));
  }
}
