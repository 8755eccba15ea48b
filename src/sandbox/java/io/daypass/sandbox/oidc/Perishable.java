package io.daypass.sandbox.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Values that can be taken once, within a while; bounded. */
final class Perishable<T> {

  private static final int KEPT = 10_000;

  private final InstantSource clock;
  private final Duration life;
  private final LinkedHashMap<String, Kept<T>> values = new LinkedHashMap<>();

  private record Kept<T>(T value, Instant until) {}

  Perishable(InstantSource clock, Duration life) {
    this.clock = clock;
    this.life = life;
  }

  synchronized void put(String key, T value) {
    if (values.size() == KEPT) {
      values.pollFirstEntry();
    }
    values.put(key, new Kept<>(value, clock.instant().plus(life)));
  }

  synchronized Optional<T> peek(String key) {
    return Optional.ofNullable(values.get(key))
        .filter(kept -> clock.instant().isBefore(kept.until()))
        .map(Kept::value);
  }

  synchronized Optional<T> take(String key) {
    var value = peek(key);
    values.remove(key);
    return value;
  }
}
