package io.daypass.cli;

import java.nio.file.Path;
import java.util.List;

/** What an operator asks of the service; app does it. */
public interface Operator {

  /**
   * Runs the service until it is told to stop.
   *
   * @return the exit code
   */
  Outcome serve(Path config);

  /** Reads settings and policies and says what is wrong with them; starts nothing. */
  Outcome check(Path config);

  /** Brings the database's tables to this version. */
  Outcome migrate(Path config);

  /** Adds successors to the signing keys. */
  Outcome rotateKeys(Path config);

  /** What came of it. */
  sealed interface Outcome {

    /** Done; {@code lines} say what. */
    record Done(List<String> lines) implements Outcome {}

    /** Not done; {@code errors} say why, {@code hint} what to do. */
    record Failed(List<String> errors, String hint) implements Outcome {}
  }
}
