package io.daypass.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.IdentityHashMap;

/**
 * Keeps slow and many clients from holding on to connections and memory: so many in all, so many
 * from one address, so many that owe something or rest, and a deadline for everything a client may
 * take its time with. An idle time-out alone does not do: whoever sends a byte now and then is
 * never idle.
 */
final class Connections {

  private final Vertx vertx;
  private final HttpLimits limits;
  private final Capacity capacity;
  private final Awaited<Watch> awaited;
  private final IdentityHashMap<HttpConnection, Watch> watched = new IdentityHashMap<>();

  /** One for each of so many event loops; {@code capacity} is shared by all of a server. */
  Connections(Vertx vertx, HttpLimits limits, Capacity capacity, int loops) {
    this.vertx = vertx;
    this.limits = limits;
    this.capacity = capacity;
    this.awaited = new Awaited<>(Math.max(1, limits.awaited() / loops));
  }

  void opened(HttpConnection connection) {
    var client = capacity.client(host(connection));
    if (!capacity.enter(client)) {
      connection.close();
      return;
    }
    Decoder.on(connection, limits);
    var watch = new Watch(connection, client);
    watched.put(connection, watch);
    connection.closeHandler(_ -> {
      watch.rest();
      watch.giveBack();
      watched.remove(connection);
      capacity.leave(client);
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

  /** Whether there is memory for the body that is on its way, until all that came is answered. */
  boolean hasRoom(HttpServerRequest request) {
    var weight = Head.weight(request);
    if (weight <= limits.smallBytes()) {
      return true;
    }
    var watch = watched.get(request.connection());
    return watch != null && watch.take(weight);
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
      watch.giveBack();
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

  /** The one deadline of a connection, and what it holds. */
  private final class Watch {
    private final HttpConnection connection;
    private final Capacity.Client client;
    private long timer = -1;
    private int open;
    private long room;
    private boolean condemned;

    Watch(HttpConnection connection, Capacity.Client client) {
      this.connection = connection;
      this.client = client;
    }

    void within(Duration time) {
      rest();
      timer = vertx.setTimer(Math.max(1, time.toMillis()), _ -> end());
      awaited.add(client.household(), this).ifPresent(Watch::end);
    }

    /** For good: a head that it breaks off is told as an unreadable one, and is awaited no more. */
    private void end() {
      condemned = true;
      rest();
      connection.close();
    }

    void rest() {
      vertx.cancelTimer(timer);
      timer = -1;
      awaited.remove(client.household(), this);
    }

    boolean take(long bytes) {
      if (!capacity.take(client, bytes)) {
        return false;
      }
      room += bytes;
      return true;
    }

    void giveBack() {
      if (room > 0) {
        capacity.giveBack(client, room);
        room = 0;
      }
    }
  }
}
