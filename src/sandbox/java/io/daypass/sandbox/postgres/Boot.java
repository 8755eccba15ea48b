package io.daypass.sandbox.postgres;

import io.daypass.sandbox.http.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * How a Postgres starts on {@code data}.
 *
 * @param keepsData whether the data stay when it stops
 * @param config its configuration, by names
 */
record Boot(Path data, boolean keepsData, boolean stopsWithJvm, Map<String, String> config) {

  private static final int TRIES = 5;

  // The superuser comes without a password, and from this machine only: it is the sandbox itself.
  private static final String HBA =
      """
      local all postgres trust
      host all postgres 127.0.0.1/32 trust
      host all postgres ::1/128 trust
      host all all 127.0.0.1/32 scram-sha-256
      host all all ::1/128 scram-sha-256
      """;

  /** On a port that is free; on another one if somebody took it meanwhile. */
  EmbeddedPostgres onFreePort() throws IOException {
    for (var attempt = 1; ; attempt++) {
      try {
        return on(FreePort.find());
      } catch (PortTaken e) {
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  /** On {@code port}. */
  EmbeddedPostgres on(int port) throws IOException {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(!keepsData)
            .setPort(port)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setRegisterShutdownHook(stopsWithJvm)
            .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
            .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
            .setDataDirectoryCustomizer(Boot::writeHba);
    config.forEach(builder::setServerConfig);
    var server = builder.start();
    if (!isOurs(server)) {
      server.close();
      throw new PortTaken(port);
    }
    return server;
  }

  /** Another server listens where ours was to. */
  private static final class PortTaken extends IOException {
    private static final long serialVersionUID = 1L;

    PortTaken(int port) {
      super("another Postgres listens on port " + port);
    }
  }

  // The library asks the port until somebody answers, also after its own server gave up.
  private boolean isOurs(EmbeddedPostgres server) throws IOException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW data_directory")) {
      rows.next();
      return Files.isSameFile(Path.of(rows.getString(1)), data);
    } catch (SQLException e) {
      throw new IOException("what listens there does not say whose it is", e);
    }
  }

  private static void writeHba(java.io.File data) {
    try {
      Files.writeString(data.toPath().resolve("pg_hba.conf"), HBA);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
