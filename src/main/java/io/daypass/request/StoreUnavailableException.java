package io.daypass.request;

/**
 * The database could not be asked, or did not answer: what was to be written may or may not be. A
 * commit whose answer is lost is unknown, never "not committed".
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String why;

  public StoreUnavailableException(Throwable cause) {
    this("the database did not answer", cause);
  }

  /**
   * With more to say.
   *
   * @param why in our words, for operators; never what a driver or the database said, which may
   *     quote values
   */
  public StoreUnavailableException(String why, Throwable cause) {
    super(why, cause);
    this.why = why;
  }

  /** What is the matter, for operators. */
  public String why() {
    return why;
  }
}
