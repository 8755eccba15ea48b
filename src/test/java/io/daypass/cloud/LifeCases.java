package io.daypass.cloud;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Grants of every sort of end, now and role: over long ago or just now, with a moment left, with
 * days. The same for the same seed, which a failure names.
 */
public final class LifeCases {

  /** For each of four clouds: 10,000 in all. */
  public static final int EACH = 2_500;

  private LifeCases() {}

  /** {@code base} with an end, a now and a credential-lifetime drawn anew each time. */
  public static Stream<Grants> of(long seed, Grants base) {
    var random = new SplittableRandom(seed);
    return IntStream.range(0, EACH).mapToObj(_ -> drawn(random, base));
  }

  private static Grants drawn(SplittableRandom random, Grants base) {
    var now = Grants.NOW.plusNanos(random.nextLong(20_000_000_000L));
    return base.at(now).ending(end(random, now)).lifetime(lifetime(random));
  }

  private static Instant end(SplittableRandom random, Instant now) {
    var left =
        switch (random.nextInt(4)) {
          case 0 -> random.nextLong(-60_000, 5_000);
          case 1 -> random.nextLong(30_000);
          case 2 -> random.nextLong(Duration.ofHours(1).toMillis());
          default -> random.nextLong(Duration.ofHours(26).toMillis());
        };
    // As often as not at a whole second, as the database has it.
    var end = now.plusMillis(left);
    return random.nextBoolean() ? end.truncatedTo(ChronoUnit.SECONDS) : end;
  }

  private static Duration lifetime(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> Duration.ofSeconds(random.nextLong(1, 900));
      case 1 -> Duration.ofSeconds(random.nextLong(900, 3_601));
      default -> Duration.ofSeconds(random.nextLong(3_600, 43_201));
    };
  }
}
