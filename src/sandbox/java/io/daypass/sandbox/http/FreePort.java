package io.daypass.sandbox.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for who must name theirs before they listen. */
public final class FreePort {

  // Below those that Linux gives to outgoing connections (32768 on): none is taken by one of them
  // between being found and being listened on, or while whoever listens is started again.
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final int TRIES = 100;
  // One after another from anywhere: two that are found before either is listened on differ.
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

  private FreePort() {}

  /** A port of this machine on which nobody listens. */
  public static int find() throws IOException {
    for (var attempt = 0; attempt < TRIES; attempt++) {
      var port = FIRST + Math.floorMod(NEXT.getAndIncrement(), END - FIRST);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException _) {
        // Somebody has it: another one.
      }
    }
    throw new IOException("no free port from " + FIRST + " to " + END);
  }
}
