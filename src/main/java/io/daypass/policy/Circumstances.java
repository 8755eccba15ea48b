package io.daypass.policy;

import java.time.Duration;
import java.time.Instant;

/** When and from where somebody asks. The instant is the database's, the address the peer's. */
public record Circumstances(Instant now, String sourceIp) {

  /** The same, {@code later}. */
  public Circumstances after(Duration later) {
    return new Circumstances(now.plus(later), sourceIp);
  }
}
