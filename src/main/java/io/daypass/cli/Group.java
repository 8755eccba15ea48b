package io.daypass.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A word that only leads to others. */
abstract class Group implements Runnable {

  @Spec private CommandSpec spec;
  private final String todo;

  /** Leads to {@code todo}, which is how the hint goes on. */
  @SuppressWarnings("NullAway.Init")
  Group(String todo) {
    this.todo = todo;
  }

  final CommandSpec spec() {
    return spec;
  }

  @Override
  public final void run() {
    throw Unfinished.command(spec, todo);
  }
}
