package io.daypass.cloud.azure;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.CleanText;
import io.daypass.cloud.wire.Failure;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Management locks (REST reference, "Management Locks", 2016-09-01). Under {@code CanNotDelete} a
 * role can be assigned and not be taken away again, under {@code ReadOnly} neither (Resource
 * Manager, "Lock your resources to protect your infrastructure"), and nobody's rights are above
 * them.
 */
record ScopeLocks(ResourceManager resourceManager) {

  /** Resource Manager's own code for what a lock is in the way of. */
  static final String CODE = "ScopeLocked";

  private static final String PROVIDER = "/providers/Microsoft.Authorization/locks";
  // Without the filter it lists those below the scope, too.
  private static final String LIST = PROVIDER + "?api-version=2016-09-01&$filter=atScope()";
  private static final List<String> IN_THE_WAY = List.of("cannotdelete", "readonly");

  /** A lock, as Resource Manager names it. */
  record Lock(String level, String id) {

    String told() {
      return "the lock " + CleanText.of(id) + " (" + CleanText.of(level) + ")";
    }

    private boolean reaches(String scope) {
      var at = lower(id).indexOf(lower(PROVIDER) + "/");
      return at < 0 || (lower(scope) + "/").startsWith(lower(id).substring(0, at) + "/");
    }
  }

  /**
   * Nothing is assigned at a scope from which it could not be taken away. Where the binder may not
   * look, nothing is known, and it goes on.
   *
   * @throws Failure if there is such a lock, or it is not known for another reason
   */
  void keepOut(RoleAssignments.Place place, Secret token) throws Failure {
    for (var lock : reaching(place.tenant(), place.scope(), token).orElse(List.of())) {
      throw Failure.lasting(
              Reason.CLOUD_REFUSED,
              lock.told() + " would keep access there after its grant; remove it")
          .coded(CODE);
    }
  }

  /** The locks that hold at {@code scope}; empty if the binder may not look. */
  Optional<List<Lock>> reaching(String tenant, String scope, Secret token) throws Failure {
    var answer =
        resourceManager.pass(tenant, () -> known(resourceManager.look(scope + LIST, token)));
    if (answer.statusCode() != 200) {
      return Optional.empty();
    }
    var body = Answers.object(answer.body());
    if (!(body.get("value") instanceof List<?>)) {
      throw ResourceManager.wrong("no list of locks");
    }
    return Optional.of(
        Answers.objects(body, "value").stream()
            .map(ScopeLocks::lock)
            .filter(lock -> IN_THE_WAY.contains(lower(lock.level())))
            .filter(lock -> lock.reaches(scope))
            .toList());
  }

  private static HttpResponse<byte[]> known(HttpResponse<byte[]> answer) throws Failure {
    return switch (answer.statusCode()) {
      // Not every kind of resource has locks, and not every binder may look.
      case 200, 400, 403, 404 -> answer;
      default -> throw ResourceManager.refused(answer);
    };
  }

  private static Lock lock(Map<?, ?> listed) {
    return new Lock(
        Answers.text(Answers.within(listed, "properties"), "level").orElse(""),
        Answers.text(listed, "id").orElse(""));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
