package io.daypass.issuer;

import io.daypass.issuer.KeyStore.Rewrapped;
import io.daypass.issuer.Keysmith.UnopenedKeyException;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the stored signing keys from the previous master key under the one in use. The keys stay
 * what they are: no cloud and no token notices.
 */
public record MasterKeyExchange(KeyStore store, Keysmith smith) {

  // Whoever changes keys meanwhile adds one, or does what is done here.
  private static final int ATTEMPTS = 5;

  /**
   * The stored keys by what wraps them.
   *
   * @param known how many there are
   * @param due those under the previous master key
   * @param unopened kids of those that no master key opens which is set here
   */
  public record Look(int known, List<Rewrapped> due, List<String> unopened) {
    public Look {
      due = List.copyOf(due);
      unopened = List.copyOf(unopened);
    }
  }

  /** What came of it. */
  public sealed interface Outcome {

    /** All {@code known} keys are under the master key in use, {@code kids} since now. */
    record Done(int known, List<String> kids) implements Outcome {
      public Done {
        kids = List.copyOf(kids);
      }
    }

    /** Nothing was changed that these are part of: no master key opens them that is set here. */
    record Unopened(List<String> kids) implements Outcome {
      public Unopened {
        kids = List.copyOf(kids);
      }
    }

    /** Not all are under the master key in use, for somebody else changes them all the time. */
    record Changing() implements Outcome {}
  }

  /** How things are; nothing is changed. */
  public Look look() {
    var stored = store.load();
    var due = new ArrayList<Rewrapped>();
    var unopened = new ArrayList<String>();
    for (var key : stored) {
      try {
        smith
            .rewrap(key)
            .ifPresent(wrapped -> due.add(new Rewrapped(key.id(), key.wrapped(), wrapped)));
      } catch (UnopenedKeyException _) {
        unopened.add(key.id());
      }
    }
    return new Look(stored.size(), due, unopened);
  }

  /** Wraps anew what is under the previous master key: all of it at once, or nothing. */
  public Outcome run() {
    var done = new ArrayList<String>();
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      var found = look();
      if (!found.unopened().isEmpty()) {
        return new Outcome.Unopened(found.unopened());
      }
      if (found.due().isEmpty()) {
        return new Outcome.Done(found.known(), done);
      }
      // Looked at once more: one may have come between.
      if (store.rewrap(found.due())) {
        found.due().forEach(key -> done.add(key.id()));
      }
    }
    return new Outcome.Changing();
  }
}
