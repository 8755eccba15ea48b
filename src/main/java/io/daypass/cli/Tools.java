package io.daypass.cli;

import io.daypass.cli.screen.Screen;
import io.daypass.cli.screen.Times;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * What commands for people use of the machine beside its network.
 *
 * @param zone whose clock people read
 * @param unguessable new random text each time, 128 bits, fit for a path
 */
public record Tools(Screen screen, ZoneId zone, Supplier<String> unguessable) {

  private static final int BYTES = 16;

  /** Those of this process. */
  public static Tools of(Screen screen, ZoneId zone) {
    var random = new SecureRandom();
    return new Tools(
        screen,
        zone,
        () -> {
          var bytes = new byte[BYTES];
          random.nextBytes(bytes);
          return HexFormat.of().formatHex(bytes);
        });
  }

  Times times(Instant now) {
    return new Times(now, zone);
  }
}
