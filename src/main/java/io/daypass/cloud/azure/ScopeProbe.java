package io.daypass.cloud.azure;

import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.Failure;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks at a scope as the binder would before it assigns a role there, and writes nothing. */
record ScopeProbe(ResourceManager resourceManager) {

  private static final String VERSION = "api-version=2022-04-01";
  private static final String PROVIDER = "/providers/Microsoft.Authorization/";

  /**
   * Where to look.
   *
   * @param principals object ids of the identities that are to be assigned the role
   */
  record Look(String tenant, String scope, String role, Set<String> principals) {
    Look {
      principals = Set.copyOf(principals);
    }
  }

  /**
   * What was seen.
   *
   * @param roleThere whether the role exists at the scope; null if the binder may not see that
   * @param binder what the binder may do there; null if it may not see that, or is not shown it
   * @param standing principals that have the role there by an assignment no grant was the reason
   *     for, their own or a group's
   * @param marked what says of itself that it was made for a grant, of whatever role
   */
  record Seen(
      @Nullable Boolean roleThere,
      @Nullable BinderPermissions binder,
      Set<String> standing,
      List<Marked> marked) {}

  /** An assignment of {@code principal}'s, called {@code name} at {@code scope}. */
  record Marked(String principal, String scope, String name) {}

  /**
   * @throws Failure also if the assignments themselves cannot be read
   */
  Seen look(Look look, Secret token) throws Failure {
    return resourceManager.pass(
        look.tenant(),
        () -> {
          var standing = new TreeSet<String>();
          var marked = new ArrayList<Marked>();
          for (var principal : look.principals()) {
            for (var assignment : assignments(look, principal, token)) {
              if (assignment.isMarked()) {
                marked.add(new Marked(principal, assignment.scope(), assignment.name()));
              } else if (assignment.gives(look)) {
                standing.add(principal);
              }
            }
          }
          var role = optional(look, "roleDefinitions/" + look.role() + "?" + VERSION, token);
          var permissions = optional(look, "permissions?" + VERSION, token);
          return new Seen(
              role == null ? null : role.statusCode() == 200,
              // Whoever may nothing is told so by an empty list.
              permissions == null || permissions.statusCode() == 404
                  ? null
                  : permissions(permissions),
              standing,
              marked);
        });
  }

  /** What an assignment says. */
  private record Assignment(String name, String scope, String role, String description) {

    static Assignment of(Map<?, ?> listed) {
      var properties = Answers.within(listed, "properties");
      return new Assignment(
          Answers.text(listed, "name").orElse(""),
          Answers.text(properties, "scope").orElse(""),
          Answers.text(properties, "roleDefinitionId").orElse(""),
          Answers.text(properties, "description").orElse(""));
    }

    boolean isMarked() {
      return description.startsWith(AssignedRole.MARK);
    }

    boolean gives(Look look) {
      return lower(role).endsWith("/roledefinitions/" + lower(look.role()))
          && covers(lower(scope), lower(look.scope()));
    }
  }

  private List<Assignment> assignments(Look look, String principal, Secret token) throws Failure {
    // Azure RBAC, "List Azure role assignments using the REST API": at, above and below the scope,
    // and those of groups that it is in by whatever number of others.
    var filter = URLEncoder.encode("assignedTo('" + principal + "')", StandardCharsets.UTF_8);
    var path = "roleAssignments?" + VERSION + "&$filter=" + filter;
    var answer = get(look, path, token);
    if (answer.statusCode() != 200) {
      throw ResourceManager.refused(answer);
    }
    return values(answer).stream().map(Assignment::of).toList();
  }

  private static boolean covers(String assigned, String scope) {
    return scope.equals(assigned)
        || assigned.equals("/")
        || scope.startsWith(assigned + "/")
        // Of management groups a subscription's path says nothing; the list has only those above.
        || assigned.startsWith("/providers/microsoft.management/");
  }

  /** The answer, 404 too; null where the binder may not look. */
  private @Nullable HttpResponse<byte[]> optional(Look look, String path, Secret token)
      throws Failure {
    var answer = get(look, path, token);
    return switch (answer.statusCode()) {
      case 200, 404 -> answer;
      case 403 -> null;
      default -> throw ResourceManager.refused(answer);
    };
  }

  private HttpResponse<byte[]> get(Look look, String path, Secret token) throws Failure {
    return resourceManager.look(look.scope() + PROVIDER + path, token);
  }

  private static List<Map<?, ?>> values(HttpResponse<byte[]> answer) throws Failure {
    var body = Answers.object(answer.body());
    if (!(body.get("value") instanceof List<?>)) {
      throw ResourceManager.wrong("no list");
    }
    return Answers.objects(body, "value");
  }

  private static BinderPermissions permissions(HttpResponse<byte[]> answer) throws Failure {
    return new BinderPermissions(values(answer));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
