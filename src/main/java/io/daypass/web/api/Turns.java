package io.daypass.web.api;

import io.daypass.identity.CallerId;
import java.util.HashSet;
import java.util.Set;

/** Who is at something that takes a lot of memory: each once, and a few altogether. */
final class Turns {

  private final int most;
  private final Set<CallerId> now = new HashSet<>();

  Turns(int most) {
    this.most = most;
  }

  /** What became of who wanted a turn. */
  enum Turn {
    /** Has it, until {@link #end}. */
    TAKEN,
    /** Is at it already. */
    SECOND,
    /** Others are. */
    TOO_MANY
  }

  synchronized Turn take(CallerId who) {
    if (now.contains(who)) {
      return Turn.SECOND;
    }
    if (now.size() >= most) {
      return Turn.TOO_MANY;
    }
    now.add(who);
    return Turn.TAKEN;
  }

  synchronized void end(CallerId who) {
    now.remove(who);
  }
}
