package io.daypass.cloud;

import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where bindings are kept, with their ledger entries. A binding is due to go at the last end of the
 * grants it serves, in the very transaction that ends them early. Every method returns only once
 * what it wrote is durable, and throws {@link io.daypass.request.StoreUnavailableException} when
 * that is not known.
 */
public interface BindingStore {

  /**
   * The binding that {@code grant} needs: the one that it, or the grant it extends, has already, or
   * a new one, written down before anybody makes it.
   *
   * @param attempt within which the caller is done making it, for good
   */
  Held hold(RecordedGrant grant, WantedBinding wanted, Duration attempt);

  /**
   * The binding is in the cloud, and a credential is about to be handed out over it.
   *
   * @param tokensUntil when that credential is dead in the cloud's eyes
   * @param settle how long the cloud may take until a removal of what was just made is certain
   * @return why nothing may be handed out; null if it may. What was made is due to go then
   */
  @Nullable IssueRefusal made(
      Binding binding, RecordedGrant grant, Instant tokensUntil, Duration settle);

  /**
   * Credentials of {@code holder} are handed out over which nothing was made. Until {@code
   * tokensUntil} it gets no binding: they could do what that gives.
   *
   * @return whether they may be; false if a binding of it may be in the cloud, and then nothing is
   *     written
   */
  boolean servesUnbound(String holder, Instant tokensUntil);

  /** The attempt to make the binding is over, and for certain made nothing. */
  void notMade(Binding binding, RecordedGrant grant);

  /**
   * Takes on bindings that must go now or within {@code lead}, at most {@code limit}. Nobody else
   * is given them for {@code lease}.
   */
  List<Claimed> claimDue(int limit, Duration lease, Duration lead);

  /**
   * The cloud has it no more.
   *
   * @return whether that is final; otherwise somebody may have been making it at the same time, and
   *     it comes again
   */
  boolean removed(Claimed claimed);

  /**
   * It could not be removed, and comes again after {@code pause}.
   *
   * @return whether this is the moment to raise the alarm, which is written down
   */
  boolean kept(Claimed claimed, String code, Duration pause, Patience patience);

  /** What was made for a request, oldest first. */
  List<Standing> of(RequestId request);

  /**
   * Those of {@code bindings} that are looked after here: written down, and not gone, or not for
   * longer than {@code lately}. What a cloud has of the others, nobody removes.
   */
  Set<UUID> known(Set<UUID> bindings, Duration lately);

  /** How many should have been gone for longer than {@code grace}. */
  int overdue(Duration grace);

  /** What became of the wish for a binding. */
  sealed interface Held {

    /**
     * Written down.
     *
     * @param made whether it is in the cloud already; otherwise the caller makes it
     */
    record Ready(Binding binding, boolean made) implements Held {}

    /** Every place is taken by another grant, or by tokens of others that still live. */
    record Busy(Instant freeAt) implements Held {}

    /** The grant is over. */
    record Over(IssueRefusal why) implements Held {}
  }

  /**
   * A binding to remove.
   *
   * @param claim proves that it was given to its holder, and not to another since
   * @param endedAt when it was to be gone
   * @param tries how often it was tried to remove it, with this one
   */
  record Claimed(Binding binding, UUID claim, Instant endedAt, int tries) {}

  /** When a binding that stays is an alarm: after so many tries, or so long after its end. */
  record Patience(int tries, Duration time) {}

  /**
   * How a binding stands.
   *
   * @param endsAt when it must be gone; in the past if it should have been
   * @param removedAt null as long as the cloud may have it
   * @param stuck whether the alarm was raised over it
   */
  record Standing(
      Binding binding, State state, Instant endsAt, @Nullable Instant removedAt, boolean stuck) {}

  /** What is known of a binding in its cloud. */
  enum State {
    /** It may be there. */
    RECORDED,
    MADE,
    REMOVED
  }
}
