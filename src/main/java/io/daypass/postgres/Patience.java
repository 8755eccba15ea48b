package io.daypass.postgres;

import java.time.Duration;

/** How long a database is waited for. */
public enum Patience {
  /** Many wait behind each other: what is slow is given up soon, for all of them. */
  SERVICE(2, 5, 6),
  /** One person waits, and would rather wait for a slow login than begin again. */
  COMMAND(10, 12, 16);

  private final int connection;
  private final int silence;
  private final int answer;

  Patience(int connection, int silence, int answer) {
    this.connection = connection;
    this.silence = silence;
    this.answer = answer;
  }

  /** Until somebody has a connection; each of the steps on the way may take as long. */
  Duration connection() {
    return Duration.ofSeconds(connection);
  }

  /** How long a server may say nothing that is asked whether it takes writes. */
  Duration silence() {
    return Duration.ofSeconds(silence);
  }

  /** Until a statement is answered, with the connection that it needs. */
  Duration answer() {
    return Duration.ofSeconds(answer);
  }
}
