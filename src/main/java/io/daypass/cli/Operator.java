package io.daypass.cli;

import io.daypass.cloud.Finding;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asks of the service; app does it. Where nobody says in which file the settings
 * are, it is daypass.yaml of this folder; if there is none, and the environment names the public
 * URL, the environment says everything.
 */
public interface Operator {

  /** One that does nothing and says so, where the commands are only looked at. */
  static Operator nobody() {
    return new Nobody();
  }

  /**
   * Runs the service until it is told to stop.
   *
   * @return the exit code
   */
  Outcome serve(@Nullable Path config);

  /** Reads settings and policies and says what is wrong with them; starts nothing. */
  Outcome check(@Nullable Path config);

  /** Brings the database's tables to this version. */
  Outcome migrate(@Nullable Path config);

  /** Adds successors to the signing keys. */
  Outcome rotateKeys(@Nullable Path config);

  /** Brings the signing keys from the previous master key under the one in use. */
  Outcome rewrapKeys(@Nullable Path config);

  /**
   * Tries roles' whole way to a credential, and hands nothing out.
   *
   * @param role null for all
   */
  Outcome doctor(@Nullable Path config, @Nullable String role);

  /**
   * Who was looked at, and what was found.
   *
   * @param cloud the word policies use for it; "issuer" for Daypass itself
   */
  record Patient(String name, String cloud, List<Finding> findings) {
    public Patient {
      findings = List.copyOf(findings);
    }
  }

  /** What came of it. */
  sealed interface Outcome {

    /** Done; {@code lines} say what. */
    record Done(List<String> lines) implements Outcome {}

    /** Looked at; whether all is well stands in the findings. */
    record Examined(List<Patient> patients) implements Outcome {
      public Examined {
        patients = List.copyOf(patients);
      }
    }

    /** Not done; {@code errors} say why, {@code hint} what to do. */
    record Failed(List<String> errors, String hint) implements Outcome {}
  }
}
