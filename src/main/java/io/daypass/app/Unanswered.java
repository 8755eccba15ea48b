package io.daypass.app;

import io.daypass.cli.Operator.Outcome;
import io.daypass.request.StoreUnavailableException;
import java.util.List;

/** What an operator is told whose command the database did not serve. */
final class Unanswered {

  // Who is let in late has set nothing wrong: neither the password nor TLS is where to look.
  private static final String SLOW =
      "look whether the database is overloaded, or what it asks about logins is slow, and whether a"
          + " firewall is between; then run it again";

  private Unanswered() {}

  /**
   * That {@code trouble} was in the way.
   *
   * @param check where to look if more is the matter than time
   */
  static Outcome failed(StoreUnavailableException trouble, String check) {
    return failed(trouble, trouble.why(), check);
  }

  /** The same, said in {@code words}. */
  static Outcome failed(StoreUnavailableException trouble, String words, String check) {
    return new Outcome.Failed(List.of(words), trouble.isLate() ? SLOW : check);
  }
}
