package io.daypass.sandbox.run;

import java.nio.file.Path;

/**
 * How to run the sandbox.
 *
 * @param broker whether to start the broker too
 */
public record RunOptions(
    Path data, int port, int brokerPort, Path launcher, Path policies, boolean broker) {

  private static final RunOptions USUAL =
      new RunOptions(
          Path.of(".daypass"),
          8090,
          8080,
          Path.of("target/daypass/bin/daypass"),
          Path.of("policies"),
          true);

  /** The options that {@code args} spell over the usual ones. */
  public static RunOptions parse(String... args) throws CannotRun {
    var options = USUAL;
    for (var arg : args) {
      int equals = arg.indexOf('=');
      var name = equals < 0 ? arg : arg.substring(0, equals);
      options = options.with(name, equals < 0 ? "" : arg.substring(equals + 1));
    }
    return options;
  }

  private RunOptions with(String name, String value) throws CannotRun {
    return switch (name) {
      case "--data" -> new RunOptions(Path.of(value), port, brokerPort, launcher, policies, broker);
      case "--port" -> new RunOptions(data, port(value), brokerPort, launcher, policies, broker);
      case "--broker-port" -> new RunOptions(data, port, port(value), launcher, policies, broker);
      case "--launcher" -> new RunOptions(data, port, brokerPort, Path.of(value), policies, broker);
      case "--policies" -> new RunOptions(data, port, brokerPort, launcher, Path.of(value), broker);
      case "--no-broker" -> new RunOptions(data, port, brokerPort, launcher, policies, false);
      default ->
          throw new CannotRun(
              "unknown option " + name,
              "--data= --port= --broker-port= --launcher= --policies= --no-broker");
    };
  }

  private static int port(String text) throws CannotRun {
    if (text.matches("[0-9]{1,5}")) {
      return Integer.parseInt(text);
    }
    throw new CannotRun(text + " is not a port", "give a number");
  }
}
