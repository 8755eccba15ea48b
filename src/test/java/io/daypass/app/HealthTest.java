package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.oidc.OidcProof;
import io.daypass.identity.oidc.SigningKey;
import io.daypass.identity.oidc.TestIssuer;
import io.daypass.issuer.MemoryKeyStore;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import io.daypass.issuer.TestClock;
import io.daypass.postgres.Database;
import io.daypass.postgres.DatabaseClock;
import io.daypass.postgres.TestDatabase;
import io.daypass.web.Operations;
import io.daypass.web.Running;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What keeps a replica from work, each thing by itself, until it is well again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final SigningKey KEY = SigningKey.es256("first");

  private final TestDatabase database = TestDatabase.shared();
  private final Database replica = database.open(1);
  private final TestIssuer issuer = new TestIssuer(KEY);
  private volatile Duration ahead = Duration.ZERO;
  private volatile Duration silence = Duration.ZERO;
  private final TestClock tokens = new TestClock(NOW);
  private final DatabaseClock clock =
      new DatabaseClock(
          replica,
          () -> InstantSource.system().instant().plus(ahead),
          () -> System.nanoTime() + silence.toNanos());

  private OidcProof proof;
  private SigningKeys keys;
  private Preparation preparation;
  private Running running;

  @BeforeEach
  void start() throws InterruptedException {
    ahead = Duration.ZERO;
    silence = Duration.ZERO;
    issuer.comeBack(KEY);
    proof = OidcProof.start(List.of(issuer.trusted()), null, tokens);
    keys = Signing.keys(new MemoryKeyStore(), Signing.masterKey(), InstantSource.system());
    preparation = new Preparation(replica, null, "daypass_app", clock, keys, () -> {});
    running =
        Running.with(Operations.health(Health.of(clock, preparation, keys, proof, List.of())));
  }

  @AfterEach
  void stop() {
    running.close();
    proof.close();
  }

  @AfterAll
  void close() {
    issuer.close();
    replica.close();
    database.close();
  }

  private void prepare() throws InterruptedException {
    preparation.run(new Random(1));
    askTheIssuer();
  }

  // On a busy machine a fetch may miss its deadline: then comes another.
  private void askTheIssuer() {
    for (var i = 0; i < 100 && !proof.health().getFirst().usable(); i++) {
      tokens.move(Duration.ofMinutes(1));
      var _ = proof.prove(KEY.token(issuer.claims()));
    }
  }

  private void ready() {
    var answer = running.get("/readyz");
    assertThat(answer.body()).contains("\"ready\":true");
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private void onlyThisIsWrong(String check, String why) {
    var answer = running.get("/readyz");
    var told = new JsonObject(answer.body());
    var wrong = new LinkedHashMap<String, Object>(told.getJsonObject("checks").getMap());
    wrong.values().removeIf("ok"::equals);
    assertThat(wrong).isEqualTo(Map.of(check, why));
    assertThat(told.getBoolean("ready")).isFalse();
    assertThat(answer.statusCode()).isEqualTo(503);
  }

  @Test
  void a_replica_whose_database_is_silent_is_not_ready_until_it_answers() throws Exception {
    prepare();
    ready();
    silence = Duration.ofSeconds(11);
    onlyThisIsWrong("database", "does not answer");
    silence = Duration.ZERO;
    clock.measure();
    ready();
  }

  @Test
  void a_replica_whose_tables_are_not_prepared_is_not_ready_until_they_are() throws Exception {
    keys.refresh();
    clock.measure();
    askTheIssuer();
    onlyThisIsWrong("tables", "not prepared");
    prepare();
    ready();
  }

  @Test
  void a_replica_without_its_keys_is_not_ready_until_it_has_them() throws Exception {
    var prepared = preparation;
    prepare();
    var missing = Signing.keys(new MemoryKeyStore(), Signing.masterKey(), InstantSource.system());
    running.close();
    running =
        Running.with(Operations.health(Health.of(clock, prepared, missing, proof, List.of())));
    onlyThisIsWrong("keys", "not loaded");
    missing.refresh();
    ready();
  }

  @Test
  void f28_a_replica_whose_clock_is_off_is_not_ready_until_it_goes_right() throws Exception {
    prepare();
    for (var wrong : List.of(Duration.ofSeconds(7), Duration.ofSeconds(-7))) {
      ahead = wrong;
      clock.measure();
      onlyThisIsWrong("clock", "differs from the database's by more than 5 s");
      ahead = Duration.ZERO;
      clock.measure();
      ready();
    }
    ahead = Duration.ofSeconds(2);
    clock.measure();
    ready();
  }

  @Test
  void f25_a_replica_that_has_no_issuer_s_keys_is_not_ready_until_it_has() throws Exception {
    prepare();
    ready();
    issuer.goDown();
    tokens.move(Duration.ofHours(25));
    onlyThisIsWrong("issuers", "no issuer's keys could be had");
    issuer.comeBack(KEY);
    askTheIssuer();
    ready();
  }
}
