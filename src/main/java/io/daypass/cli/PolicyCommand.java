package io.daypass.cli;

import io.daypass.document.Json;
import io.daypass.document.Problem;
import io.daypass.identity.Identity;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.yaml.Explaining;
import io.daypass.policy.yaml.HumanIssuers;
import io.daypass.policy.yaml.Installation;
import io.daypass.policy.yaml.PolicyDirectory;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import io.daypass.policy.yaml.PolicyTests;
import io.daypass.policy.yaml.Reports;
import io.daypass.web.api.RoleBook;
import io.daypass.web.api.Wire;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code daypass policy}: looks at a directory of policies without any server. */
@Command(
    name = "policy",
    description = "Check, test and explain policies; no server is needed.",
    mixinStandardHelpOptions = true)
final class PolicyCommand extends Group {

  private static final int DONE = 0;
  private static final int PROBLEMS = 1;

  private final InstantSource clock;

  @Option(
      names = "--human-issuer",
      scope = CommandLine.ScopeType.INHERIT,
      paramLabel = "NAME",
      description = "An issuer of people as the settings name it; say it once for each.")
  List<String> humanIssuers = new ArrayList<>();

  @Option(
      names = "--json",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Print JSON for programs.")
  boolean json;

  PolicyCommand(InstantSource clock) {
    super(": check, test or explain");
    this.clock = clock;
  }

  @Command(
      name = "check",
      description = "Read the policies as the broker would, and name every problem.",
      mixinStandardHelpOptions = true)
  int check(@Mixin PolicyFolder folder) {
    var loaded = load(folder.dir());
    if (json) {
      print(List.of(Json.write(Reports.of(loaded))));
    }
    return switch (loaded) {
      case Loaded.Broken(var problems, var warnings) -> refused(problems, warnings);
      case Loaded.Read(var policies, var warnings) -> {
        warn(warnings);
        if (!json) {
          var roles = policies.roles().size();
          print(
              List.of(
                  "ok: %d %s, digest %s".formatted(roles, many(roles, "role"), policies.digest())));
        }
        yield DONE;
      }
    };
  }

  @Command(
      name = "test",
      description = "Run the tests that stand beside the policies, in DIR/tests/*.yaml.",
      mixinStandardHelpOptions = true)
  int test(@Mixin PolicyFolder folder) {
    return switch (load(folder.dir())) {
      case Loaded.Broken(var problems, var warnings) -> refused(problems, warnings);
      case Loaded.Read(var policies, _) -> tested(PolicyTests.run(folder.dir(), policies));
    };
  }

  @Command(
      name = "explain",
      description = "Say who would get what, by which rule, and why not by the others.",
      mixinStandardHelpOptions = true)
  int explain(
      @Mixin PolicyFolder folder,
      @Mixin PolicyAsker asker,
      @Option(names = "--role", paramLabel = "ROLE", description = "Only this one.")
          @Nullable String role) {
    var question = asker.question(clock);
    var problems = new ArrayList<Problem>();
    var who = asker.identity(problems);
    if (who.isEmpty()) {
      return refused(problems, List.of());
    }
    return switch (load(folder.dir())) {
      case Loaded.Broken(var broken, var warnings) -> refused(broken, warnings);
      case Loaded.Read(var policies, _) -> explained(policies, role, who.get(), question);
    };
  }

  private Loaded load(Path dir) {
    var humans =
        humanIssuers.isEmpty()
            ? new HumanIssuers.Unknown()
            : new HumanIssuers.Known(Set.copyOf(humanIssuers));
    return PolicyDirectory.load(dir, Installation.usual(humans));
  }

  private int explained(
      Policies policies, @Nullable String role, Identity who, PolicyAsker.Question question) {
    if (role != null && policies.role(role).isEmpty()) {
      var known = String.join(", ", policies.roles().stream().map(Role::name).toList());
      fail("the role \"" + role + "\" does not exist", "roles there are: " + known);
      return PROBLEMS;
    }
    var told = new ArrayList<Wire.Explanation>();
    var lines = new ArrayList<String>();
    for (var one : policies.roles()) {
      if (role == null || one.name().equals(role)) {
        var explanation = question.put(policies, who, one.name());
        lines.addAll(Explaining.lines(one.name(), explanation));
        told.add(RoleBook.ofFiles(one.name(), explanation));
      }
    }
    print(json ? List.of(io.daypass.web.api.Json.write(told)) : lines);
    return DONE;
  }

  private int tested(PolicyTests.Outcome outcome) {
    print(json ? List.of(Json.write(Reports.of(outcome))) : Reports.lines(outcome));
    if (!outcome.problems().isEmpty()) {
      return refused(outcome.problems(), List.of());
    }
    if (!outcome.passed()) {
      fail("the policies are not as the tests expect", "daypass policy explain says why");
    }
    return outcome.passed() ? DONE : PROBLEMS;
  }

  private int refused(List<Problem> problems, List<Problem> warnings) {
    warn(warnings);
    for (var problem : problems) {
      err().println(problem);
    }
    var count = problems.size();
    fail(
        "%d %s in the files".formatted(count, many(count, "problem")),
        "docs/policies.md says what each code means");
    return PROBLEMS;
  }

  private void warn(List<Problem> warnings) {
    warnings.forEach(warning ->
        err().println(warning.place() + ": warning: " + warning.code() + ": " + warning.message()));
    err().flush();
  }

  private void fail(String error, String hint) {
    err().println("daypass: error: " + error);
    err().println("daypass: hint: " + hint);
    err().flush();
  }

  private void print(List<String> lines) {
    lines.forEach(commandLine().getOut()::println);
    commandLine().getOut().flush();
  }

  private static String many(int count, String what) {
    return count == 1 ? what : what + "s";
  }

  private CommandLine commandLine() {
    return spec().commandLine();
  }

  private PrintWriter err() {
    return commandLine().getErr();
  }
}
