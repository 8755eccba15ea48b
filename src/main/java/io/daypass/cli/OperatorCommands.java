package io.daypass.cli;

import io.daypass.cli.Operator.Outcome;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands of whoever runs the service. */
final class OperatorCommands {

  private OperatorCommands() {}

  /** A command that reads the settings. */
  @Command(mixinStandardHelpOptions = true)
  abstract static class Configured implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        defaultValue = "daypass.yaml",
        description = "the settings (default: daypass.yaml)")
    private Path config;

    private final Operator operator;
    private final BiFunction<Operator, Path, Outcome> errand;

    // picocli fills the annotated fields before the command is called.
    @SuppressWarnings("NullAway.Init")
    Configured(Operator operator, BiFunction<Operator, Path, Outcome> errand) {
      this.operator = operator;
      this.errand = errand;
    }

    @Override
    public Integer call() {
      var terminal = spec.commandLine();
      return switch (errand.apply(operator, config)) {
        case Outcome.Done(var lines) -> {
          lines.forEach(terminal.getOut()::println);
          yield 0;
        }
        case Outcome.Examined _ ->
            throw new IllegalStateException("only the doctor looks at anybody");
        case Outcome.Failed(var errors, var hint) -> {
          errors.forEach(error -> terminal.getErr().println("daypass: error: " + error));
          terminal.getErr().println("daypass: hint: " + hint);
          yield 1;
        }
      };
    }
  }

  @Command(name = "serve", description = "Runs the service.")
  static final class Serve extends Configured {
    Serve(Operator operator) {
      super(operator, Operator::serve);
    }
  }

  @Command(
      name = "check",
      description = "Checks the settings and the policies, and starts nothing.")
  static final class Check extends Configured {
    Check(Operator operator) {
      super(operator, Operator::check);
    }
  }

  @Command(name = "migrate", description = "Brings the database's tables to this version.")
  static final class Migrate extends Configured {
    Migrate(Operator operator) {
      super(operator, Operator::migrate);
    }
  }

  @Command(
      name = "keys",
      description = "The keys that Daypass signs with.",
      mixinStandardHelpOptions = true)
  static final class Keys extends Group {
    Keys() {
      super(" with the keys: daypass keys rotate, or rewrap");
    }
  }

  @Command(
      name = "rotate",
      description = "Adds successors to the signing keys; they take over by themselves.")
  static final class Rotate extends Configured {
    Rotate(Operator operator) {
      super(operator, Operator::rotateKeys);
    }
  }

  @Command(
      name = "rewrap",
      description = {
        "Wraps by master-key the signing keys that previous-master-key wraps.",
        "The keys themselves stay the same. Needs database.owner-url."
      })
  static final class Rewrap extends Configured {
    Rewrap(Operator operator) {
      super(operator, Operator::rewrapKeys);
    }
  }
}
