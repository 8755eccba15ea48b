package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.screen.Plain;
import io.daypass.policy.Durations;
import java.util.regex.Pattern;

/** What people type, looked at before it goes anywhere. */
final class Inputs {

  private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private Inputs() {}

  /** A duration in the words of the wire. */
  static String duration(String typed) {
    return Durations.parse(typed)
        .map(Durations::show)
        .orElseThrow(() ->
            Failure.usage(
                "\"" + Plain.line(typed) + "\" is no duration", "write it as 30m, 8h or 1h30m"));
  }

  /** A role's name, as it may stand in a path. */
  static String role(String typed) {
    if (!ROLE.matcher(typed).matches()) {
      throw Failure.usage("\"" + Plain.line(typed) + "\" is no name of a role", "daypass roles");
    }
    return typed;
  }
}
