package io.daypass.cloud;

/**
 * A place among the calls to one account of a cloud. It is taken before anything is recorded, so
 * that whoever is turned away there has spent nothing and may come again, and is given back after
 * the mint.
 */
@FunctionalInterface
public interface Turn extends AutoCloseable {

  /** Gives the place back. */
  @Override
  void close();
}
