package io.daypass.cloud;

import io.daypass.cloud.BindingStore.Patience;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which live sessions are to be cut, with their ledger entries. A cut is asked for in the very
 * transaction that ends its grant early. Every method returns only once what it wrote is durable,
 * and throws {@link io.daypass.request.StoreUnavailableException} when that is not known.
 */
public interface CutStore {

  /**
   * Takes on places whose sessions are not denied as they should be, at most {@code limit}. Nobody
   * else is given them as long as the lease runs.
   */
  List<Claimed> claimDue(String cloud, int limit, Spans spans);

  /**
   * The cloud denies the sessions of {@code denied}, and of no other requests, in the place that
   * was claimed. Where those are not all that were claimed, the claim goes on, and ends with {@link
   * #notApplied}.
   *
   * @return whether it is written; false if somebody else is at it by now
   */
  boolean applied(Claimed claimed, List<RequestId> denied, Spans spans);

  /**
   * Not all that was claimed is denied, and it comes again after {@code pause}.
   *
   * @param unknown whether a call may still have its effect; otherwise the cloud said no
   * @return whether this is the moment to raise the alarm, which is written down
   */
  boolean notApplied(
      Claimed claimed,
      String code,
      Duration pause,
      boolean unknown,
      Spans spans,
      Patience patience);

  /** The cuts of a request, in the order of their places. */
  List<Standing> of(RequestId request);

  /** How many grants' sessions should have been cut for longer than {@code grace}. */
  int overdue(Duration grace);

  /**
   * All cuts in one place, to be brought there together.
   *
   * @param place the cloud role whose sessions they are
   * @param claim proves that it was given to its holder, and not to another since
   * @param requests whose sessions should be denied, in the order in which there must be room for
   *     them; none if nothing need be denied there any more
   * @param standing how many of them, from the first on, are denied already and must stay so
   * @param applied how many are denied already, wherever they stand: for so many there is room
   * @param tries how often it was tried since it last went well, with this one
   */
  record Claimed(
      String cloud,
      String place,
      UUID claim,
      List<RequestId> requests,
      int standing,
      int applied,
      int tries) {
    public Claimed {
      requests = List.copyOf(requests);
    }
  }

  /**
   * How long things take.
   *
   * @param lease longer than telling the cloud ever takes
   * @param settle how long after its end a session may still be alive by the cloud's clock
   * @param onItsWay how long a call whose end nobody knows may still have its effect
   */
  record Spans(Duration lease, Duration settle, Duration onItsWay) {}

  /**
   * How a cut stands.
   *
   * @param until when the last of the sessions dies by itself
   * @param appliedAt when the cloud said that it denies them; null if it has not
   * @param stuck whether the alarm was raised because it has not, or may not any more
   */
  record Standing(
      String cloud,
      String place,
      Instant askedAt,
      Instant until,
      @Nullable Instant appliedAt,
      boolean stuck) {}
}
