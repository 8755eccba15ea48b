package io.daypass.policy.yaml;

import io.daypass.document.Problem;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import io.daypass.policy.yaml.PolicyTests.Outcome;
import io.daypass.policy.yaml.PolicyTests.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Findings as values for programs. */
public final class Reports {

  private Reports() {}

  /** What became of a directory. */
  public static Object of(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Read(var policies, var warnings) ->
          checked(true, policies.roles().size(), policies.digest(), List.of(), warnings);
      case Loaded.Broken(var problems, var warnings) -> checked(false, 0, "", problems, warnings);
    };
  }

  /** What came of the tests. */
  public static Object of(Outcome outcome) {
    var value = new LinkedHashMap<String, Object>();
    value.put("passed", outcome.passed());
    value.put("tests", outcome.results().size());
    value.put(
        "failed",
        outcome.results().stream()
            .filter(result -> !result.complaints().isEmpty())
            .map(Reports::value)
            .toList());
    value.put("problems", outcome.problems().stream().map(Reports::value).toList());
    return value;
  }

  /** The same for people: what did not hold, and how many did. */
  public static List<String> lines(Outcome outcome) {
    var lines = new ArrayList<String>();
    var failed =
        outcome.results().stream().filter(result -> !result.complaints().isEmpty()).toList();
    for (var result : failed) {
      for (var complaint : result.complaints()) {
        lines.add("%s: %s: %s".formatted(result.place(), result.name(), complaint));
      }
    }
    var tests = outcome.results().size();
    var many = tests == 1 ? "test" : "tests";
    lines.add("%d %s, %d failed".formatted(tests, many, failed.size()));
    return lines;
  }

  private static Map<String, Object> checked(
      boolean ok, int roles, String digest, List<Problem> problems, List<Problem> warnings) {
    var value = new LinkedHashMap<String, Object>();
    value.put("ok", ok);
    value.put("roles", roles);
    value.put("digest", digest);
    value.put("problems", problems.stream().map(Reports::value).toList());
    value.put("warnings", warnings.stream().map(Reports::value).toList());
    return value;
  }

  private static Map<String, Object> value(Result result) {
    var value = new LinkedHashMap<String, Object>();
    value.put("place", result.place());
    value.put("name", result.name());
    value.put("complaints", result.complaints());
    return value;
  }

  private static Map<String, Object> value(Problem problem) {
    var value = new LinkedHashMap<String, Object>();
    value.put("file", problem.place().file());
    value.put("line", problem.place().line());
    value.put("column", problem.place().column());
    value.put("code", problem.code());
    value.put("message", problem.message());
    return value;
  }
}
