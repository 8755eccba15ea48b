package io.daypass.cli;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.web.api.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command of a client. It says what it has to say by {@link #print} and {@link #json} on standard
 * output, by {@link #note} on standard error, and answers its exit code; a {@link Failure} that it
 * throws is printed as an error and a hint.
 */
@Command(mixinStandardHelpOptions = true)
abstract class ClientCommand implements Callable<Integer> {

  static final int DONE = 0;
  static final int WAITING = 3;

  private final Local local;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON for programs.")
  private boolean json;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  ClientCommand(Local local) {
    this.local = local;
  }

  @Override
  public final Integer call() {
    return run();
  }

  /** Does it, and answers the exit code. */
  abstract int run();

  final Local local() {
    return local;
  }

  /** The broker's calls, as whoever is signed in. */
  final Api api() {
    return new Api(Broker.of(local));
  }

  final boolean wantsJson() {
    return json;
  }

  final void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  final void print(List<String> lines) {
    lines.forEach(this::print);
  }

  /** Text as it is; that it could not be written is an error. */
  final void output(String text) throws IOException {
    var out = spec.commandLine().getOut();
    out.print(text);
    if (out.checkError()) {
      throw new IOException("standard output is closed");
    }
  }

  /** What the broker said, as it came. */
  final void json(Answer.Given<?> given) {
    print(given.json());
  }

  /** A record of the wire. */
  final void json(Object wire) {
    print(Json.write(wire));
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** One line for people, beside the output. */
  final void note(String line) {
    errors().println("daypass: " + line);
    errors().flush();
  }

  /** Standard error. */
  final PrintWriter errors() {
    return spec.commandLine().getErr();
  }
}
