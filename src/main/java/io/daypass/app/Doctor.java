package io.daypass.app;

import io.daypass.cli.Operator.Outcome;
import io.daypass.cli.Operator.Patient;
import io.daypass.cloud.Finding;
import io.daypass.issuance.Checkups;
import io.daypass.issuer.MasterKeyExchange;
import io.daypass.issuer.SigningKeys;
import io.daypass.issuer.WrongMasterKeyException;
import io.daypass.issuer.jose.CryptoProvider;
import io.daypass.ledger.CheckupLedger;
import io.daypass.policy.Role;
import io.daypass.postgres.DatabaseClock;
import io.daypass.request.StoreUnavailableException;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries every role's whole way as the service would, beside it and without it. */
final class Doctor implements AutoCloseable {

  static final String CHECK_DATABASE =
      "check database.url, its password and its TLS, and run \"daypass migrate\" if the tables are missing";

  private final Configuration configuration;
  private final SecureRandom random = new SecureRandom();
  private final RandomIds ids = new RandomIds(random);
  private final Vertx vertx = Vertx.vertx();
  private final Stores stores;
  private final SigningKeys keys;
  private final MasterKeyExchange exchange;
  private final Clouds clouds;

  Doctor(Configuration configuration) {
    this.configuration = configuration;
    var settings = configuration.settings();
    stores = Stores.open(vertx, settings, ids, InstantSource.system());
    var smith = Signing.smith(settings, CryptoProvider.fastest(), random);
    keys = Signing.keys(settings, stores.keys(), smith, stores.clock());
    exchange = new MasterKeyExchange(stores.keys(), smith);
    clouds = new Clouds(settings, keys, stores.access(), stores.clock(), random);
  }

  private String issuer() {
    return configuration.settings().publicUrl().toString();
  }

  /**
   * Looks at {@code role}.
   *
   * @param role null for all of them
   */
  Outcome examine(@Nullable String role) {
    var roles = roles(role);
    if (roles.isEmpty()) {
      return new Outcome.Failed(
          List.of("the role \"" + role + "\" does not exist"),
          "name one of: " + String.join(", ", names()));
    }
    try {
      stores.clock().measure();
      keys.refresh();
      return new Outcome.Examined(patients(roles));
    } catch (WrongMasterKeyException _) {
      return new Outcome.Failed(List.of(Signing.WRONG_KEY), Signing.NAME_KEY);
    } catch (StoreUnavailableException e) {
      return Unanswered.failed(
          e, e.why() + "; nothing is tried that is not written down", CHECK_DATABASE);
    }
  }

  private List<Patient> patients(List<Role> roles) {
    var checkups =
        new Checkups(
            new CheckupLedger(stores.ledger(), ids::issuance),
            clouds.checkups(issuer(), stores.bindings(), stores.clock(), ids::issuance),
            configuration.policies(),
            stores.clock());
    var patients = new ArrayList<Patient>();
    var own = new ArrayList<Finding>();
    clock(own);
    wrapping(own);
    own.addAll(new IssuerCheckup(issuer(), keys).findings());
    patients.add(new Patient("daypass", "issuer", own));
    for (var role : roles) {
      patients.add(new Patient(role.name(), role.target().cloud(), checkups.of(role)));
    }
    return patients;
  }

  private void clock(List<Finding> findings) {
    if (!stores.clock().isTrustworthy()) {
      findings.add(
          Finding.wrong(
              "clock_differs",
              "the database's clock differs from this machine's by %d s; %d are borne"
                  .formatted(
                      stores.clock().difference().abs().toSeconds(),
                      DatabaseClock.MOST_SKEW.toSeconds()),
              null,
              "set both by NTP"));
    }
  }

  private void wrapping(List<Finding> findings) {
    var found = exchange.look();
    for (var kid : found.unopened()) {
      findings.add(
          Finding.wrong(
              "key_unopened",
              "the signing key " + kid + " opens with no master key that is set, and is not used",
              null,
              Signing.NAME_KEY_OR_DELETE));
    }
    if (configuration.settings().previousMasterKey() != null && found.unopened().isEmpty()) {
      findings.add(
          found.due().isEmpty()
              ? Finding.warning(
                  "previous_master_key_unneeded",
                  "master-key wraps all signing keys, previous-master-key none",
                  Signing.NONE_IS_UNDER_PREVIOUS)
              : Finding.warning(
                  "keys_await_rewrap",
                  "previous-master-key wraps %d of %d signing keys"
                      .formatted(found.due().size(), found.known()),
                  "once every replica has both keys, run \"daypass keys rewrap\""));
    }
  }

  private List<Role> roles(@Nullable String name) {
    var policies = configuration.policies();
    return name == null
        ? policies.roles().stream().sorted(Comparator.comparing(Role::name)).toList()
        : policies.role(name).stream().toList();
  }

  private List<String> names() {
    return configuration.policies().roles().stream().map(Role::name).sorted().toList();
  }

  @Override
  public void close() {
    clouds.close();
    stores.database().close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
