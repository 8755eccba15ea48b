package io.daypass.cli;

import io.daypass.document.Json;
import io.daypass.document.Problem;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Durations;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.Wish;
import io.daypass.policy.yaml.Explaining;
import io.daypass.policy.yaml.HumanIssuers;
import io.daypass.policy.yaml.Installation;
import io.daypass.policy.yaml.PolicyDirectory;
import io.daypass.policy.yaml.PolicyDirectory.Loaded;
import io.daypass.policy.yaml.PolicyTests;
import io.daypass.policy.yaml.Reports;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daypass policy}: looks at a directory of policies without any server. */
@Command(
    name = "policy",
    description = "Check, test and explain policies; no server is needed.",
    mixinStandardHelpOptions = true)
public final class PolicyCommand implements Runnable {

  private static final int DONE = 0;
  private static final int PROBLEMS = 1;

  private final InstantSource clock;

  @Spec @Nullable CommandSpec spec;

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

  public PolicyCommand(InstantSource clock) {
    this.clock = clock;
  }

  /** Runs the command alone; the exit code is 0 done, 1 problems, 2 wrong usage. */
  public static int run(InstantSource clock, List<String> args, PrintWriter out, PrintWriter err) {
    return new CommandLine(new PolicyCommand(clock))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(PolicyCommand::usage)
        .execute(args.toArray(String[]::new));
  }

  private static int usage(ParameterException e, String[] args) {
    var command = e.getCommandLine();
    var message = Optional.ofNullable(e.getMessage()).orElse("wrong usage");
    command.getErr().println("daypass: error: " + lowerFirst(message));
    command
        .getErr()
        .println(
            "daypass: hint: see daypass " + command.getCommandSpec().qualifiedName() + " --help");
    command.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static String lowerFirst(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  @Override
  public void run() {
    throw new ParameterException(commandLine(), "say what to do: check, test or explain");
  }

  @Command(
      name = "check",
      description = "Read the policies as the broker would, and name every problem.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(
              arity = "0..1",
              defaultValue = "policies",
              paramLabel = "DIR",
              description = "The folder of the policies (default: policies).")
          Path dir) {
    var loaded = load(dir);
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
  int test(
      @Parameters(
              arity = "0..1",
              defaultValue = "policies",
              paramLabel = "DIR",
              description = "The folder of the policies (default: policies).")
          Path dir) {
    return switch (load(dir)) {
      case Loaded.Broken(var problems, var warnings) -> refused(problems, warnings);
      case Loaded.Read(var policies, _) -> tested(PolicyTests.run(dir, policies));
    };
  }

  @Command(
      name = "explain",
      description = "Say who would get what, by which rule, and why not by the others.",
      mixinStandardHelpOptions = true)
  int explain(
      @Parameters(
              arity = "0..1",
              defaultValue = "policies",
              paramLabel = "DIR",
              description = "The folder of the policies (default: policies).")
          Path dir,
      @Option(names = "--role", paramLabel = "ROLE", description = "Only this one.")
          @Nullable String role,
      @Option(names = "--caller", paramLabel = "FILE", description = "Who asks, as a file says.")
          @Nullable Path caller,
      @Option(
              names = "--issuer",
              defaultValue = "staff",
              paramLabel = "NAME",
              description = "The issuer that vouches for them.")
          String issuer,
      @Option(
              names = "--kind",
              defaultValue = "human",
              paramLabel = "human|workload",
              description = "Whether they are a person or a machine.")
          String kind,
      @Option(
              names = "--subject",
              defaultValue = "somebody",
              paramLabel = "ID",
              description = "Who they are to their issuer.")
          String subject,
      @Option(names = "--email", paramLabel = "ADDRESS", description = "Their e-mail address.")
          @Nullable String email,
      @Option(
              names = "--group",
              paramLabel = "NAME",
              description = "A group they are in; say it once for each.")
          @Nullable List<String> groups,
      @Option(
              names = "--claim",
              paramLabel = "NAME=TEXT",
              description = "A claim of their token; say it once for each.")
          @Nullable Map<String, String> claims,
      @Option(
              names = "--for",
              defaultValue = "15m",
              paramLabel = "DURATION",
              description = "For how long they ask.")
          String duration,
      @Option(
              names = "--reason",
              defaultValue = "",
              paramLabel = "TEXT",
              description = "The reason they give.")
          String reason,
      @Option(names = "--ticket", paramLabel = "TICKET", description = "The ticket they name.")
          @Nullable String ticket,
      @Option(
              names = "--from",
              defaultValue = "192.0.2.1",
              paramLabel = "ADDRESS",
              description = "The address they come from.")
          String from,
      @Option(
              names = "--at",
              paramLabel = "INSTANT",
              description = "When they ask; now if left out.")
          @Nullable String at) {
    var wish = new Wish(duration(duration), reason, ticket);
    var circumstances = new Circumstances(instant(at), from);
    var problems = new ArrayList<Problem>();
    var who =
        caller == null
            ? Optional.of(identity(issuer, subject, kind(kind), email, groups, claims))
            : Explaining.caller(caller, problems);
    if (who.isEmpty()) {
      return refused(problems, List.of());
    }
    return switch (load(dir)) {
      case Loaded.Broken(var broken, var warnings) -> refused(broken, warnings);
      case Loaded.Read(var policies, _) ->
          explained(policies, role, who.get(), wish, circumstances);
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
      Policies policies,
      @Nullable String role,
      Identity who,
      Wish wish,
      Circumstances circumstances) {
    if (role != null && policies.role(role).isEmpty()) {
      var known = String.join(", ", policies.roles().stream().map(Role::name).toList());
      fail("the role \"" + role + "\" does not exist", "roles there are: " + known);
      return PROBLEMS;
    }
    var values = new ArrayList<>();
    var lines = new ArrayList<String>();
    for (var one : policies.roles()) {
      if (role == null || one.name().equals(role)) {
        var explanation = policies.explain(who, one.name(), wish, circumstances);
        lines.addAll(Explaining.lines(one.name(), explanation));
        values.add(Explaining.value(one.name(), explanation));
      }
    }
    print(json ? List.of(Json.write((Object) values)) : lines);
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

  private static Identity identity(
      String issuer,
      String subject,
      Kind kind,
      @Nullable String email,
      @Nullable List<String> groups,
      @Nullable Map<String, String> claims) {
    var all = new HashMap<String, Object>(claims == null ? Map.of() : claims);
    all.putIfAbsent("sub", subject);
    var in = groups == null ? Set.<String>of() : Set.copyOf(groups);
    return new Identity(new CallerId(issuer, subject), kind, null, email, null, in, all);
  }

  private Kind kind(String text) {
    return switch (text) {
      case "human" -> Kind.HUMAN;
      case "workload" -> Kind.WORKLOAD;
      default -> throw wrong("--kind is human or workload");
    };
  }

  private Duration duration(String text) {
    return Durations.parse(text)
        .orElseThrow(() -> wrong("--for is a duration such as 30m, 8h or 1h30m"));
  }

  private Instant instant(@Nullable String text) {
    try {
      return text == null ? clock.instant() : Instant.parse(text);
    } catch (DateTimeException e) {
      throw wrong("--at is an instant such as 2026-03-02T12:00:00Z");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }

  private static String many(int count, String what) {
    return count == 1 ? what : what + "s";
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "picocli sets it").commandLine();
  }

  private PrintWriter err() {
    return commandLine().getErr();
  }
}
