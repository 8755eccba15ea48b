package io.daypass.notice.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** As much of a mail server as TLS and faults need (RFC 5321, 3207). */
final class SmtpStandIn implements AutoCloseable {

  /** How it behaves. */
  enum Manner {
    TLS,
    STARTTLS,
    CLEAR,
    HANGS,
    DRIPS,
    REFUSES_RECIPIENTS,
    TALKS_NONSENSE
  }

  final List<String> commands = new CopyOnWriteArrayList<>();
  final List<String> letters = new CopyOnWriteArrayList<>();

  private final ServerSocket server;
  private final Manner manner;
  private final SSLContext tls;

  SmtpStandIn(Manner manner, SSLContext tls) throws IOException {
    this.manner = manner;
    this.tls = tls;
    this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket accepted) {
    try (accepted) {
      var socket = manner == Manner.TLS ? secured(accepted) : accepted;
      switch (manner) {
        case HANGS -> accepted.getInputStream().read();
        case DRIPS -> drip(socket.getOutputStream());
        case TALKS_NONSENSE -> say(socket, "<html>Please sign in to the Wi-Fi");
        case TLS, STARTTLS, CLEAR, REFUSES_RECIPIENTS -> {
          say(socket, "220 stand-in");
          talk(socket);
        }
      }
    } catch (IOException | InterruptedException e) {
      commands.add("broken " + e.getClass().getSimpleName());
    }
  }

  private static void drip(OutputStream out) throws IOException, InterruptedException {
    while (true) {
      out.write("220-slow\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      Thread.sleep(50);
    }
  }

  private void talk(Socket first) throws IOException {
    var socket = first;
    var in = reader(socket);
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var command = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      commands.add(command);
      switch (command) {
        case "EHLO" -> {
          say(socket, "250-stand-in");
          if (manner == Manner.STARTTLS && !(socket instanceof SSLSocket)) {
            say(socket, "250-STARTTLS");
          }
          say(socket, "250 AUTH PLAIN LOGIN");
        }
        case "STARTTLS" -> {
          say(socket, "220 go ahead");
          socket = secured(socket);
          in = reader(socket);
        }
        case "AUTH" -> say(socket, "535 no");
        case "RCPT" -> say(socket, manner == Manner.REFUSES_RECIPIENTS ? "550 no" : "250 ok");
        case "DATA" -> {
          say(socket, "354 go ahead");
          letters.add(letter(in));
          say(socket, "250 taken");
        }
        case "QUIT" -> {
          say(socket, "221 bye");
          return;
        }
        default -> say(socket, "250 ok");
      }
    }
  }

  private static String letter(BufferedReader in) throws IOException {
    var text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private Socket secured(Socket socket) throws IOException {
    var secure =
        (SSLSocket) tls.getSocketFactory().createSocket(socket, (@Nullable String) null, -1, true);
    secure.setUseClientMode(false);
    secure.startHandshake();
    return secure;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
