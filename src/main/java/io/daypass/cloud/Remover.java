package io.daypass.cloud;

/** Removes bindings from one cloud. */
public interface Remover {

  /** The word policies use for the cloud. */
  String cloud();

  /**
   * Removes {@code binding}, within a few seconds; returns once the cloud says that it is gone, or
   * that it never was there. May be called again for what is gone.
   *
   * @throws MintException if it may still be there
   */
  void remove(Binding binding) throws MintException;

  /** Why something may still be there, in a word for the ledger and those who are told. */
  default String told(MintException failure) {
    return failure.reason().code();
  }
}
