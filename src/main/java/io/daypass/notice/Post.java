package io.daypass.notice;

import java.net.URI;
import java.util.Map;

/** Sends a body by HTTP to a place the operator named. */
public interface Post extends AutoCloseable {

  /**
   * The answer to one POST, whatever its status. Follows no redirect, and reads no more of the body
   * than {@code most} bytes.
   *
   * @throws NotDelivered if no answer came in time
   */
  Reply send(URI to, Map<String, String> headers, byte[] body, int most) throws NotDelivered;

  @Override
  void close();

  /**
   * An answer.
   *
   * @param body how it begins, as text
   * @param retryAfter the header of that name; empty if there is none
   */
  record Reply(int status, String body, String retryAfter) {

    /** What an answer other than a yes amounts to. */
    public NotDelivered refused(String code) {
      return new NotDelivered(code, RetryAfter.of(retryAfter), null);
    }
  }
}
