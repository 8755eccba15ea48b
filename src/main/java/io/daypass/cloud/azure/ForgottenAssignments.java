package io.daypass.cloud.azure;

import io.daypass.cloud.BindingStore;
import io.daypass.cloud.Finding;
import io.daypass.cloud.azure.ScopeProbe.Marked;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Assignments that were made for grants and that the database does not know: it was put back to an
 * earlier moment, or lost what it had said was written. No sweeper removes them.
 */
record ForgottenAssignments(BindingStore store) {

  /** What was just removed may be listed for a while. */
  private static final Duration LATELY = Duration.ofMinutes(10);

  /** Nothing that means more to a shell between quotes than itself. */
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}/._()-]{1,1000}");

  private static final String PATH = "/providers/Microsoft.Authorization/roleAssignments/";

  /**
   * One finding for each of {@code seen} that is forgotten.
   *
   * @param principals by client id
   */
  List<Finding> among(List<Marked> seen, Map<String, String> principals) {
    // Looked at before the database is asked: what was made since is not among them.
    var ids = seen.stream().flatMap(each -> id(each.name()).stream()).collect(Collectors.toSet());
    var known = ids.isEmpty() ? ids : store.known(ids, LATELY);
    return seen.stream()
        .filter(each -> id(each.name()).filter(known::contains).isEmpty())
        .map(each -> finding(each, client(each.principal(), principals)))
        .toList();
  }

  private static String client(String principal, Map<String, String> principals) {
    return principals.entrySet().stream()
        .filter(entry -> entry.getValue().equals(principal))
        .map(Map.Entry::getKey)
        .min(Comparator.naturalOrder())
        .orElse(principal);
  }

  private static Finding finding(Marked each, String client) {
    var path = each.scope() + PATH + each.name();
    var plain = PLAIN.matcher(path).matches();
    return Finding.wrong(
        "access_forgotten",
        client
            + " has the role assignment "
            + (plain ? path : "of an unlikely name")
            + ", which was made for a grant and is not in this database: nothing ends it",
        null,
        "unless another deployment of Daypass made it, remove it: "
            + (plain
                ? "az role assignment delete --ids '" + path + "'"
                : "look for it with az role assignment list --all --assignee " + client));
  }

  private static Optional<UUID> id(String name) {
    try {
      return Optional.of(UUID.fromString(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
