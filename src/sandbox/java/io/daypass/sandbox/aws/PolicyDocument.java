package io.daypass.sandbox.aws;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An identity policy, read as strictly as AWS does (IAM user guide, "Grammar of the IAM JSON policy
 * language").
 */
final class PolicyDocument {

  private static final Set<String> TOP = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT =
      Set.of("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition");
  private static final Pattern SID = Pattern.compile("[A-Za-z0-9]*");
  private static final Pattern ACTION =
      Pattern.compile("\\*|[A-Za-z0-9-]{1,64}:[A-Za-z0-9*?]{1,128}");
  private static final Pattern RESOURCE = Pattern.compile("\\*|arn:[^\\s]{1,1600}");

  private final List<Statement> statements;

  /** One statement; an empty list of actions stands for none, never for all. */
  record Statement(
      boolean allow,
      List<String> actions,
      List<String> notActions,
      List<String> resources,
      List<String> notResources,
      List<PolicyCondition> conditions) {

    boolean covers(String action) {
      return actions.isEmpty()
          ? notActions.stream().noneMatch(pattern -> Glob.matches(pattern, action))
          : actions.stream().anyMatch(pattern -> Glob.matches(pattern, action));
    }

    boolean holds(Map<String, String> context) {
      for (var condition : conditions) {
        if (!condition.holds(context)) {
          return false;
        }
      }
      return true;
    }

    boolean everything() {
      return actions.contains("*") && resources.contains("*");
    }
  }

  private PolicyDocument(List<Statement> statements) {
    this.statements = statements;
  }

  List<Statement> statements() {
    return statements;
  }

  /**
   * The policy {@code text} spells.
   *
   * @throws Refused MalformedPolicyDocument
   */
  static PolicyDocument parse(String text) {
    var top = Json.object(text).orElseThrow(() -> malformed("Syntax errors in policy."));
    require(TOP.containsAll(top.keySet()), "Syntax errors in policy: unknown element");
    var version = top.get("Version");
    require(
        "2012-10-17".equals(version) || "2008-10-17".equals(version),
        "Policy document must be version 2012-10-17 or greater.");
    var raw = top.get("Statement");
    List<?> list = raw instanceof List<?> many ? many : raw == null ? List.of() : List.of(raw);
    require(!list.isEmpty(), "Syntax errors in policy: no Statement");
    var statements = new ArrayList<Statement>(list.size());
    for (var one : list) {
      require(one instanceof Map<?, ?>, "Syntax errors in policy: Statement");
      statements.add(statement((Map<?, ?>) one));
    }
    return new PolicyDocument(List.copyOf(statements));
  }

  private static Statement statement(Map<?, ?> raw) {
    require(STATEMENT.containsAll(raw.keySet()), "Syntax errors in policy: unknown element");
    var sid = raw.get("Sid");
    require(
        sid == null || (sid instanceof String s && SID.matcher(s).matches()),
        "Statement IDs (SID) must be alpha-numeric.");
    var effect = raw.get("Effect");
    require("Allow".equals(effect) || "Deny".equals(effect), "Syntax errors in policy: Effect");
    require(
        raw.containsKey("Action") != raw.containsKey("NotAction"),
        "Policy statement must contain actions.");
    require(
        raw.containsKey("Resource") != raw.containsKey("NotResource"),
        "Policy statement must contain resources.");
    return new Statement(
        "Allow".equals(effect),
        texts(raw.get("Action"), ACTION, "Actions/Conditions must be prefaced by a vendor"),
        texts(raw.get("NotAction"), ACTION, "Actions/Conditions must be prefaced by a vendor"),
        texts(raw.get("Resource"), RESOURCE, "Resource must be in ARN format or \"*\"."),
        texts(raw.get("NotResource"), RESOURCE, "Resource must be in ARN format or \"*\"."),
        PolicyCondition.parse(raw.get("Condition")));
  }

  private static List<String> texts(
      @org.jspecify.annotations.Nullable Object raw, Pattern shape, String words) {
    if (raw == null) {
      return List.of();
    }
    List<?> list = raw instanceof List<?> many ? many : List.of(raw);
    require(!list.isEmpty(), words);
    var texts = new ArrayList<String>(list.size());
    for (var one : list) {
      require(one instanceof String text && shape.matcher(text).matches(), words);
      texts.add((String) one);
    }
    return List.copyOf(texts);
  }

  /** Whether some Deny speaks against {@code action} in {@code context}. */
  boolean denies(String action, Map<String, String> context) {
    return statements.stream().anyMatch(s -> !s.allow() && s.covers(action) && s.holds(context));
  }

  /** Whether some Allow speaks for {@code action} in {@code context}. */
  boolean allows(String action, Map<String, String> context) {
    return statements.stream().anyMatch(s -> s.allow() && s.covers(action) && s.holds(context));
  }

  /** The first instant from which this policy denies everything for good, if it names one. */
  Optional<Instant> end() {
    return statements.stream()
        .filter(s -> !s.allow() && s.everything() && s.conditions().size() == 1)
        .flatMap(s -> s.conditions().getFirst().from().stream())
        .min(Instant::compareTo);
  }

  static Refused malformed(String words) {
    return new Refused(400, "MalformedPolicyDocument", words);
  }

  static void require(boolean holds, String words) {
    if (!holds) {
      throw malformed(words);
    }
  }
}
