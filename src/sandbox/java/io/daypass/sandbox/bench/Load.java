package io.daypass.sandbox.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/**
 * Closed-loop load over plain sockets: as many clients as asked for, each with one connection, each
 * asking again as soon as it was answered. Nearly all of the machine is left to the other side.
 */
final class Load {

  // At a pace the first answers tell what it takes to begin: connections, and a start in one
  // moment.
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private Load() {}

  /**
   * What a run showed.
   *
   * @param refused answers with another status than 200
   */
  record Result(int clients, long answered, long refused, Duration took, List<Long> sortedNanos) {

    static Result of(int clients, long refused, Duration took, Collection<long[]> nanos) {
      var all = nanos.stream().flatMapToLong(Arrays::stream).sorted().boxed().toList();
      return new Result(clients, all.size(), refused, took, all);
    }

    double perSecond() {
      return answered / (took.toNanos() / 1e9);
    }

    double millisAt(double quantile) {
      if (sortedNanos.isEmpty()) {
        return Double.NaN;
      }
      var index =
          (int) Math.min(sortedNanos.size() - 1L, Math.round(quantile * sortedNanos.size()));
      return sortedNanos.get(index) / 1e6;
    }
  }

  /** From when on answers count, and until when there are requests. */
  private record During(long began, long until) {}

  /** One client's next request, or null when it has no more. */
  interface Requests extends IntFunction<byte[]> {}

  /**
   * Runs {@code clients} for {@code time}.
   *
   * @param pause between an answer and the next request of a client, on average: each is drawn from
   *     an exponential distribution, as people who do not know of each other come; zero for as fast
   *     as it goes
   */
  static Result run(int port, int clients, Duration time, Duration pause, Requests requests)
      throws InterruptedException {
    var latencies = new ConcurrentLinkedQueue<long[]>();
    var refused = new AtomicLong();
    var settled = pause.isPositive() ? SETTLED : Duration.ZERO;
    var began = System.nanoTime() + settled.toNanos();
    var during = new During(began, began + time.toNanos());
    var tasks = new ArrayList<Runnable>();
    for (var client = 0; client < clients; client++) {
      var number = client;
      tasks.add(() -> latencies.add(loop(port, number, during, pause, requests, refused)));
    }
    try (var threads = Executors.newFixedThreadPool(clients)) {
      tasks.forEach(threads::execute);
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    return Result.of(clients, refused.get(), took, latencies);
  }

  private static long[] loop(
      int port, int client, During during, Duration pause, Requests requests, AtomicLong refused) {
    var nanos = LongStream.builder();
    var random = new Random(client);
    try (var socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(15_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      var in = socket.getInputStream();
      var out = socket.getOutputStream();
      var buffer = new byte[64 * 1024];
      while (System.nanoTime() < during.until()) {
        // Before the first one too, or all would come at once.
        pause(pause, random);
        var request = requests.apply(client);
        if (request == null) {
          break;
        }
        var sent = System.nanoTime();
        out.write(request);
        if (answer(in, buffer) == 200) {
          if (sent >= during.began()) {
            nanos.add(System.nanoTime() - sent);
          }
        } else {
          if (refused.getAndIncrement() == 0) {
            System.err.println("refused: " + new String(buffer, 0, 600, StandardCharsets.UTF_8));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return nanos.build().toArray();
  }

  /** Sleeps for {@code mean} on average, each time drawn from an exponential distribution. */
  static void pause(Duration mean, Random random) throws InterruptedException {
    if (mean.isPositive()) {
      Thread.sleep(Duration.ofNanos((long) (mean.toNanos() * -Math.log(1 - random.nextDouble()))));
    }
  }

  /** Reads one answer whole; says its status. */
  private static int answer(InputStream in, byte[] buffer) throws IOException {
    var filled = 0;
    while (true) {
      var read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        throw new IOException("closed: " + new String(buffer, 0, filled, StandardCharsets.UTF_8));
      }
      filled += read;
      var head = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
      var end = head.indexOf("\r\n\r\n");
      if (end >= 0) {
        var length = contentLength(head.substring(0, end));
        if (filled >= end + 4 + length) {
          return Integer.parseInt(head.substring(9, 12));
        }
      }
    }
  }

  private static int contentLength(String head) {
    for (var line : List.of(head.split("\r\n"))) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        return Integer.parseInt(line.substring(15).trim());
      }
    }
    return 0;
  }
}
