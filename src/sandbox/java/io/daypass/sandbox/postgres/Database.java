package io.daypass.sandbox.postgres;

/** A database of a sandbox's server. */
public record Database(
    String host, int port, String name, String ownerPassword, String appPassword) {

  /** For the service, without a password: {@code postgresql://daypass_app@...}. */
  public String url() {
    return "postgresql://" + PostgresSandbox.APP + "@" + host + ":" + port + "/" + name;
  }

  /** For migrations, without a password. */
  public String ownerUrl() {
    return "postgresql://" + PostgresSandbox.OWNER + "@" + host + ":" + port + "/" + name;
  }

  /** For JDBC, as the owner, without user and password. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + name;
  }

  @Override
  public String toString() {
    return url();
  }
}
