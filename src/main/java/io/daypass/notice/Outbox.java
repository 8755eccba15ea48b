package io.daypass.notice;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Where notices wait to be told. They get there in the very transactions that make happen what they
 * tell of. Every method throws {@link io.daypass.request.StoreUnavailableException} when what it
 * wrote is not known to be durable.
 */
public interface Outbox {

  /**
   * Writes notices of requests that lapsed; says how many.
   *
   * @param settle for so long a decision that came in time may still be on its way
   */
  int noteLapses(Duration settle);

  /**
   * Lays out what is new for the channels that tell of its kind; says how many notices were new.
   */
  int spread(Map<String, Set<NoticeKind>> channels, int limit);

  /**
   * Takes on what is due on a channel, at most {@code limit}. Nobody else is given it for {@code
   * lease}.
   */
  List<Claimed> claim(String channel, int limit, Duration lease);

  /** It was taken at the other end. */
  void delivered(Claimed claimed);

  /** It was not, and comes again after {@code pause}, unless it is older than {@code patience}. */
  Fate notDelivered(Claimed claimed, String code, Duration pause, Duration patience);

  /** What waits, by channel and kind. */
  List<Backlog> backlog();

  /**
   * Gives up what is older than {@code patience} and waits for a channel that nobody has any more,
   * and forgets what is done and older than {@code keep}.
   *
   * @return the channel of each notice that was given up
   */
  List<String> forget(Duration patience, Duration keep);

  /**
   * A notice to deliver over a channel.
   *
   * @param claim proves that it was given to its holder, and not to another since
   * @param tries how often it was tried, with this one
   */
  record Claimed(Notice notice, String channel, UUID claim, int tries) {}

  /** What becomes of a notice that was not delivered. */
  enum Fate {
    AGAIN,
    GIVEN_UP,
    /** Somebody else has it by now, or it is done. */
    CLOSED
  }

  /** How many notices of a kind wait for a channel, and for how long the oldest has. */
  record Backlog(String channel, String kind, long count, Duration oldest) {}
}
