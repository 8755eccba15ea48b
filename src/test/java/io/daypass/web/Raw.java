package io.daypass.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends what no library would. */
final class Raw implements AutoCloseable {

  private final Socket socket;

  Raw(int port) throws IOException {
    this(port, "127.0.0.1");
  }

  /** From another address of this machine. */
  Raw(int port, String from) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
    socket.setSoTimeout(10_000);
  }

  Raw send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Everything until the server closes. */
  String all() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** The head of the next answer. */
  String head() throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      var c = socket.getInputStream().read();
      if (c < 0) {
        break;
      }
      head.append((char) c);
    }
    return head.toString();
  }

  /** Leaves out so much of what comes next. */
  void skip(int bytes) throws IOException {
    socket.getInputStream().skipNBytes(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
