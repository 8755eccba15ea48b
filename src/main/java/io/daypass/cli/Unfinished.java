package io.daypass.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What is thrown at somebody who says a {@link Group} and no more. Apart, and never part of a
 * rehearsal: no start-up cache takes picocli's classes, and a class in the cache that throws one of
 * them makes every start look for it through all libraries, which takes longer than all the rest.
 */
final class Unfinished {

  private Unfinished() {}

  static RuntimeException command(CommandSpec spec, String todo) {
    return new ParameterException(spec.commandLine(), "say what to do" + todo);
  }
}
