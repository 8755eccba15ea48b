package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Reads the command line: exit 0 done, 1 refused or failed, 2 usage, 3 waiting for approval. */
public final class Terminal {

  private final Operator operator;
  private final Local local;
  private final Tools tools;

  public Terminal(Operator operator, Local local, Tools tools) {
    this.operator = operator;
    this.local = local;
    this.tools = tools;
  }

  @Command(
      name = "daypass",
      mixinStandardHelpOptions = true,
      description = "Short-lived cloud credentials for approved work, and nothing else.")
  private static final class Root extends Group {
    Root() {
      super("");
    }
  }

  /** The version of the jar this runs from. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = Terminal.class.getPackage().getImplementationVersion();
      return new String[] {"daypass " + (version == null ? "unpacked" : version)};
    }
  }

  /** Runs one command; answers its exit code. Never calls {@code System.exit}. */
  public int run(String[] args, PrintWriter out, PrintWriter err) {
    var line = commands();
    line.setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Terminal::misused)
        .setExecutionExceptionHandler(Terminal::failed);
    var code = line.execute(args);
    // A full disk, say: whoever reads a part must not take it for the whole.
    var torn = out.checkError() && code == 0;
    if (torn) {
      err.println("daypass: error: not all of the output could be written");
      err.println("daypass: hint: look at the disk, or at the program that reads it");
    }
    err.flush();
    return torn ? 1 : code;
  }

  /** All there is to type, as picocli's model. */
  public CommandLine commands() {
    var keys = new CommandLine(new OperatorCommands.Keys());
    keys.addSubcommand(new OperatorCommands.Rotate(operator));
    keys.addSubcommand(new OperatorCommands.Rewrap(operator));
    var line =
        new CommandLine(new Root())
            .addSubcommand(new OperatorCommands.Serve(operator))
            .addSubcommand(new OperatorCommands.Check(operator))
            .addSubcommand(new OperatorCommands.Migrate(operator))
            .addSubcommand(keys)
            .addSubcommand(new DoctorCommand(operator))
            .addSubcommand(new PolicyCommand(local.clock()));
    ClientCommands.all(local, tools).forEach(line::addSubcommand);
    versioned(line);
    return line;
  }

  private static void versioned(CommandLine command) {
    command.getCommandSpec().versionProvider(new Version());
    command.getSubcommands().values().forEach(Terminal::versioned);
  }

  private static int misused(ParameterException e, String[] args) {
    var err = e.getCommandLine().getErr();
    var message = Unfinished.message(e);
    err.println("daypass: error: " + lowerFirst(message));
    err.println(
        "daypass: hint: see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return 2;
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    if (e instanceof Failure failure) {
      line.getErr().println("daypass: error: " + failure.error());
      line.getErr().println("daypass: hint: " + failure.hint());
      return failure.exit();
    }
    // Not its message, which may hold anything; where it was is what a report needs.
    line.getErr()
        .println("daypass: error: a fault of daypass: " + e.getClass().getSimpleName() + at(e));
    line.getErr().println("daypass: hint: this should not happen; please report that line");
    return 1;
  }

  private static String at(Exception e) {
    return Stream.of(e.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("io.daypass."))
        .findFirst()
        .map(frame -> " at " + frame.getClassName() + ":" + frame.getLineNumber())
        .orElse("");
  }

  private static String lowerFirst(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
