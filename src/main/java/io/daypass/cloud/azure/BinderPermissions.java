package io.daypass.cloud.azure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the binder may do at a scope (REST reference, "Permissions - List For Resource Group").
 *
 * @param listed as Resource Manager lists it: actions, and the conditions that they are bound to
 */
record BinderPermissions(List<Map<?, ?>> listed) {

  private static final String WRITE = "Microsoft.Authorization/roleAssignments/write";

  /** What making an assignment takes, and taking it away. */
  private static final List<String> ACTIONS =
      List.of(
          "Microsoft.Authorization/roleAssignments/read",
          WRITE,
          "Microsoft.Authorization/roleAssignments/delete");

  /** What a condition says by name (Azure RBAC, "Conditions format"), in lower case. */
  private enum Attribute {
    ROLE("roledefinitionid"),
    TO_WHOM("principalid");

    private final Pattern named;

    Attribute(String name) {
      this.named =
          Pattern.compile(
              "microsoft\\.authorization/roleassignments:"
                  + name
                  + "]\\s+(?:\\w+:)?guidequals\\s+(\\{[^}]*}|[^\\s)]+)");
    }

    /** Whether {@code condition} lets {@code id} in, as far as it says so by naming ids. */
    boolean letsIn(String condition, String id) {
      var lists = named.matcher(condition).results().map(list -> list.group(1)).toList();
      return lists.isEmpty() || lists.stream().anyMatch(list -> list.contains(lower(id)));
    }
  }

  BinderPermissions {
    listed = List.copyOf(listed);
  }

  /** Actions that it does not have. */
  Set<String> missing() {
    var missing = new TreeSet<>(ACTIONS);
    missing.removeIf(action -> listed.stream().anyMatch(each -> gives(each, action)));
    return missing;
  }

  /** Whether assigning is bound to conditions, each of which names other roles only. */
  boolean leavesOut(String role) {
    return listed.stream().anyMatch(each -> gives(each, WRITE)) && assigning(role).isEmpty();
  }

  /** Those of {@code principals} to whom it may not assign {@code role}, which it may to others. */
  Set<String> leavesOut(String role, Set<String> principals) {
    var out = new TreeSet<>(principals);
    for (var condition : assigning(role)) {
      out.removeIf(principal -> Attribute.TO_WHOM.letsIn(condition, principal));
    }
    return out;
  }

  /** The conditions under which it may assign {@code role}; an empty one is none. */
  private List<String> assigning(String role) {
    return listed.stream()
        .filter(each -> gives(each, WRITE))
        .map(each -> lower(Answers.text(each, "condition").orElse("")))
        .filter(condition -> Attribute.ROLE.letsIn(condition, role))
        .toList();
  }

  private static boolean gives(Map<?, ?> permission, String action) {
    return Answers.texts(permission, "actions").stream().anyMatch(p -> matches(p, action))
        && Answers.texts(permission, "notActions").stream().noneMatch(p -> matches(p, action));
  }

  /** Azure RBAC, "Actions format": {@code *} stands for anything. */
  private static boolean matches(String pattern, String action) {
    var parts = lower(pattern).split("\\*", -1);
    var text = lower(action);
    var at = 0;
    for (var i = 0; i < parts.length; i++) {
      var found = i == parts.length - 1 ? text.lastIndexOf(parts[i]) : text.indexOf(parts[i], at);
      if (found < at || (i == 0 && found != 0)) {
        return false;
      }
      at = found + parts[i].length();
    }
    return at == text.length() || parts[parts.length - 1].isEmpty();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
