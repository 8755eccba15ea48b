package io.daypass.cloud.gcp;

import com.google.api.client.json.GenericJson;
import io.daypass.cloud.Binding;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.WantedBinding;
import io.daypass.cloud.wire.Failure;
import io.daypass.policy.Target;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The line of an allow policy that a binding is: one role for one service account, on a condition
 * that fails from an instant on. It is known by its title, which no other line has; what other
 * lines say is never looked at and stays as it is.
 */
record PolicyLine(Binding binding) {

  static final String CLOUD = "gcp";

  private static final String SLOT = "iam binding";
  private static final String TITLE = "daypass ";
  private static final Pattern EXPRESSION =
      Pattern.compile("request\\.time < timestamp\\(\"([0-9TZ:-]{20})\"\\)");

  /**
   * What a grant under {@code target} needs. A token is its account's and not its grant's: with
   * another grant's line a revoked one would work again. So an account serves one grant at a time.
   */
  static WantedBinding wanted(Target.Google target, Target.Google.IamBinding line) {
    return new WantedBinding(
        CLOUD,
        SLOT,
        target.serviceAccounts().stream()
            .map(account ->
                new WantedBinding.Place(
                    holder(account),
                    Map.of(
                        "account", account,
                        "provider", target.workloadIdentityProvider(),
                        "resource", line.resource(),
                        "role", line.role(),
                        "binder", line.binder())))
            .toList());
  }

  /** What the store of bindings calls {@code account}. */
  static String holder(String account) {
    return "gcp " + account;
  }

  String account() {
    return binding.at("account");
  }

  String provider() {
    return binding.at("provider");
  }

  String resource() {
    return binding.at("resource");
  }

  String binder() {
    return binding.at("binder");
  }

  /** At most 100 characters (IAM reference, "Expr"), and no other line's. */
  String title() {
    return TITLE + binding.request() + " " + binding.id();
  }

  private String member() {
    return "serviceAccount:" + account();
  }

  /**
   * Puts the line into {@code policy}, in force until {@code end}.
   *
   * @return whether that changed it
   */
  boolean addTo(GenericJson policy, Instant end) throws Failure {
    if (in(policy).isPresent()) {
      return prolongIn(policy, end);
    }
    var condition = new LinkedHashMap<String, Object>();
    condition.put("title", title());
    condition.put(
        "description",
        "Made by Daypass for the request " + binding.request() + "; removed at its end");
    condition.put("expression", expression(end));
    var line = new LinkedHashMap<String, Object>();
    line.put("role", binding.at("role"));
    line.put("members", new ArrayList<>(List.of(member())));
    line.put("condition", condition);
    var lines = lines(policy);
    lines.add(line);
    policy.put("bindings", lines);
    return true;
  }

  /**
   * Has the line, which was made before, hold until {@code end} at least.
   *
   * @return whether that changed it
   */
  boolean prolongIn(GenericJson policy, Instant end) throws Failure {
    var line = in(policy).orElseThrow(() -> tampered("somebody removed the line"));
    var condition = condition(line);
    var stands = end(condition.get("expression"));
    if (!stands.isBefore(end.truncatedTo(ChronoUnit.SECONDS))) {
      return false;
    }
    condition.put("expression", expression(end));
    return true;
  }

  /**
   * Takes the line out of {@code policy}; members that somebody added to it stay.
   *
   * @return whether that changed it
   */
  boolean removeFrom(GenericJson policy) {
    var line = in(policy);
    if (line.isEmpty()) {
      return false;
    }
    var members = members(line.get());
    members.remove(member());
    if (members.isEmpty()) {
      var lines = lines(policy);
      lines.remove(line.get());
      policy.put("bindings", lines);
    } else {
      line.get().put("members", members);
    }
    return true;
  }

  /** Whether {@code policy} has the line. */
  boolean isIn(GenericJson policy) {
    return in(policy).isPresent();
  }

  /** Who has {@code role} by lines of {@code policy} that Daypass did not write. */
  static List<String> membersWithout(GenericJson policy, String role) {
    return lines(policy).stream()
        .filter(Map.class::isInstance)
        .map(PolicyLine::mapped)
        .filter(line -> role.equals(line.get("role")))
        .filter(line -> !String.valueOf(condition(line).get("title")).startsWith(TITLE))
        .flatMap(line -> members(line).stream())
        .map(String::valueOf)
        .toList();
  }

  private Optional<Map<String, Object>> in(GenericJson policy) {
    return lines(policy).stream()
        .filter(Map.class::isInstance)
        .map(PolicyLine::mapped)
        .filter(line -> binding.at("role").equals(line.get("role")))
        .filter(line -> title().equals(condition(line).get("title")))
        .filter(line -> members(line).contains(member()))
        .findFirst();
  }

  // Whole seconds, never later: the parser takes no fraction it does not know.
  private static String expression(Instant end) {
    return "request.time < timestamp(\"" + end.truncatedTo(ChronoUnit.SECONDS) + "\")";
  }

  private static Instant end(@Nullable Object expression) throws Failure {
    var stands = EXPRESSION.matcher(String.valueOf(expression));
    try {
      if (stands.matches()) {
        return Instant.parse(Objects.requireNonNull(stands.group(1)));
      }
    } catch (DateTimeException e) {
      // Not ours either.
    }
    throw tampered("somebody changed the line's condition");
  }

  private static Failure tampered(String how) {
    return Failure.lasting(Reason.CLOUD_REFUSED, how);
  }

  private static List<Object> lines(GenericJson policy) {
    return policy.get("bindings") instanceof List<?> lines
        ? new ArrayList<>(lines)
        : new ArrayList<>();
  }

  private static List<Object> members(Map<String, Object> line) {
    return line.get("members") instanceof List<?> members
        ? new ArrayList<>(members)
        : new ArrayList<>();
  }

  private static Map<String, Object> condition(Map<String, Object> line) {
    return line.get("condition") instanceof Map<?, ?> condition ? mapped(condition) : Map.of();
  }

  // JSON's objects have texts for keys.
  @SuppressWarnings("unchecked")
  private static Map<String, Object> mapped(Object object) {
    return (Map<String, Object>) object;
  }
}
