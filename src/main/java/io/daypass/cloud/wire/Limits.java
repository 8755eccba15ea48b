package io.daypass.cloud.wire;

import java.time.Duration;

/**
 * How long, how often and how much at once.
 *
 * @param total the longest one mint takes, whatever the cloud does, and the longest it waits for
 *     its turn, before anything is recorded
 * @param attempts the most often the cloud is asked for one mint
 * @param backoff the longest pause before the second attempt; twice that before the third
 * @param concurrent the most calls in flight through one gate; eight times as many are let up to it
 * @param breakAfter how many of the latest calls are looked at; if half of them failed, nothing is
 *     sent for {@code breakFor}
 */
public record Limits(
    Duration total,
    Duration connect,
    Duration attempt,
    int attempts,
    Duration backoff,
    int concurrent,
    int breakAfter,
    Duration breakFor) {

  public static final Limits STANDARD =
      new Limits(
          Duration.ofSeconds(8),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          3,
          Duration.ofMillis(200),
          // With those who wait, half of the places that a replica has for all its work.
          64,
          20,
          Duration.ofSeconds(5));
}
