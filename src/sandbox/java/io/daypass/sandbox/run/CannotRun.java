package io.daypass.sandbox.run;

/** The sandbox cannot start, for a reason that whoever started it can do something about. */
public final class CannotRun extends Exception {

  private static final long serialVersionUID = 1L;

  private final String hint;

  public CannotRun(String error, String hint) {
    super(error);
    this.hint = hint;
  }

  /** What to do about it, as one line. */
  public String hint() {
    return hint;
  }
}
