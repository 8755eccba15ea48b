package io.daypass.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Keeps slow and many clients from holding on to connections: so many in all, so many from one
 * address, and a deadline for everything a client may take its time with. An idle time-out alone
 * does not do: whoever sends a byte now and then is never idle.
 */
final class Connections {

  private final Vertx vertx;
  private final HttpLimits limits;
  private final Count count;
  private final IdentityHashMap<HttpConnection, Watch> watched = new IdentityHashMap<>();

  /** One for each event loop; {@code count} is shared by all of a server. */
  Connections(Vertx vertx, HttpLimits limits, Count count) {
    this.vertx = vertx;
    this.limits = limits;
    this.count = count;
  }

  void opened(HttpConnection connection) {
    var peer = host(connection);
    if (!count.enter(peer)) {
      connection.close();
      return;
    }
    var watch = new Watch(connection);
    watched.put(connection, watch);
    connection.closeHandler(_ -> {
      watch.rest();
      watched.remove(connection);
      count.leave(peer);
    });
    watch.within(limits.headWithin());
  }

  void headRead(HttpServerRequest request) {
    var watch = watched.get(request.connection());
    if (watch != null) {
      watch.open++;
      watch.within(limits.bodyWithin());
    }
  }

  void bodyRead(HttpServerRequest request) {
    var watch = watched.get(request.connection());
    if (watch != null) {
      watch.rest();
    }
  }

  void answered(HttpServerRequest request) {
    var watch = watched.get(request.connection());
    // With pipelining the next request may be read before this one's answer is on its way.
    if (watch != null && --watch.open == 0) {
      watch.within(limits.idle());
    }
  }

  /** Whatever else comes over this connection is not read as a request any more. */
  void condemn(HttpConnection connection) {
    var watch = watched.get(connection);
    if (watch != null) {
      watch.condemned = true;
    }
  }

  boolean isCondemned(HttpConnection connection) {
    var watch = watched.get(connection);
    // A connection that was never let in has no watch.
    return watch == null || watch.condemned;
  }

  static String host(HttpConnection connection) {
    var address = connection.remoteAddress();
    var host = address == null ? null : address.hostAddress();
    return host == null ? "" : host;
  }

  /** The one deadline of a connection. */
  private final class Watch {
    private final HttpConnection connection;
    private long timer = -1;
    private int open;
    private boolean condemned;

    Watch(HttpConnection connection) {
      this.connection = connection;
    }

    void within(Duration time) {
      rest();
      timer = vertx.setTimer(Math.max(1, time.toMillis()), _ -> connection.close());
    }

    void rest() {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  /** How many connections there are. */
  static final class Count {
    private final HttpLimits limits;
    private final Peers peers;
    private final Map<String, Integer> byPeer = new HashMap<>();
    private int all;

    Count(HttpLimits limits, Peers peers) {
      this.limits = limits;
      this.peers = peers;
    }

    synchronized boolean enter(String peer) {
      var its = byPeer.getOrDefault(Peers.household(peer), 0);
      if (all >= limits.connections()
          || (its >= limits.connectionsPerPeer() && !peers.isProxy(peer))) {
        return false;
      }
      all++;
      byPeer.merge(Peers.household(peer), 1, Integer::sum);
      return true;
    }

    synchronized void leave(String peer) {
      all--;
      byPeer.computeIfPresent(Peers.household(peer), (_, its) -> its == 1 ? null : its - 1);
    }
  }
}
