package io.daypass.postgres;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and how to get in.
 *
 * @param tls how the server proves itself; {@code DISABLE} only where it is on this machine
 * @param rootCertificate a PEM file with the authority to trust; null for the machine's own
 */
public record DatabaseAddress(
    List<Host> hosts,
    String database,
    String user,
    String password,
    Tls tls,
    @Nullable String rootCertificate) {

  public DatabaseAddress {
    hosts = List.copyOf(hosts);
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("a database has a host");
    }
  }

  /** One server of possibly several, of which one takes writes. */
  public record Host(String name, int port) {}

  /** As libpq's sslmode, without the modes that look safe and are not. */
  public enum Tls {
    DISABLE,
    VERIFY_FULL
  }

  /**
   * As the driver takes it.
   *
   * @param silence how long an answer may take, from the first one at the login on
   */
  String jdbcUrl(Duration silence) {
    var servers =
        hosts.stream().map(h -> h.name() + ":" + h.port()).collect(Collectors.joining(","));
    var url =
        new StringBuilder("jdbc:postgresql://" + servers + "/" + database)
            .append(
                "?targetServerType=primary&connectTimeout=10&sslResponseTimeout=10000&tcpKeepAlive=true")
            .append("&socketTimeout=")
            .append(silence.toSeconds())
            .append("&preferQueryMode=extended&channelBinding=prefer");
    url.append(tls == Tls.DISABLE ? "&sslmode=disable" : "&sslmode=verify-full");
    if (rootCertificate != null) {
      url.append("&sslrootcert=").append(rootCertificate);
    }
    return url.toString();
  }

  @Override
  public String toString() {
    return "DatabaseAddress[" + hosts + ", " + database + ", " + user + ", [secret]]";
  }
}
