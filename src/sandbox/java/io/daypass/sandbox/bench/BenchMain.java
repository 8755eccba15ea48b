package io.daypass.sandbox.bench;

import io.daypass.sandbox.run.CannotRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.stream.Collectors;

/** {@code make bench}: what this machine can do, and what the broker makes of it, in one run. */
public final class BenchMain {

  private static final Duration EACH = Duration.ofSeconds(8);
  // Until hardly anything is left to compile: what is measured is a broker that has run for a
  // while.
  private static final Duration WARM_UP = Duration.ofSeconds(100);
  private static final int RUNS = 7;
  private static final Duration SETTLING = Duration.ofSeconds(20);
  // What happens once a minute, such as a connection that is made anew, has then been compiled.
  private static final Duration LEAD_IN = Duration.ofSeconds(70);

  private final Table table = new Table(System.out);
  private final Bench bench;

  private BenchMain(Bench bench) {
    this.bench = bench;
  }

  public static void main(String[] args) throws Exception {
    System.setProperty("logback.configurationFile", "sandbox/logback.xml");
    var data = Files.createTempDirectory("daypass-bench");
    try (var bench = new Bench(Path.of("target/daypass/bin/daypass"), data)) {
      bench.awaitReady();
      new BenchMain(bench).run();
    } catch (CannotRun e) {
      System.err.println("daypass: error: " + e.getMessage());
      System.err.println("daypass: hint: " + e.hint());
      System.exit(1);
    }
    System.exit(0);
  }

  private void run()
      throws IOException, CannotRun, GeneralSecurityException, InterruptedException, SQLException {
    table.title("This machine (" + Runtime.getRuntime().availableProcessors() + " processors)");
    Machine.crypto(table);
    for (var connections : new int[] {1, 16, 64}) {
      load(
          "durable insert of one row, " + connections + " connections",
          Machine.durableInserts(bench.jdbcUrl(), connections));
    }
    load("bare Vert.x request, 16 clients", Machine.bareVertx(16));
    cloud();

    bench.client().run(table, "bench");

    // Clients and stand-in are compiled while they run, as the broker is: both halves below are to
    // find them so, and a broker that has just been started on tables that are there.
    Load.run(bench.brokerPort(), 16, WARM_UP, Duration.ZERO, bench.standing());
    half("Daypass, everything on this machine");
    bench.fillLedger(1_000_000);
    half("The same with 1,000,000 ledger entries");
  }

  private void half(String title)
      throws IOException, CannotRun, InterruptedException, SQLException {
    table.title(title);
    table.row("start to ready, existing database", "%,d ms".formatted(bench.restart().toMillis()));
    issuances();
    table.row("resident memory after the load", "%,d MiB".formatted(bench.residentMiB()));
  }

  private void cloud() throws InterruptedException {
    var requests = bench.cloud();
    Load.run(bench.cloudPort(), 16, Duration.ofSeconds(3), Duration.ZERO, requests);
    for (var clients : new int[] {1, 16}) {
      load(
          "stand-in for AWS asked directly, " + clients + " clients",
          Load.run(bench.cloudPort(), clients, EACH.dividedBy(2), Duration.ZERO, requests));
    }
  }

  private void issuances() throws InterruptedException, IOException, SQLException {
    var standing = bench.standing();
    Load.run(bench.brokerPort(), 16, WARM_UP, Duration.ZERO, standing);
    bench.checkpoint();
    Load.run(bench.brokerPort(), 16, SETTLING, Duration.ZERO, standing);
    var atSixteen = 0.0;
    for (var clients : new int[] {1, 16, 64}) {
      var result = measured("issuances under a grant, " + clients + " clients", clients, standing);
      atSixteen = clients == 16 ? result.perSecond() : atSixteen;
    }
    bench.checkpoint();
    paced("at half load", atSixteen / 2, LEAD_IN);
    // The same on every machine and for every version, so that they compare.
    paced("at 750 a second", 750, SETTLING);
    measured("issuances that open a request each, 16 clients", 16, bench.opening(12_000));
    Storm.measure(table, bench);
  }

  private Load.Result measured(String what, int clients, Load.Requests requests)
      throws InterruptedException, IOException {
    var before = bench.cpu();
    var result = Load.run(bench.brokerPort(), clients, EACH, Duration.ZERO, requests);
    var used = bench.cpu().minus(before);
    load(what, result);
    var each = Math.max(1, result.answered());
    table.row(
        "  CPU each: broker, Postgres, stand-in and clients",
        "%.2f ms   %.2f ms   %.2f ms"
            .formatted(
                used.broker().toNanos() / 1e6 / each,
                used.postgres().toNanos() / 1e6 / each,
                used.bench().toNanos() / 1e6 / each));
    return result;
  }

  /**
   * 16 clients that together ask {@code perSecond} times a second, beside the cloud and the disk
   * alone at the same pace. The median of several runs: where the disk holds up one commit for a
   * tenth of a second, the run says what the disk is like.
   */
  private void paced(String what, double perSecond, Duration leadIn)
      throws InterruptedException, SQLException {
    var requests = bench.standing();
    // A quarter of the time is taken for the answers.
    var pause = Duration.ofNanos((long) (16 / perSecond * 0.75e9));
    var without = Load.run(bench.cloudPort(), 16, EACH, pause, bench.cloud());
    // At this pace other code is hot.
    Load.run(bench.brokerPort(), 16, leadIn, pause, requests);
    var runs = new ArrayList<Load.Result>();
    for (var i = 0; i < RUNS; i++) {
      runs.add(Load.run(bench.brokerPort(), 16, EACH, pause, requests));
    }
    runs.sort(Comparator.comparingDouble(run -> run.millisAt(0.99)));
    var with = runs.get(RUNS / 2);
    load(what + ", 16 clients, median of " + RUNS + " runs", with);
    load("  the cloud alone at that pace", without);
    load(
        "  a durable insert alone at that pace",
        Machine.durableInserts(bench.jdbcUrl(), 16, EACH, pause));
    table.row(
        "  added by the broker",
        "p50 %.1f ms   p99 %.1f ms   (p99 of the runs: %s)"
            .formatted(
                with.millisAt(0.5) - without.millisAt(0.5),
                with.millisAt(0.99) - without.millisAt(0.99),
                runs.stream()
                    .map(run -> "%.1f".formatted(run.millisAt(0.99) - without.millisAt(0.99)))
                    .collect(Collectors.joining(" "))));
  }

  private void load(String what, Load.Result result) {
    table.row(
        what,
        "%,.0f/s   p50 %.1f ms   p99 %.1f ms%s"
            .formatted(
                result.perSecond(),
                result.millisAt(0.5),
                result.millisAt(0.99),
                result.refused() == 0 ? "" : "   REFUSED " + result.refused()));
  }
}
