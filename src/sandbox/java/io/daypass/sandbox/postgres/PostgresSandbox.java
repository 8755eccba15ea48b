package io.daypass.sandbox.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real Postgres with an owner role and a service role, which must give their passwords. Tests
 * that only want a database use {@link #shared}; tests that stop, freeze or kill the server start
 * their own.
 */
public final class PostgresSandbox implements AutoCloseable {

  public static final String OWNER = "daypass_owner";
  public static final String APP = "daypass_app";

  private final Options options;
  private final Path data;
  private final AtomicInteger databases = new AtomicInteger();
  private EmbeddedPostgres server;

  /** How to start. */
  public static final class Options {
    private @Nullable Path data;
    private int port;
    private boolean stopsWithJvm = true;
    private String ownerPassword = password();
    private String appPassword = password();
    private final Map<String, String> config =
        new LinkedHashMap<>(Map.of("max_connections", "300", "listen_addresses", "localhost"));

    private Options() {}

    /** Keeps the data in {@code folder}; thrown away at the end unless told. */
    public Options data(Path folder) {
      data = folder;
      return this;
    }

    public Options port(int wanted) {
      port = wanted;
      return this;
    }

    /** The roles' passwords; random unless told. */
    public Options passwords(String owner, String app) {
      ownerPassword = owner;
      appPassword = app;
      return this;
    }

    /** Sets {@code name} of the server's configuration. */
    public Options config(String name, String value) {
      config.put(name, value);
      return this;
    }

    /** Every commit is on the disk before it is acknowledged, as in production. */
    public Options durable() {
      return config("fsync", "on").config("synchronous_commit", "on");
    }

    /** Leaves it to the caller to stop the server when the JVM ends. */
    public Options stoppedByCaller() {
      stopsWithJvm = false;
      return this;
    }

    public PostgresSandbox start() throws IOException {
      return new PostgresSandbox(this);
    }
  }

  private static final class Shared {
    static final PostgresSandbox SERVER = startShared();

    private static PostgresSandbox startShared() {
      try {
        return options().start();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  public static Options options() {
    // Tests are quick rather than durable: their data dies with them.
    return new Options().config("fsync", "off").config("synchronous_commit", "off");
  }

  /** The one server of this JVM; it stops with the JVM. */
  public static PostgresSandbox shared() {
    return Shared.SERVER;
  }

  private PostgresSandbox(Options options) throws IOException {
    this.options = options;
    var kept = options.data;
    this.data = kept == null ? Files.createTempDirectory("daypass-postgres") : kept;
    Orphans.stopPostmaster(data);
    this.server = boot();
    try {
      sql("postgres", roles());
    } catch (SQLException e) {
      server.close();
      throw new IOException("cannot make the roles", e);
    }
  }

  private EmbeddedPostgres boot() throws IOException {
    var boot = new Boot(data, options.data != null, options.stopsWithJvm, options.config);
    return options.port == 0 ? boot.onFreePort() : boot.on(options.port);
  }

  private List<String> roles() {
    var statements = new ArrayList<String>();
    for (var role : List.of(OWNER, APP)) {
      var password = role.equals(OWNER) ? options.ownerPassword : options.appPassword;
      statements.add(
          "DO $$ BEGIN CREATE ROLE "
              + role
              + " LOGIN; EXCEPTION WHEN duplicate_object THEN END $$");
      statements.add("ALTER ROLE " + role + " PASSWORD '" + password.replace("'", "''") + "'");
    }
    return statements;
  }

  /** A fresh, empty database; its schema {@code public} is the owner's. */
  public Database newDatabase() {
    return database("test_" + databases.incrementAndGet());
  }

  /** The database {@code name}, made if it is not there. */
  public Database database(String name) {
    try {
      if (!exists(name)) {
        sql(
            "postgres",
            List.of(
                "CREATE DATABASE " + name + " OWNER " + OWNER,
                "REVOKE ALL ON DATABASE " + name + " FROM PUBLIC",
                "GRANT CONNECT ON DATABASE " + name + " TO " + APP));
        sql(
            name,
            List.of(
                "ALTER SCHEMA public OWNER TO " + OWNER,
                "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                "GRANT USAGE ON SCHEMA public TO " + APP));
      }
      return new Database("localhost", port(), name, options.ownerPassword, options.appPassword);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make the database " + name, e);
    }
  }

  private boolean exists(String name) throws SQLException {
    try (var connection = superuser("postgres");
        var query = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
      query.setString(1, name);
      try (var rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** A connection that may do anything in {@code database}, for tests that break things. */
  public Connection superuser(String database) throws SQLException {
    return server.getDatabase("postgres", database).getConnection();
  }

  private void sql(String database, List<String> statements) throws SQLException {
    try (var connection = superuser(database);
        var statement = connection.createStatement()) {
      for (var text : statements) {
        statement.execute(text);
      }
    }
  }

  public int port() {
    return server.getPort();
  }

  /** Stops the server as an operator would. */
  public void stop() throws IOException {
    server.close();
  }

  /** Kills the server and all its backends, with no chance to tidy up. */
  public void kill() throws IOException {
    var postmaster = postmaster();
    signal("KILL");
    postmaster.onExit().join();
  }

  /** Stops time for the server and all its backends: connections stay open and say nothing. */
  public void freeze() throws IOException {
    signal("STOP");
  }

  /** Lets a frozen server go on. */
  public void thaw() throws IOException {
    signal("CONT");
  }

  /** Starts again, on the same port and data, after {@link #stop} or {@link #kill}. */
  public void restart() throws IOException {
    if (options.data == null) {
      throw new IllegalStateException("only a server that keeps its data can start again");
    }
    options.port = server.getPort();
    server.close();
    Orphans.stopPostmaster(data);
    server = boot();
  }

  // The process the library started may be a wrapper: the data folder knows the real one.
  private ProcessHandle postmaster() throws IOException {
    return Orphans.postmaster(data).orElseThrow(() -> new IOException("the server is not running"));
  }

  private void signal(String name) throws IOException {
    var main = postmaster();
    var command = new ArrayList<String>(List.of("kill", "-" + name, String.valueOf(main.pid())));
    main.descendants().map(child -> String.valueOf(child.pid())).forEach(command::add);
    try {
      new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    // A frozen server would not hear that it should stop.
    if (Orphans.postmaster(data).isPresent()) {
      thaw();
    }
    server.close();
  }

  private static String password() {
    var bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
