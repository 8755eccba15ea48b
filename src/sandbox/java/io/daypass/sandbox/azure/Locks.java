package io.daypass.sandbox.azure;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Management locks: what stands at a scope holds for all below it (Resource Manager, "Lock your
 * resources to protect your infrastructure"). Nobody's rights are above them.
 */
final class Locks {

  private static final String CAN_NOT_DELETE = "CanNotDelete";
  private static final String READ_ONLY = "ReadOnly";

  private final Map<String, Lock> byScope = new ConcurrentHashMap<>();

  /** A lock; its scope is kept in lower case, as everything is that Resource Manager compares. */
  record Lock(String scope, String name, String level) {

    boolean reaches(String other) {
      return other.equals(scope) || other.startsWith(scope + "/");
    }

    /** As Resource Manager shows it. */
    JsonObject json() {
      return new JsonObject()
          .put("id", scope + "/providers/Microsoft.Authorization/locks/" + name)
          .put("name", name)
          .put("type", "Microsoft.Authorization/locks")
          .put("properties", new JsonObject().put("level", level));
    }
  }

  void lock(String scope, String name, String level) {
    var at = scope.toLowerCase(Locale.ROOT);
    byScope.put(at, new Lock(at, name, level));
  }

  void unlock(String scope) {
    byScope.remove(scope.toLowerCase(Locale.ROOT));
  }

  /** Locks at {@code scope}, above it and, unless told otherwise, below it. */
  List<Lock> seenFrom(String scope, boolean below) {
    return all(lock -> lock.reaches(scope) || (below && lock.scope().startsWith(scope + "/")));
  }

  void keepFromDeleting(String scope) {
    refuse("delete", scope, all(lock -> lock.reaches(scope)));
  }

  void keepFromWriting(String scope) {
    refuse("write", scope, all(l -> l.reaches(scope) && l.level().equals(READ_ONLY)));
  }

  private List<Lock> all(Predicate<Lock> which) {
    return byScope.values().stream()
        .filter(lock -> List.of(CAN_NOT_DELETE, READ_ONLY).contains(lock.level()))
        .filter(which)
        .toList();
  }

  private static void refuse(String what, String scope, List<Lock> locks) {
    if (!locks.isEmpty()) {
      throw Refused.arm(
          409,
          "ScopeLocked",
          "The scope '%s' cannot perform %s operation because following scope(s) are locked: '%s'."
                  .formatted(scope, what, locks.getFirst().scope())
              + " Please remove the lock and try again.");
    }
  }
}
