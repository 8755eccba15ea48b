package io.daypass.postgres;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnectOptions;
import java.util.List;

/**
 * Finds the one server among several that takes writes, as libpq's {@code
 * target_session_attrs=read-write} does.
 */
record Primary(Vertx vertx, List<PgConnectOptions> servers) {

  Future<SqlConnectOptions> find() {
    return servers.size() == 1 ? Future.succeededFuture(servers.getFirst()) : probe(0);
  }

  private Future<SqlConnectOptions> probe(int index) {
    var server = servers.get(index);
    Future<SqlConnectOptions> found = takesWrites(server).map(_ -> server);
    return index + 1 == servers.size() ? found : found.recover(_ -> probe(index + 1));
  }

  private Future<Boolean> takesWrites(PgConnectOptions server) {
    return PgConnection.connect(vertx, server)
        .compose(connection ->
            connection
                // On for a standby, and for a server that was told to be read only.
                .query("SELECT current_setting('transaction_read_only')::boolean")
                .execute()
                .compose(rows ->
                    rows.iterator().next().getBoolean(0)
                        ? Future.<Boolean>failedFuture("this server takes no writes")
                        : Future.succeededFuture(true))
                .eventually(connection::close));
  }
}
