package io.daypass.cli;

import io.daypass.cli.client.Config;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.Texts;

/**
 * How tools run the command line by themselves: by the path at which this one was started, whatever
 * their own {@code PATH} has, and at its broker, where they would not find that.
 */
record Launched(Local local) {

  /**
   * The launcher's path as it is.
   *
   * @param tools who is to run it
   * @param others which characters a path may have beside letters, digits and {@code /}
   */
  String path(String tools, String others) {
    var launcher =
        local
            .variable("DAYPASS_LAUNCHER")
            .orElseThrow(() ->
                Failure.of(
                    "it is not known how daypass was started",
                    "start it by its launcher, bin/daypass"));
    if (!launcher
        .codePoints()
        .allMatch(c -> Character.isLetterOrDigit(c) || c == '/' || others.indexOf(c) >= 0)) {
      throw Failure.of(
          tools + " cannot run a program at " + Texts.plain(launcher),
          "put a link to it where the path is plain, and start it by that");
    }
    return launcher;
  }

  /** {@code program} for the broker of this shell, where a tool would not find it by itself. */
  String atOurBroker(String program) {
    var config = new Config(local);
    var broker = config.broker();
    return config.isKept(broker)
        ? program
        : "/usr/bin/env DAYPASS_URL=" + broker.text() + " " + program;
  }
}
