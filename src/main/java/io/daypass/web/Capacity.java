package io.daypass.web;

/**
 * What a replica has for its clients before it knows who they are, in all and for each household:
 * connections, and memory for what they send. One for all of a server.
 */
final class Capacity {

  private final HttpLimits limits;
  private final Peers peers;
  private final Shares<String> connections;
  private final Shares<String> room;

  Capacity(HttpLimits limits, Peers peers) {
    this.limits = limits;
    this.peers = peers;
    this.connections = new Shares<>(limits.connections());
    this.room = new Shares<>(limits.roomBytes());
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
  boolean enter(Client client) {
    return connections.take(client.household(), 1, most(client, limits.connectionsPerPeer()));
  }

  void leave(Client client) {
    connections.giveBack(client.household());
  }

  /** Memory for {@code bytes} that are on their way. */
  boolean take(Client client, long bytes) {
    return room.take(client.household(), bytes, most(client, limits.roomBytesPerPeer()));
  }

  void giveBack(Client client, long bytes) {
    room.giveBack(client.household(), bytes);
  }

  private static long most(Client client, int each) {
    return client.isProxy() ? Long.MAX_VALUE : each;
  }
}
