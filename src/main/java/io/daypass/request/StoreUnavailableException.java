package io.daypass.request;

/**
 * The database could not be asked, or did not answer: what was to be written may or may not be. A
 * commit whose answer is lost is unknown, never "not committed".
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(Throwable cause) {
    super("the database did not answer", cause);
  }
}
