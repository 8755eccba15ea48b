package io.daypass.sandbox.bench;

import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.aws.StandInRole;
import io.daypass.sandbox.postgres.Database;
import io.daypass.sandbox.postgres.PostgresSandbox;
import io.daypass.sandbox.run.BrokerProcess;
import io.daypass.sandbox.run.CannotRun;
import io.daypass.sandbox.run.DataFolder;
import io.daypass.sandbox.run.SettingsFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The broker under load, with the stand-in for AWS, the clients and Postgres on this machine. */
final class Bench implements AutoCloseable {

  private static final int PORT = 18_080;
  private static final String URL = "http://localhost:" + PORT;
  private static final String ACCOUNT = "123456789012";
  private static final int CLIENTS = 64;

  private final DataFolder folder;
  private final PostgresSandbox postgres;
  private final Database database;
  private final Sandbox sandbox;
  private final Path launcher;
  private final Path settings;
  private BrokerProcess broker;

  Bench(Path launcher, Path data) throws IOException, CannotRun {
    this.launcher = launcher;
    this.folder = DataFolder.take(data);
    this.postgres =
        PostgresSandbox.options()
            .data(folder.file("postgres"))
            .durable()
            // As one that has a machine's memory; and so much of its log is kept for use again.
            .config("shared_buffers", "1GB")
            .config("min_wal_size", "1GB")
            .passwords(
                Files.readString(folder.secretText("owner-password")),
                Files.readString(folder.secretText("app-password")))
            .start();
    this.database = postgres.database("daypass");
    // What it would remember of a load this process would have to keep: its pauses were the slowest
    // that was measured.
    this.sandbox = Sandbox.options().remember(200).start();
    sandbox.trust(URL);
    sandbox.aws().add(StandInRole.of(ACCOUNT, "daypass-bench", Duration.ofHours(12), "role:bench"));
    direct();
    this.settings = settings();
    this.broker = BrokerProcess.start(launcher, settings, folder);
  }

  /** A role that a run's token may take without a broker: the cloud's own answer time. */
  private void direct() {
    sandbox.aws().trust(sandbox.github().provider().issuer());
    sandbox
        .aws()
        .add(
            new StandInRole(
                ACCOUNT,
                "daypass-direct",
                Duration.ofHours(12),
                "direct",
                "repo:acme/shop:ref:refs/heads/main",
                true,
                true,
                false));
  }

  private Path settings() throws IOException {
    var policies = Files.createDirectories(folder.file("policies"));
    Files.writeString(
        policies.resolve("bench.yaml"),
        """
        role: bench
        description: Measured, and nothing else
        access: read-only
        sensitivity: low
        target:
          aws:
            role-arn: arn:aws:iam::123456789012:role/daypass-bench
        max-duration: 8h
        credential-lifetime: 1h
        rules:
          - name: workers
            workload: { kubernetes: { namespace: bench, serviceaccount: worker } }
            approval: automatic
          - name: runs
            workload:
              github: { repository-id: 7351, repository-owner-id: 42, ref: refs/heads/main }
            approval: automatic
        """);
    var file = new SettingsFile(folder, sandbox).write(PORT, database, policies);
    Files.writeString(
        file,
        """
        log: warn
        limits:
          issuances-per-token-and-minute: 1000000
          issuances-per-workload-and-minute: 1000000
          issuances-per-repository-and-minute: 1000000
        """,
        StandardOpenOption.APPEND);
    return file;
  }

  void awaitReady() throws IOException, CannotRun, InterruptedException {
    broker.awaitReady(URL);
  }

  /** Stops the broker and starts it again on the database that is there now. */
  Duration restart() throws IOException, CannotRun, InterruptedException {
    broker.close();
    var began = System.nanoTime();
    broker = BrokerProcess.start(launcher, settings, folder);
    broker.awaitReady(URL);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** The command line as whoever has the measured role. */
  BenchClient client() {
    return new BenchClient(
        launcher, folder.file("home"), URL, sandbox.kubernetes().token(URL, "bench", "worker"));
  }

  /** Issuances under standing grants: each client shows one reusable token again and again. */
  Load.Requests standing() {
    var requests = new ArrayList<byte[]>();
    for (var client = 0; client < CLIENTS; client++) {
      requests.add(issuance(sandbox.kubernetes().token(URL, "bench", "worker")));
    }
    return requests::get;
  }

  /** Issuances that each open a request of their own: a new single-use token every time. */
  Load.Requests opening(int count) {
    var tokens = new ArrayList<byte[]>();
    for (var i = 0; i < count; i++) {
      tokens.add(issuance(run()));
    }
    var next = new AtomicInteger();
    return _ -> {
      var index = next.getAndIncrement();
      return index < tokens.size() ? tokens.get(index) : null;
    };
  }

  /** A token of a run, good once. */
  String run() {
    return sandbox.github().token(Map.of("aud", URL));
  }

  /** The cloud's own answer, asked without a broker. */
  Load.Requests cloud() {
    var token = sandbox.github().token(Map.of("aud", "direct"));
    var form =
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=direct"
            + "&DurationSeconds=900&RoleArn="
            + URLEncoder.encode(
                "arn:aws:iam::" + ACCOUNT + ":role/daypass-direct", StandardCharsets.UTF_8)
            + "&WebIdentityToken="
            + token;
    var request =
        ("POST /aws/sts HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + form.length()
                + "\r\n\r\n"
                + form)
            .getBytes(StandardCharsets.US_ASCII);
    return _ -> request;
  }

  private static byte[] issuance(String token) {
    return ("POST /v1/roles/bench/credentials HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Length: 0\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  int brokerPort() {
    return PORT;
  }

  int cloudPort() {
    return sandbox.port();
  }

  String jdbcUrl() {
    return database.jdbcUrl() + "?user=postgres";
  }

  /** Processor time used so far, by whom. */
  Cpu cpu() throws IOException {
    var postmaster = Files.readAllLines(folder.file("postgres").resolve("postmaster.pid"));
    return new Cpu(
        Cpu.of(pid()),
        Cpu.ofFamily(postmaster.getFirst().strip()),
        Cpu.of(String.valueOf(ProcessHandle.current().pid())));
  }

  long residentMiB() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc", pid(), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("no VmRSS");
  }

  private String pid() throws IOException {
    return Files.readString(folder.file("broker.pid"));
  }

  /**
   * Has the database write back what it has, as one does every few minutes that runs for a while.
   * It then has files of its log to use again; each that it must make anew, every commit waits for.
   */
  void checkpoint() throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
    }
  }

  /** Fills the ledger with so many entries that no broker wrote. */
  void fillLedger(int entries) throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = daypass");
      statement.execute(
          """
          SELECT count(append_entry(CASE WHEN i %% 2 = 0 THEN 'intent' ELSE 'sealed' END,
            lpad((i / 20)::text, 16, '0'), md5((i / 2)::text)::uuid, 'bench', 'kubernetes',
            'system:serviceaccount:bench:worker', '{"rule": "workers", "cloud": "aws"}'))
          FROM generate_series(0, %d) AS i
          """
              .formatted(entries - 1));
      statement.execute("VACUUM ANALYZE ledger_entry");
    }
  }

  @Override
  public void close() throws IOException {
    broker.close();
    sandbox.close();
    postgres.close();
    folder.close();
  }
}
