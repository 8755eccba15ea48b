package io.daypass.settings;

import io.daypass.policy.Condition;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the broker must be told to start; read once, checked whole. Nothing secret in it prints
 * itself.
 *
 * @param publicUrl where the broker is reached, and its name as an issuer; no slash at the end
 * @param metricsListen a port of its own for metrics; null to serve them on {@link #listen}
 * @param previousMasterKey the master key before that one, while that takes its place; else null
 * @param policies the directory with the policies
 * @param auditors who may read everybody's ledger
 * @param administrators who may stop the broker and revoke anything
 * @param trustedProxies networks whose forwarded headers are believed
 * @param notices the channels that people are told over; none tell nobody
 * @param log from which level on events are written: debug, info, warn or error
 */
public record Settings(
    URI publicUrl,
    Listen listen,
    @Nullable Listen metricsListen,
    DatabaseSettings database,
    MasterKey masterKey,
    @Nullable MasterKey previousMasterKey,
    Path policies,
    List<IssuerSettings> issuers,
    Condition auditors,
    Condition administrators,
    CloudSettings clouds,
    RateSettings limits,
    RequestSettings requests,
    List<Network> trustedProxies,
    List<NoticeSettings> notices,
    String log) {

  public Settings {
    issuers = List.copyOf(issuers);
    trustedProxies = List.copyOf(trustedProxies);
    notices = List.copyOf(notices);
  }

  /** An address to listen on. */
  public record Listen(String host, int port) {

    static final Listen USUAL = new Listen("0.0.0.0", 8080);

    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    /** Whether both would take the same port of the same address. */
    boolean overlaps(Listen other) {
      return port == other.port
          && port != 0
          && (host.equals(other.host)
              || EVERYWHERE.contains(host)
              || EVERYWHERE.contains(other.host));
    }
  }
}
