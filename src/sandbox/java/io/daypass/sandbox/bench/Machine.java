package io.daypass.sandbox.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

/** What this machine can do at best, measured in the same run: the scale for everything else. */
final class Machine {

  private static final Duration EACH = Duration.ofSeconds(2);
  private static final byte[] TEXT =
      "a header.and a payload of about the size that a token has".getBytes(StandardCharsets.UTF_8);

  private Machine() {}

  /** Signs and verifies on one core, per second, with Corretto and with the JDK. */
  static void crypto(Table table) throws GeneralSecurityException {
    for (Provider provider : new Provider[] {AmazonCorrettoCryptoProvider.INSTANCE, null}) {
      var name = provider == null ? "JDK" : "Corretto";
      table.row("ES256 sign / verify, one core, " + name, rates("EC", "SHA256withECDSA", provider));
      table.row("RS256 sign / verify, one core, " + name, rates("RSA", "SHA256withRSA", provider));
    }
  }

  private static String rates(String type, String algorithm, Provider provider)
      throws GeneralSecurityException {
    var keys = keys(type, provider);
    var signer =
        provider == null
            ? Signature.getInstance(algorithm, jdk(algorithm))
            : Signature.getInstance(algorithm, provider);
    signer.initSign(keys.getPrivate());
    signer.update(TEXT);
    var signature = signer.sign();
    var signs =
        perSecond(() -> {
          signer.initSign(keys.getPrivate());
          signer.update(TEXT);
          signer.sign();
        });
    var verifies =
        perSecond(() -> {
          signer.initVerify(keys.getPublic());
          signer.update(TEXT);
          signer.verify(signature);
        });
    return "%,.0f/s  %,.0f/s".formatted(signs, verifies);
  }

  private static Provider jdk(String algorithm) {
    return Security.getProvider(algorithm.contains("ECDSA") ? "SunEC" : "SunRsaSign");
  }

  private static KeyPair keys(String type, Provider provider) throws GeneralSecurityException {
    var generator =
        provider == null
            ? KeyPairGenerator.getInstance(type)
            : KeyPairGenerator.getInstance(type, provider);
    if (type.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    } else {
      generator.initialize(2048);
    }
    return generator.generateKeyPair();
  }

  /** A step that may fail. */
  interface Step {
    void run() throws GeneralSecurityException;
  }

  private static double perSecond(Step step) throws GeneralSecurityException {
    var warm = System.nanoTime() + EACH.toNanos() / 4;
    while (System.nanoTime() < warm) {
      step.run();
    }
    var began = System.nanoTime();
    var until = began + EACH.toNanos() / 2;
    var count = 0L;
    while (System.nanoTime() < until) {
      step.run();
      count++;
    }
    return count / ((System.nanoTime() - began) / 1e9);
  }

  /** Inserts one small row and commits, over so many connections, as fast as it goes. */
  static Load.Result durableInserts(String jdbcUrl, int connections)
      throws SQLException, InterruptedException {
    return durableInserts(jdbcUrl, connections, EACH, Duration.ZERO);
  }

  /**
   * The same for {@code time}, at a pace.
   *
   * @param pause as {@link Load#run} has it
   */
  static Load.Result durableInserts(String jdbcUrl, int connections, Duration time, Duration pause)
      throws SQLException, InterruptedException {
    try (var setup = DriverManager.getConnection(jdbcUrl);
        var statement = setup.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS bench_insert (id bigserial, what text)");
    }
    var latencies = new ConcurrentLinkedQueue<long[]>();
    var failures = new ConcurrentLinkedQueue<Exception>();
    var until = System.nanoTime() + time.toNanos();
    try (var threads = Executors.newFixedThreadPool(connections)) {
      for (var i = 0; i < connections; i++) {
        var random = new Random(i);
        threads.execute(() -> {
          try {
            latencies.add(inserts(jdbcUrl, until, pause, random));
          } catch (SQLException | InterruptedException e) {
            failures.add(e);
          }
        });
      }
    }
    if (!failures.isEmpty()) {
      throw new SQLException("cannot insert", failures.peek());
    }
    return Load.Result.of(connections, 0, time, latencies);
  }

  private static long[] inserts(String jdbcUrl, long until, Duration pause, Random random)
      throws SQLException, InterruptedException {
    var nanos = LongStream.builder();
    try (var connection = DriverManager.getConnection(jdbcUrl);
        var insert =
            connection.prepareStatement("INSERT INTO bench_insert (what) VALUES ('a row')")) {
      while (System.nanoTime() < until) {
        Load.pause(pause, random);
        var began = System.nanoTime();
        insert.executeUpdate();
        nanos.add(System.nanoTime() - began);
      }
    }
    return nanos.build().toArray();
  }

  /** Answers of a bare Vert.x server that does nothing. */
  static Load.Result bareVertx(int clients) throws InterruptedException {
    var vertx = Vertx.vertx();
    try {
      var server =
          vertx
              .createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
              .requestHandler(request -> request.response().end("{}"))
              .listen(0)
              .toCompletionStage()
              .toCompletableFuture()
              .join();
      var request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      Load.run(server.actualPort(), clients, EACH.dividedBy(2), Duration.ZERO, _ -> request);
      return Load.run(server.actualPort(), clients, EACH, Duration.ZERO, _ -> request);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
