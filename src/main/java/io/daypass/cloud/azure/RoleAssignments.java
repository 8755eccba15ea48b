package io.daypass.cloud.azure;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.document.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Role assignments at Resource Manager (REST reference, "Role Assignments", 2022-04-01). */
final class RoleAssignments {

  private static final String VERSION = "?api-version=2022-04-01";
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final Pattern ID = Pattern.compile("\\b[0-9a-fA-F]{32}\\b");

  private final ResourceManager resourceManager;

  RoleAssignments(ResourceManager resourceManager) {
    this.resourceManager = resourceManager;
  }

  /** The assignment {@code name} of {@code role} at {@code scope}, for calls in {@code tenant}. */
  record Place(String tenant, String scope, String role, String name) {

    private String path() {
      return scope + "/providers/Microsoft.Authorization/roleAssignments/" + name + VERSION;
    }

    /** Whole, as Resource Manager wants it: of the subscription where there is one. */
    String roleId() {
      var parts = scope.split("/", 4);
      var of =
          parts.length > 2 && parts[1].equalsIgnoreCase("subscriptions")
              ? "/subscriptions/" + parts[2]
              : "";
      return of + "/providers/Microsoft.Authorization/roleDefinitions/" + role;
    }
  }

  /** Gives {@code principal} the role; to find that it has it by this very assignment is fine. */
  void put(Place place, String principal, String description, Secret token) throws Failure {
    var body =
        Json.write(
            Map.of(
                "properties",
                Map.of(
                    "roleDefinitionId",
                    place.roleId(),
                    "principalId",
                    principal,
                    // Said, or a principal that is new would not be found (REST reference).
                    "principalType",
                    "ServicePrincipal",
                    "description",
                    description)));
    var sent = new AtomicInteger();
    through(
        place,
        deadline -> put(place, principal, body, token, deadline, sent.getAndIncrement() > 0));
  }

  /** Once more, if {@code again}: an attempt before may have made it. */
  private boolean put(
      Place place, String principal, String body, Secret token, Deadline deadline, boolean again)
      throws Failure {
    var answer = resourceManager.put(place.path(), body, token, deadline);
    if (answer.statusCode() == 200 || answer.statusCode() == 201) {
      require(isIt(answer, place, principal), "another role assignment than was asked for");
      return true;
    }
    if (answer.statusCode() == 409 && ResourceManager.code(answer).equals("RoleAssignmentExists")) {
      return had(place, principal, token, deadline, isOurs(answer, place, again));
    }
    throw ResourceManager.refused(answer);
  }

  /**
   * Somebody has this role at this scope: it must be this assignment that gives it. What a replica
   * of Resource Manager does not show yet may be ours all the same, and is waited for then.
   */
  private boolean had(Place place, String principal, Secret token, Deadline deadline, boolean ours)
      throws Failure {
    var answer = get(place, token, deadline);
    if (answer.statusCode() == 404 && ours) {
      return true;
    }
    if (answer.statusCode() == 200 && isIt(answer, place, principal)) {
      return true;
    }
    if (answer.statusCode() == 404) {
      throw Failure.lasting(
          Reason.CLOUD_REFUSED,
          "the identity has this role at this scope by an assignment that is not ours: it would"
              + " keep it after the grant");
    }
    throw ResourceManager.refused(answer);
  }

  /** Waits until Resource Manager shows the assignment, and that it is {@code principal}'s. */
  void awaitShown(Place place, String principal, Secret token, Duration time) throws Failure {
    var whole = Deadline.in(time);
    while (!through(place, deadline -> isShown(place, principal, token, deadline))) {
      if (whole.nanosLeft() <= BETWEEN_LOOKS.toNanos() || !slept()) {
        throw Failure.lasting(Reason.ACCESS_NOT_READY, "the role assignment is not shown yet");
      }
    }
  }

  private boolean isShown(Place place, String principal, Secret token, Deadline deadline)
      throws Failure {
    var answer = get(place, token, deadline);
    if (answer.statusCode() == 404) {
      return false;
    }
    require(isIt(answer, place, principal), "another role assignment than was asked for");
    return true;
  }

  /**
   * Whether what exists is what {@code place} names: nothing but the message says it, "The ID of
   * the existing role assignment is" and 32 digits. Where it says none, an attempt before decides.
   */
  private static boolean isOurs(HttpResponse<byte[]> answer, Place place, boolean again) {
    var named = ID.matcher(Answers.text(ResourceManager.error(answer), "message").orElse(""));
    return named.find() ? named.group().equalsIgnoreCase(place.name().replace("-", "")) : again;
  }

  private static boolean slept() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Takes it away; that it is not there is fine, and so is that its scope is gone. */
  void delete(Place place, Secret token) throws Failure {
    through(
        place,
        deadline ->
            isGone(place, resourceManager.delete(place.path(), token, deadline), token, deadline));
  }

  private boolean isGone(Place place, HttpResponse<byte[]> answer, Secret token, Deadline deadline)
      throws Failure {
    return switch (answer.statusCode()) {
      case 200, 204, 404 -> true;
      default -> {
        // A lock is in the way also of what is not there.
        if (ResourceManager.code(answer).equals(ScopeLocks.CODE)
            && get(place, token, deadline).statusCode() == 404) {
          yield true;
        }
        throw ResourceManager.refused(answer);
      }
    };
  }

  private HttpResponse<byte[]> get(Place place, Secret token, Deadline deadline) throws Failure {
    var answer = resourceManager.get(place.path(), token, deadline);
    if (answer.statusCode() == 200 || answer.statusCode() == 404) {
      return answer;
    }
    throw ResourceManager.refused(answer);
  }

  private <T> T through(Place place, Effort.Call<T> call) throws Failure {
    return resourceManager.call(place.tenant(), call);
  }

  private static boolean isIt(HttpResponse<byte[]> answer, Place place, String principal) {
    var body = Answers.object(answer.body());
    var properties = Answers.within(body, "properties");
    return Answers.text(body, "name").filter(place.name()::equalsIgnoreCase).isPresent()
        && Answers.text(properties, "principalId").filter(principal::equalsIgnoreCase).isPresent()
        && Answers.text(properties, "scope").filter(place.scope()::equalsIgnoreCase).isPresent()
        && Answers.text(properties, "roleDefinitionId")
            .filter(id -> lower(id).endsWith("/roledefinitions/" + lower(place.role())))
            .isPresent();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static void require(boolean holds, String otherwise) throws Failure {
    if (!holds) {
      throw ResourceManager.wrong(otherwise);
    }
  }
}
