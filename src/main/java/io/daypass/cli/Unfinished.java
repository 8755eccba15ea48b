package io.daypass.cli;

import io.daypass.cli.screen.Plain;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is said to somebody who says a {@link Group} and no more, or what is no command. Apart, and
 * never part of a rehearsal: no start-up cache takes picocli's classes, and a class in the cache
 * that throws one of them makes every start look for it through all libraries, which takes longer
 * than all the rest.
 */
final class Unfinished {

  private Unfinished() {}

  static RuntimeException command(CommandSpec spec, String todo) {
    return new ParameterException(spec.commandLine(), "say what to do" + todo);
  }

  /** What is wrong with what was typed. */
  static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && e.getCommandLine().getCommandSpec().userObject() instanceof Group) {
      return "there is no command \"" + Plain.line(unmatched.getUnmatched().getFirst()) + "\"";
    }
    return e.getMessage() == null ? "that cannot be read" : e.getMessage();
  }
}
