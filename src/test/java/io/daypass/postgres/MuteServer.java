package io.daypass.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that takes every connection and never says a word, as one that is frozen. */
final class MuteServer implements AutoCloseable {

  private final ServerSocket socket;
  private final boolean hangsUp;
  private final AtomicInteger came = new AtomicInteger();
  private final Set<Socket> connected = ConcurrentHashMap.newKeySet();

  private MuteServer(boolean hangsUp) throws IOException {
    this.hangsUp = hangsUp;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  /** One that keeps every connection until the other end closes it. */
  static MuteServer start() throws IOException {
    return new MuteServer(false);
  }

  /** One that closes every connection at once. */
  static MuteServer thatHangsUp() throws IOException {
    return new MuteServer(true);
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        connected.add(client);
        came.incrementAndGet();
        Thread.ofVirtual().start(() -> hear(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void hear(Socket client) {
    try (client) {
      if (!hangsUp) {
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException _) {
      // Closed by the other end, or by us at the end.
    } finally {
      connected.remove(client);
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  /** How many connections there have been. */
  int came() {
    return came.get();
  }

  /** Whether somebody came, and all have gone again. */
  boolean isLeft() {
    return came.get() > 0 && connected.isEmpty();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (var client : connected) {
      client.close();
    }
  }
}
