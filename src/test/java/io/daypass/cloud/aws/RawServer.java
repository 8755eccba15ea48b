package io.daypass.cloud.aws;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server below HTTP, for answers that no HTTP server would give. */
final class RawServer implements AutoCloseable {

  interface Script {
    void play(OutputStream out) throws Exception;
  }

  private final ServerSocket socket;
  final AtomicInteger connections = new AtomicInteger();

  RawServer(Script script) {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> serve(script));
  }

  private void serve(Script script) {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> play(client, script));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void play(Socket client, Script script) {
    try (client) {
      // The request is small: what has come by now is enough to answer.
      client.getInputStream().read(new byte[64 * 1024]);
      script.play(client.getOutputStream());
    } catch (Exception e) {
      // The broker hung up, as it should.
    }
  }

  /** {@code text}, then one byte at a time for ever. */
  static Script dripping(String text) {
    return out -> {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
      while (true) {
        out.write('a');
        out.flush();
        Thread.sleep(50);
      }
    };
  }

  static Script saying(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  URI at() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
