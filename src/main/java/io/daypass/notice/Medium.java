package io.daypass.notice;

/** Carries messages to one place outside. */
public interface Medium extends AutoCloseable {

  /**
   * Delivers {@code message}; returns once the other end has taken it. Blocks for {@link
   * Courier.Pace#within} at most, follows no redirect, reads no more than a few KiB of an answer.
   *
   * @throws NotDelivered if it was not taken, or nobody knows
   */
  void deliver(Message message) throws NotDelivered;

  @Override
  default void close() {}
}
