package io.daypass.cli.client;

/**
 * Ends a command: what happened and what to do about it, both in lower case and without a full
 * stop, and the exit code. Neither ever holds a secret.
 */
public final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String hint;
  private final int exit;
  private final boolean mayPass;

  private Failure(String error, String hint, int exit) {
    this(error, hint, exit, false);
  }

  private Failure(String error, String hint, int exit, boolean mayPass) {
    // No stack trace: it is an answer to a person, and the way to it is no news.
    super(error, null, false, false);
    this.hint = hint;
    this.exit = exit;
    this.mayPass = mayPass;
  }

  /** Exit code 1: refused, or it did not work. */
  public static Failure of(String error, String hint) {
    return new Failure(error, hint, 1);
  }

  /** Exit code 1: it did not work this time, and may the next; nobody said no. */
  public static Failure passing(String error, String hint) {
    return new Failure(error, hint, 1, true);
  }

  /** Exit code 2: what was typed cannot be meant. */
  public static Failure usage(String error, String hint) {
    return new Failure(error, hint, 2);
  }

  /** Exit code 3: people must decide first. */
  public static Failure waiting(String error, String hint) {
    return new Failure(error, hint, 3);
  }

  /** What happened. */
  public String error() {
    return String.valueOf(getMessage());
  }

  /** What to do; a command in it works when pasted. */
  public String hint() {
    return hint;
  }

  public int exit() {
    return exit;
  }

  /** Whether the same again may work without anybody doing anything. */
  public boolean mayPass() {
    return mayPass;
  }
}
