package io.daypass.policy.yaml;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Time zones by their name in the IANA database: an offset knows nothing of summer. */
final class Zones {

  static final ZoneId UTC = ZoneOffset.UTC;

  private Zones() {}

  static Optional<ZoneId> parse(String name) {
    if (name.equals("UTC")) {
      return Optional.of(UTC);
    }
    return name.indexOf('/') > 0 && ZoneId.getAvailableZoneIds().contains(name)
        ? Optional.of(ZoneId.of(name))
        : Optional.empty();
  }
}
