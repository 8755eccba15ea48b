package io.daypass.cloud.aws;

import com.sun.management.OperatingSystemMXBean;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Waits;
import io.daypass.issuer.Assertions.Algorithm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a mint costs this broker's processor: run by hand, against a canned STS in a process of its
 * own. Prints mints a second and processor time per mint, for several numbers of callers.
 */
final class MintBench {

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private MintBench() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 1) {
      serve(arguments[0]);
      return;
    }
    try (var bench = new Bench()) {
      bench.cloud.mint(Grants.standard().recorded());
      var server = server(bench);
      try (var reader =
          new BufferedReader(
              new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
        var at = URI.create("http://127.0.0.1:" + reader.readLine());
        try (var cloud = bench.cloud(at, at, Waits.QUICK)) {
          signatures(bench);
          for (int callers : new int[] {1, 16, 64, 1, 16, 64}) {
            measure(cloud, callers, 15_000);
          }
        }
      } finally {
        server.destroy();
      }
    }
    System.exit(0);
  }

  private static Process server(Bench bench) throws IOException {
    var canned = new String[1];
    bench.sts.answer =
        answer -> {
          canned[0] = answer;
          return answer;
        };
    try {
      bench.cloud.mint(Grants.standard().recorded());
    } catch (MintException e) {
      throw new AssertionError(e);
    }
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            MintBench.class.getName(),
            canned[0])
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void signatures(Bench bench) throws Exception {
    var target = (io.daypass.policy.Target.Aws) Grants.standard().target();
    var config = AwsConfig.of(io.daypass.issuer.Signing.ISSUER);
    for (int round = 0; round < 3; round++) {
      var cpu = SYSTEM.getProcessCpuTime();
      for (int i = 0; i < 10_000; i++) {
        var wanted = WantedSession.of(Grants.standard().recorded(), target, config);
        bench.keys.sign(wanted.assertion(), Algorithm.ES256);
      }
      System.out.printf(
          "compose and sign: %.1f us%n", (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / 10_000);
    }
  }

  private static void measure(AwsCloud cloud, int callers, int mints) throws Exception {
    var left = new AtomicInteger(mints);
    var took = new long[mints];
    var done = new CountDownLatch(callers);
    var cpu = SYSTEM.getProcessCpuTime();
    var begun = System.nanoTime();
    for (int i = 0; i < callers; i++) {
      Thread.ofVirtual().start(() -> call(cloud, left, took, done));
    }
    done.await();
    var seconds = (System.nanoTime() - begun) / 1e9;
    Arrays.sort(took);
    System.out.printf(
        "%2d callers: %6.0f mints/s, %4.0f us processor each, p50 %.2f ms, p99 %.2f ms%n",
        callers,
        mints / seconds,
        (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / mints,
        took[mints / 2] / 1e6,
        took[mints * 99 / 100] / 1e6);
  }

  private static void call(AwsCloud cloud, AtomicInteger left, long[] took, CountDownLatch done) {
    try {
      for (int i = left.decrementAndGet(); i >= 0; i = left.decrementAndGet()) {
        var begun = System.nanoTime();
        var index = i;
        // A thread for each, as the broker has.
        var thread = Thread.ofVirtual().start(() -> mint(cloud));
        thread.join();
        took[index] = System.nanoTime() - begun;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  private static void mint(AwsCloud cloud) {
    try {
      cloud.mint(Grants.standard().recorded());
    } catch (MintException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void serve(String answer) throws IOException {
    var body = answer.getBytes(StandardCharsets.UTF_8);
    var head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " + body.length + "\r\n\r\n";
    var all = Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + body.length);
    System.arraycopy(body, 0, all, head.length(), body.length);
    try (var socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
      System.out.println(socket.getLocalPort());
      while (true) {
        var client = socket.accept();
        client.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> answer(client, all));
      }
    }
  }

  private static void answer(Socket client, byte[] all) {
    try (client) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      var buffer = new byte[64 * 1024];
      int have = 0;
      while (true) {
        int read = in.read(buffer, have, buffer.length - have);
        if (read < 0) {
          return;
        }
        have += read;
        if (complete(new String(buffer, 0, have, StandardCharsets.ISO_8859_1))) {
          have = 0;
          out.write(all);
        }
      }
    } catch (IOException e) {
      // The client is done.
    }
  }

  private static boolean complete(String request) {
    int end = request.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    var length =
        request.substring(0, end).toLowerCase(java.util.Locale.ROOT).split("content-length: ", -1);
    return request.length() - end - 4 >= Integer.parseInt(length[1].split("\r\n", -1)[0]);
  }
}
