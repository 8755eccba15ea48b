package io.daypass.cloud;

import io.daypass.cloud.BindingStore.Held;
import io.daypass.cloud.MintException.Reason;
import io.daypass.ledger.RecordedGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a cloud's adapter gets the access that a grant needs: written down first, then made, and
 * nothing handed out over it once the grant is over. Whoever makes something here need not remove
 * it: {@link Sweeper} does, on whichever replica is there by then.
 */
public final class Bindings {

  /** So much longer an identity is said to be in use, so that not every mint has to say it. */
  private static final Duration AHEAD = Duration.ofMinutes(10);

  private final BindingStore store;
  private final Duration attempt;
  private final Duration settle;

  // What the store was told: until when each identity without a binding is in use.
  private final Map<String, Instant> unbound = new ConcurrentHashMap<>();

  /**
   * Over {@code store}.
   *
   * @param attempt longer than making a binding ever takes, with what a cloud may still be working
   *     on after the caller has given up
   * @param settle how long a cloud may take until a removal of what was just made is certain
   */
  public Bindings(BindingStore store, Duration attempt, Duration settle) {
    this.store = store;
    this.attempt = attempt;
    this.settle = settle;
  }

  /** What makes a binding in its cloud. */
  @FunctionalInterface
  public interface Making {

    /**
     * Makes the binding, unless it is there already; to find it there is no failure.
     *
     * @throws MintException if it may not be there
     */
    void make() throws MintException;
  }

  /**
   * The binding that {@code grant} needs, written down; {@link #make} it next.
   *
   * @throws MintException with {@link Reason#ACCESS_TAKEN} or {@link Reason#GRANT_OVER}
   */
  public Held.Ready hold(RecordedGrant grant, WantedBinding wanted) throws MintException {
    return switch (store.hold(grant, wanted, attempt)) {
      case Held.Over _ -> throw new MintException(Reason.GRANT_OVER);
      case Held.Busy _ -> throw new MintException(Reason.ACCESS_TAKEN);
      case Held.Ready ready -> ready;
    };
  }

  /**
   * Has the binding made by {@code making}, unless it was made before.
   *
   * @throws MintException what {@code making} failed for
   */
  public void make(Held.Ready held, RecordedGrant grant, Making making) throws MintException {
    if (held.made()) {
      return;
    }
    try {
      making.make();
    } catch (MintException e) {
      if (!e.reason().mayExist()) {
        store.notMade(held.binding(), grant);
      }
      throw e;
    }
  }

  /** What stood between {@link #hold} and {@link #make} failed: nobody is making anything. */
  public void giveUp(Held.Ready held, RecordedGrant grant) {
    if (!held.made()) {
      store.notMade(held.binding(), grant);
    }
  }

  /**
   * To be called last, before a credential leaves the adapter: writes down that the binding is in
   * the cloud and how long the credential lives there.
   *
   * @param tokensUntil when nobody in the cloud believes the credential any more, by any clock
   * @throws MintException with {@link Reason#GRANT_OVER} if the credential must not be handed out
   */
  public void confirm(Binding binding, RecordedGrant grant, Instant tokensUntil)
      throws MintException {
    if (store.made(binding, grant, tokensUntil, settle) != null) {
      throw new MintException(Reason.GRANT_OVER).afterCredential();
    }
  }

  /**
   * The same for a credential that nothing is made for: its identity gets no binding until the
   * credential is dead, for it could do what the binding gives. Rarely asks the store.
   *
   * @param holder as a binding of this identity would name it
   * @throws MintException with {@link Reason#ACCESS_TAKEN} if the credential must not be handed
   *     out, because a binding of its identity may be in the cloud
   */
  public void confirmUnbound(String holder, Instant tokensUntil) throws MintException {
    var known = unbound.get(holder);
    if (known != null && !known.isBefore(tokensUntil)) {
      return;
    }
    var until = tokensUntil.plus(AHEAD);
    if (!store.servesUnbound(holder, until)) {
      throw new MintException(Reason.ACCESS_TAKEN).afterCredential();
    }
    unbound.merge(holder, until, (one, other) -> one.isAfter(other) ? one : other);
  }
}
