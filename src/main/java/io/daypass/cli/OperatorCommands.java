package io.daypass.cli;

import io.daypass.cli.Operator.Outcome;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands of whoever runs the service. */
final class OperatorCommands {

  private OperatorCommands() {}

  /** What an operator is asked for, with the settings of a file. */
  interface Errand {
    Outcome of(Operator operator, @Nullable Path config);
  }

  /** A command that reads the settings. */
  @Command(mixinStandardHelpOptions = true)
  abstract static class Configured implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private ConfigOption config;

    private final Operator operator;
    private final Errand errand;

    // picocli fills the annotated fields before the command is called.
    @SuppressWarnings("NullAway.Init")
    Configured(Operator operator, Errand errand) {
      this.operator = operator;
      this.errand = errand;
    }

    @Override
    public Integer call() {
      var terminal = spec.commandLine();
      return switch (errand.of(operator, config.file())) {
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
