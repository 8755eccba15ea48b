package io.daypass.request;

/**
 * The database could not be asked, or did not answer: what was to be written may or may not be. A
 * commit whose answer is lost is unknown, never "not committed".
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String why;
  private final boolean late;

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
    this(why, cause, false);
  }

  private StoreUnavailableException(String why, Throwable cause, boolean late) {
    super(why, cause);
    this.why = why;
    this.late = late;
  }

  /** That there was no answer in time, in our words: nothing need be set wrong. */
  public static StoreUnavailableException late(String why, Throwable cause) {
    return new StoreUnavailableException(why, cause, true);
  }

  /** What is the matter, for operators. */
  public String why() {
    return why;
  }

  /** Whether all that is known is that there was no answer in time. */
  public boolean isLate() {
    return late;
  }
}
