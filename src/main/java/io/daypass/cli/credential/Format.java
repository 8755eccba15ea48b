package io.daypass.cli.credential;

import io.daypass.cli.client.Members;
import java.time.Instant;
import java.util.Optional;

/** How one tool takes its credentials. */
public interface Format {

  /** Names the format among all others, as part of a file name. */
  String name();

  /** What the role must be for this, as in "the role x is not ...". */
  String suits();

  /** The tool's text for what the broker answered; empty if that is another cloud's credential. */
  Optional<Shaped> shape(Members answer);

  /**
   * What goes to standard output.
   *
   * @param output one line
   * @param expires the end of the credential
   */
  record Shaped(String output, Instant expires) {
    @Override
    public String toString() {
      return "Shaped[until " + expires + "]";
    }
  }
}
