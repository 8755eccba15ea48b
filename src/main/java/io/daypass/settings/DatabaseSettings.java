package io.daypass.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database.
 *
 * @param service as whom the broker works: may only append to the ledger
 * @param owner as whom migrations run; null if somebody else runs them
 */
public record DatabaseSettings(Address service, @Nullable Address owner) {

  /**
   * How to reach it.
   *
   * @param verified whether the server must prove itself (sslmode verify-full); false only on
   *     loopback
   * @param rootCertificate a PEM file with the authority to trust; null for the machine's own
   */
  public record Address(
      List<Host> hosts,
      String database,
      String user,
      Hidden password,
      boolean verified,
      @Nullable String rootCertificate) {

    public Address {
      hosts = List.copyOf(hosts);
    }
  }

  /** One server of possibly several, of which one takes writes. */
  public record Host(String name, int port) {}
}
