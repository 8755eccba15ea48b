package io.daypass.web;

import java.util.HashMap;
import java.util.Map;

/**
 * What a replica has for its clients before it knows who they are, in all and for each household:
 * connections, and memory for what they send. One for all of a server.
 */
final class Capacity {

  private final HttpLimits limits;
  private final Peers peers;
  private final Map<String, Integer> connections = new HashMap<>();
  private final Map<String, Long> room = new HashMap<>();
  private int allConnections;
  private long allRoom;

  Capacity(HttpLimits limits, Peers peers) {
    this.limits = limits;
    this.peers = peers;
  }

  /**
   * Who is at the other end of a connection.
   *
   * @param isProxy everybody may come from there: it has no share of its own
   */
  record Client(String household, boolean isProxy) {}

  Client client(String address) {
    return new Client(Peers.household(address), peers.isProxy(address));
  }

  /** A place for one more connection. */
  synchronized boolean enter(Client client) {
    var its = connections.getOrDefault(client.household(), 0);
    if (allConnections >= limits.connections()
        || (its >= limits.connectionsPerPeer() && !client.isProxy())) {
      return false;
    }
    allConnections++;
    connections.put(client.household(), its + 1);
    return true;
  }

  synchronized void leave(Client client) {
    allConnections--;
    connections.computeIfPresent(client.household(), (_, its) -> its == 1 ? null : its - 1);
  }

  /** Memory for {@code bytes} that are on their way. */
  synchronized boolean take(Client client, long bytes) {
    var its = room.getOrDefault(client.household(), 0L) + bytes;
    if (allRoom + bytes > limits.roomBytes()
        || (its > limits.roomBytesPerPeer() && !client.isProxy())) {
      return false;
    }
    allRoom += bytes;
    room.put(client.household(), its);
    return true;
  }

  synchronized void giveBack(Client client, long bytes) {
    allRoom -= bytes;
    room.computeIfPresent(client.household(), (_, its) -> its == bytes ? null : its - bytes);
  }
}
