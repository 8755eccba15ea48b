package io.daypass.notice;

import java.util.Set;

/**
 * A way to people, as the operator named it.
 *
 * @param of the kinds it tells of; nothing else goes this way
 */
public record Channel(String name, Set<NoticeKind> of, Medium medium) {
  public Channel {
    of = Set.copyOf(of);
  }
}
