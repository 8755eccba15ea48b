package io.daypass.postgres;

import io.daypass.request.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Statements to Postgres from straight-line code: each blocks its (virtual) thread until it is
 * answered, no longer than its deadline. What is not answered in time is unknown, and says so.
 */
public final class Database implements AutoCloseable {

  private static final Duration CLOSING = Duration.ofSeconds(6);
  private static final int TRIES = 3;
  private static final int RESERVED = 4;
  private static final int SHARED = 8;
  private static final ScopedValue<Boolean> URGENT = ScopedValue.newInstance();

  private final Vertx vertx;
  private final Connections connections;
  // For health, decisions and ending access: these must get through when the others are exhausted.
  private final Connections reserved;
  // For statements that many wait for at once: nobody else takes these.
  private final Connections shared;
  private final Duration deadline;

  private Database(Vertx vertx, DatabaseAddress address, int connections, Patience patience) {
    this.vertx = vertx;
    this.connections = Connections.to(vertx, address, connections, "daypass", patience);
    this.reserved = Connections.to(vertx, address, RESERVED, "daypass-reserved", patience);
    this.shared = Connections.to(vertx, address, SHARED, "daypass-shared", patience);
    this.deadline = patience.answer();
  }

  /** Opens pools; connects when first used, so that a database that is down stops no start. */
  public static Database open(
      Vertx vertx, DatabaseAddress address, int connections, Patience patience) {
    return new Database(vertx, address, connections, patience);
  }

  static PgConnectOptions connect(DatabaseAddress address, DatabaseAddress.Host host) {
    var options =
        new PgConnectOptions()
            .setHost(host.name())
            .setPort(host.port())
            .setDatabase(address.database())
            .setUser(address.user())
            .setPassword(address.password())
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(128)
            .setPipeliningLimit(1)
            .addProperty("search_path", Migrations.SCHEMA)
            .addProperty("TimeZone", "UTC")
            .addProperty("application_name", "daypass")
            // The functions of the migrations look again after each lock they have waited for.
            .addProperty("default_transaction_isolation", "read committed")
            // Plans without sequential scans may look dear enough to be compiled, anew at every
            // execution: 12 ms for a statement that takes 0.3 ms.
            .addProperty("jit", "off")
            .addProperty("statement_timeout", "5000")
            .addProperty("idle_in_transaction_session_timeout", "5000");
    if (address.tls() == DatabaseAddress.Tls.VERIFY_FULL) {
      var ssl = new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");
      if (address.rootCertificate() != null) {
        ssl.setTrustOptions(new PemTrustOptions().addCertPath(address.rootCertificate()));
      }
      options.setSslMode(SslMode.VERIFY_FULL).setSslOptions(ssl);
    }
    return options;
  }

  /**
   * The same threads, for what must get through: all that runs on them has its statements answered
   * over the reserved connections.
   */
  public static Executor urgently(Executor threads) {
    return task -> threads.execute(() -> ScopedValue.where(URGENT, true).run(task));
  }

  /** The rows of {@code sql}. */
  RowSet<Row> rows(String sql, Tuple parameters) {
    return rows(URGENT.isBound() ? reserved : connections, sql, parameters);
  }

  /** The same over the reserved connections. */
  RowSet<Row> reservedRows(String sql, Tuple parameters) {
    return rows(reserved, sql, parameters);
  }

  /**
   * The rows of {@code sql}, which many wait for, when they are there, or a {@link
   * TimeoutException} after {@code within}; no thread waits, and nothing is repeated.
   */
  Future<RowSet<Row>> sharedRows(String sql, Tuple parameters, Duration within) {
    return shared.rows(sql, parameters, within);
  }

  /** Runs {@code task} where shared statements are sent from: at once if this is called there. */
  void whereShared(Runnable task) {
    shared.onLoop(task);
  }

  /** Runs {@code task} on an event loop after so many milliseconds, unless it is called off. */
  Timer timer(long millis, Runnable task) {
    var id = vertx.setTimer(millis, _ -> task.run());
    return () -> vertx.cancelTimer(id);
  }

  /** Calls off what it was set for. */
  interface Timer {
    void cancel();
  }

  /** The one row of {@code sql}. */
  Row row(String sql, Tuple parameters) {
    return rows(sql, parameters).iterator().next();
  }

  Row reservedRow(String sql, Tuple parameters) {
    return reservedRows(sql, parameters).iterator().next();
  }

  /** As functions of ours take it. */
  static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private RowSet<Row> rows(Connections lent, String sql, Tuple parameters) {
    for (var attempt = 1; ; attempt++) {
      try {
        return answer(lent.rows(sql, parameters, deadline));
      } catch (StoreUnavailableException e) {
        if (attempt == TRIES || e.getCause() == null || !mayRepeat(e.getCause())) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  // Nothing was done for certain, so the whole decision is repeated: 40001 and 40P01 were rolled
  // back, and after 25006 another server is asked.
  static boolean mayRepeat(Throwable failure) {
    return Connections.takesNoWrites(failure)
        || (failure instanceof PgException pg
            && List.of("40001", "40P01").contains(pg.getSqlState()));
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(10L << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(e);
    }
  }

  /** What {@code asked} answers, which has an end of its own. */
  static <T> T answer(Future<T> asked) {
    try {
      return asked.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw Trouble.of(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(e);
    }
  }

  @Override
  public void close() {
    answer(
        Future.join(connections.close(), reserved.close(), shared.close())
            .timeout(CLOSING.toMillis(), TimeUnit.MILLISECONDS));
  }
}
