package io.daypass.cli.loopback;

import io.daypass.cli.credential.Keys;
import java.time.Instant;

/** Where an endpoint's keys come from. Asked by several threads at once. */
@FunctionalInterface
public interface Supply {

  /** What there is now. */
  Answer take();

  /** What the supply has. */
  sealed interface Answer {

    /** Keys that are good now. */
    record Given(Keys keys, Instant expires) implements Answer {}

    /**
     * None.
     *
     * @param code stable, in the words of the broker
     * @param message for whoever reads the SDK's error
     * @param again whether it may come right by itself
     */
    record None(String code, String message, boolean again) implements Answer {}
  }

  /** A supply that went over to another cloud's keys. */
  static Answer.None changed() {
    return new Answer.None("refused", "the role leads to another cloud now", false);
  }
}
