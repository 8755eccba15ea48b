package io.daypass.app;

import io.daypass.postgres.DatabaseAddress;
import io.daypass.postgres.DatabaseAddress.Tls;
import io.daypass.settings.DatabaseSettings.Address;

/** Where the settings say the database is, in the words of the database's package. */
final class Addresses {

  private Addresses() {}

  static DatabaseAddress of(Address address) {
    return new DatabaseAddress(
        address.hosts().stream()
            .map(host -> new DatabaseAddress.Host(host.name(), host.port()))
            .toList(),
        address.database(),
        address.user(),
        address.password().reveal(),
        address.verified() ? Tls.VERIFY_FULL : Tls.DISABLE,
        address.rootCertificate());
  }
}
