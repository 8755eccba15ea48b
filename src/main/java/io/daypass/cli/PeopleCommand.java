package io.daypass.cli;

import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Screen;
import io.daypass.cli.screen.StatusLine;
import io.daypass.cli.screen.Times;

/** A command that shows people something, or waits for them. */
abstract class PeopleCommand extends ClientCommand {

  static final int INTERRUPTED = 130;

  private final Tools tools;

  PeopleCommand(Local local, Tools tools) {
    super(local);
    this.tools = tools;
  }

  final Tools tools() {
    return tools;
  }

  final Screen screen() {
    return tools.screen();
  }

  final Times times() {
    return tools.times(local().clock().instant());
  }

  final Sentences sentences() {
    return new Sentences(times());
  }

  /** A line that says what is going on, on standard error. */
  final StatusLine status() {
    return new StatusLine(errors(), screen().status());
  }
}
