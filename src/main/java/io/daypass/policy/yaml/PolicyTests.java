package io.daypass.policy.yaml;

import io.daypass.document.Documents;
import io.daypass.document.Documents.Parsed.Broken;
import io.daypass.document.Documents.Parsed.Read;
import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.policy.Policies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tests that stand beside the policies, in {@code tests/*.yaml}. */
public final class PolicyTests {

  private static final String FOLDER = "tests";

  private PolicyTests() {}

  /**
   * What came of the tests.
   *
   * @param problems of the test files themselves: tests that cannot be read are never passed over
   */
  public record Outcome(List<Result> results, List<Problem> problems) {
    public Outcome {
      results = List.copyOf(results);
      problems = List.copyOf(problems);
    }

    /** Whether there were tests, all could be read, and all held. */
    public boolean passed() {
      return !results.isEmpty()
          && problems.isEmpty()
          && results.stream().allMatch(result -> result.complaints().isEmpty());
    }
  }

  /**
   * What came of one test.
   *
   * @param complaints nothing if it held
   */
  public record Result(String name, Place place, List<String> complaints) {
    public Result {
      complaints = List.copyOf(complaints);
    }
  }

  /** Runs all tests of a directory against policies loaded from it. */
  public static Outcome run(Path directory, Policies policies) {
    var problems = new ArrayList<Problem>();
    var results = new ArrayList<Result>();
    try {
      var files = PolicyFiles.in(directory);
      for (var name : files.filesUnder(FOLDER)) {
        for (var test : read(files, name, policies, problems)) {
          results.add(new Result(test.name(), test.place(), test.run(policies)));
        }
      }
    } catch (IOException e) {
      problems.add(problem(directory.toString(), "directory_unreadable", "it cannot be read"));
    }
    if (results.isEmpty() && problems.isEmpty()) {
      problems.add(problem(FOLDER, "no_tests", "there is no test in " + FOLDER + "/*.yaml"));
    }
    return new Outcome(results, problems);
  }

  private static List<PolicyTest> read(
      PolicyFiles files, String name, Policies policies, List<Problem> problems) {
    return switch (files.read(name)) {
      case PolicyFiles.Content.Refused(var why) -> {
        problems.add(problem(name, "file_refused", why));
        yield List.of();
      }
      case PolicyFiles.Content.Bytes(var bytes) ->
          switch (Documents.parse(name, bytes)) {
            case Broken(var broken) -> {
              problems.addAll(broken);
              yield List.of();
            }
            case Read(var root) ->
                new PolicyTestReader(role -> policies.role(role).isPresent(), problems).read(root);
          };
    };
  }

  private static Problem problem(String file, String code, String message) {
    return new Problem(new Place(file, 1, 1), code, message);
  }
}
