package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import java.io.PrintWriter;
import java.util.Locale;
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
    out.flush();
    err.flush();
    return code;
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
    var message = e.getMessage() == null ? "that cannot be read" : e.getMessage();
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
    var what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    line.getErr().println("daypass: error: " + lowerFirst(what));
    line.getErr().println("daypass: hint: this should not happen; please report it");
    return 1;
  }

  private static String lowerFirst(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
