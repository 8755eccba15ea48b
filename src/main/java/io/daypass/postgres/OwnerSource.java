package io.daypass.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections of the tables' owner. Who lets them in must do so soon, and what they ask for then
 * may take as long as an index of a large table: the driver's own settings have one limit for both.
 */
final class OwnerSource extends PGSimpleDataSource {

  private static final long serialVersionUID = 1L;
  private static final Duration INDEX = Duration.ofMinutes(30);

  /**
   * To {@code owner}.
   *
   * @param login how long each server that is named has for each step of letting somebody in
   */
  OwnerSource(DatabaseAddress owner, Duration login) {
    setUrl(owner.jdbcUrl(login));
    setUser(owner.user());
    setPassword(owner.password());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    var connection = super.getConnection(user, password);
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(INDEX.toMillis()));
    return connection;
  }
}
