package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Failure;
import io.daypass.cli.credential.Keys;
import io.daypass.cli.loopback.Supply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleKeysTest {

  private static final String CALL = "POST /v1/roles/staging-admin/credentials";
  private static final String REQUEST = "GET /v1/requests/mggg7g1xgtgf1xhq";
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  @TempDir private Path home;
  private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
  private FakeBroker broker;
  private RoleKeys keys;

  @BeforeEach
  void start() {
    broker = new FakeBroker();
    var local =
        new Shell(home)
            .with("DAYPASS_URL", broker.url())
            .with("DAYPASS_TOKEN", "a.b.c")
            .at(clock::get)
            .local();
    keys = new RoleKeys(local, new Api(Broker.of(local)), "staging-admin", _ -> {});
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private void gives(String id, Duration life, Duration grant) {
    answers(
        """
        {"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s","SessionToken":"t",\
        "Expiration":"%s","AccountId":"1"}\
        """
            .formatted(id, clock.get().plus(life)),
        grant);
  }

  private void answers(String body, Duration grant) {
    broker.on(
        CALL,
        200,
        body,
        Map.of(
            "Daypass-Request",
            "mggg7g1xgtgf1xhq",
            "Daypass-Grant-Ends",
            clock.get().plus(grant).toString()));
  }

  private String id() {
    return keys.lease().keys() instanceof Keys.Aws aws ? aws.accessKeyId() : "of another cloud";
  }

  @Test
  void keysAreTheSameUntilTheyAreOldAndThenOthers() {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    gives("ASIA2", Duration.ofHours(1), Duration.ofHours(8));
    clock.set(NOW.plus(Duration.ofMinutes(43)));
    assertThat(id()).isEqualTo("ASIA1");
    clock.set(NOW.plus(Duration.ofMinutes(45)));
    assertThat(id()).isEqualTo("ASIA2");
  }

  @Test
  void nearTheEndOfTheGrantWhatIsLeftIsHandedOutAndNobodyIsAsked() {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(1));
    assertThat(id()).isEqualTo("ASIA1");
    broker.refuses(CALL, 403, "grant_ended", "The grant has ended.", "make a new request");
    clock.set(NOW.plus(Duration.ofMinutes(60)).minusSeconds(1));
    var asked = broker.heard(CALL);
    assertThat(id()).isEqualTo("ASIA1");
    assertThat(broker.heard(CALL)).isEqualTo(asked);
    clock.set(NOW.plus(Duration.ofMinutes(60)));
    assertThat(keys.take())
        .isEqualTo(
            new Supply.Answer.None(
                "refused",
                "the grant has ended (daypass request staging-admin --for 1h --reason \"...\")",
                false));
  }

  @Test
  void keysOfAGrantThatWasTakenAwayAreNotHandedOutAnyMore() {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.refuses(CALL, 403, "grant_revoked", "The grant was revoked.", "ask");
    clock.set(NOW.plus(Duration.ofMinutes(45)));
    assertThat(keys.take()).isInstanceOf(Supply.Answer.None.class);
    var asked = broker.asked.size();
    assertThat(keys.take()).isInstanceOf(Supply.Answer.None.class);
    assertThat(broker.asked).as("a no is good for a moment").hasSize(asked);
    gives("ASIA2", Duration.ofHours(1), Duration.ofHours(8));
    clock.set(clock.get().plusSeconds(10));
    assertThat(id()).isEqualTo("ASIA2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"revoked", "returned", "ended"})
  void aGrantThatWasEndedElsewhereDoesNotHideANewOne(String state) {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.on(REQUEST, 200, "{\"state\":\"" + state + "\"}");
    gives("ASIA2", Duration.ofHours(1), Duration.ofHours(8));
    clock.set(NOW.plus(Duration.ofSeconds(119)));
    assertThat(id()).isEqualTo("ASIA1");
    clock.set(NOW.plus(Duration.ofMinutes(3)));
    assertThat(id()).isEqualTo("ASIA2");
    assertThat(id()).isEqualTo("ASIA2");
    assertThat(broker.heard(REQUEST)).isOne();
    assertThat(broker.heard(CALL)).isEqualTo(2);
  }

  @Test
  void aGrantThatWasEndedElsewhereForGoodIsFoundOut() {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.on(REQUEST, 200, "{\"state\":\"revoked\"}");
    broker.refuses(CALL, 403, "grant_revoked", "The grant was revoked.", "ask");
    clock.set(NOW.plus(Duration.ofMinutes(3)));
    assertThat(keys.take()).isInstanceOf(Supply.Answer.None.class);
    clock.set(NOW.plus(Duration.ofMinutes(4)));
    assertThat(keys.take()).isInstanceOf(Supply.Answer.None.class);
  }

  @Test
  void aNoThatTakesNothingAwayLeavesTheKeysUntilTheNextLook() {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.on(REQUEST, 200, "{\"state\":\"revoked\"}");
    broker.refuses(CALL, 503, "stopped", "Nothing is handed out.", "wait");
    clock.set(NOW.plus(Duration.ofMinutes(3)));
    assertThat(id()).isEqualTo("ASIA1");
    clock.set(NOW.plus(Duration.ofMinutes(4)));
    assertThat(id()).isEqualTo("ASIA1");
    assertThat(broker.heard(CALL)).isEqualTo(2);
    gives("ASIA2", Duration.ofHours(1), Duration.ofHours(8));
    clock.set(NOW.plus(Duration.ofMinutes(5)));
    assertThat(id()).isEqualTo("ASIA2");
  }

  @Test
  void aRequestThatStandsIsLookedAtEveryTwoMinutesAndNothingIsMintedForThat() {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.on(REQUEST, 200, "{\"state\":\"approved\"}");
    for (var second = 1; second <= 360; second++) {
      clock.set(NOW.plusSeconds(second));
      assertThat(id()).isEqualTo("ASIA1");
    }
    assertThat(broker.heard(REQUEST)).isEqualTo(3);
    assertThat(broker.heard(CALL)).isOne();
  }

  @Test
  void whoeverDoesNotLookIsNotHeldUpByTheLook() throws Exception {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.silent(REQUEST);
    clock.set(NOW.plus(Duration.ofMinutes(3)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var looks = threads.submit(this::id);
      while (broker.heard(REQUEST) == 0 && !looks.isDone()) {
        Thread.onSpinWait();
      }
      assertThat(id()).isEqualTo("ASIA1");
      assertThat(looks.isDone()).as("the look goes on").isFalse();
      assertThat(looks.get()).isEqualTo("ASIA1");
    }
    assertThat(broker.heard(REQUEST)).isOne();
    broker.close();
    clock.set(NOW.plus(Duration.ofMinutes(6)));
    assertThat(id()).as("the broker is away").isEqualTo("ASIA1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"token_already_used", "grant_too_short"})
  void aNoThatTakesNothingAwayLeavesTheKeys(String code) {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.refuses(CALL, 403, code, "No.", "ask");
    clock.set(NOW.plus(Duration.ofMinutes(59)));
    assertThat(id()).isEqualTo("ASIA1");
    broker.on(CALL, 403, "<html>blocked</html>");
    clock.set(clock.get().plusSeconds(10));
    assertThat(id()).isEqualTo("ASIA1");
  }

  @Test
  void itIsKnownUntilWhenATokenWorksThatOutlivesItsGrant() {
    var until = "\"lives_until\":\"2026-03-02T13:20:00Z\",\"after_end\":";
    var token =
        "{\"access_token\":\"hush\",\"scope\":\"https://x/.default\",\"expires_at\":\"2026-03-02T12:30:00Z\",";
    answers(token + until + "\"outlives_approval\"}", Duration.ofMinutes(30));
    keys.lease();
    assertThat(keys.outlivesUntil()).isEqualTo(Instant.parse("2026-03-02T13:20:00Z"));
    clock.set(NOW.plus(Duration.ofMinutes(30)));
    answers(
        token.replace("12:30", "13:00") + until + "\"role_assignment\"}", Duration.ofMinutes(30));
    keys.lease();
    assertThat(keys.outlivesUntil()).isNull();
  }

  @Test
  void aBrokerThatIsDownCostsNothingWhileTheKeysAreGood() {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.close();
    clock.set(NOW.plus(Duration.ofMinutes(59)));
    assertThat(id()).isEqualTo("ASIA1");
    clock.set(NOW.plus(Duration.ofMinutes(60)));
    assertThat(keys.take())
        .isInstanceOfSatisfying(
            Supply.Answer.None.class, none -> assertThat(none.again()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void aBrokerThatItsProxyCannotReachCostsNothingEither(int status) {
    gives("ASIA1", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(id()).isEqualTo("ASIA1");
    broker.on(CALL, status, "<html>Bad Gateway</html>");
    clock.set(NOW.plus(Duration.ofMinutes(59)));
    assertThat(id()).isEqualTo("ASIA1");
    clock.set(NOW.plus(Duration.ofMinutes(60)));
    assertThat(keys.take())
        .isInstanceOfSatisfying(
            Supply.Answer.None.class, none -> assertThat(none.again()).isTrue());
  }

  @Test
  void whatIsNotApprovedOrNoKeyEndsTheCommand() {
    broker.on(
        CALL, 202, "{\"request_id\":\"mggg7g1xgtgf1xhq\",\"request_url\":\"https://d.example/r\"}");
    assertThatThrownBy(this::id)
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exit()).isEqualTo(3))
        .hasMessage("staging-admin is not approved yet; people decide at https://d.example/r");
    broker.refuses(CALL, 403, "approval_required", "no", "ask");
    clock.set(clock.get().plusSeconds(10));
    assertThatThrownBy(this::id)
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.hint()).startsWith("daypass request staging-admin"))
        .hasMessage(
            "staging-admin is not approved for you; what it takes: "
                + broker.url()
                + "/roles/staging-admin");
    for (var odd :
        new String[] {
          "{\"access_token\":\"ya29\"}",
          "{\"access_token\":\"ya29\",\"expires_at\":\"soon\"}",
          "{\"access_token\":\"two\\nlines\",\"expires_at\":\"2026-03-02T13:00:00Z\"}",
          "{\"AccessKeyId\":\"ASIA\",\"Expiration\":\"2026-03-02T13:00:00Z\"}"
        }) {
      broker.on(CALL, 200, odd);
      clock.set(clock.get().plusSeconds(10));
      assertThatThrownBy(this::id).hasMessageContaining("no keys that are good now");
    }
    clock.set(clock.get().plusSeconds(10));
    gives("ASIA1", Duration.ofSeconds(-1), Duration.ofHours(1));
    assertThatThrownBy(this::id).hasMessageContaining("that are good now");
  }

  @Test
  void keysOfEachCloudAreToldByTheirMembers() {
    var until = ",\"expires_at\":\"2026-03-02T13:00:00Z\"}";
    answers("{\"access_token\":\"hush\",\"token_type\":\"Bearer\"" + until, Duration.ofHours(8));
    assertThat(keys.lease().keys())
        .isInstanceOfSatisfying(
            Keys.Google.class,
            google -> assertThat(google.accessToken().reveal()).isEqualTo("hush"));
    clock.set(clock.get().plus(Duration.ofMinutes(50)));
    answers(
        "{\"access_token\":\"hush\",\"scope\":\"https://storage.azure.com/.default\"" + until,
        Duration.ofHours(8));
    assertThat(keys.lease().keys())
        .isInstanceOfSatisfying(
            Keys.Azure.class,
            azure -> assertThat(azure.scope()).isEqualTo("https://storage.azure.com/.default"));
    clock.set(clock.get().plus(Duration.ofMinutes(6)));
    answers("{\"id_token\":\"hush\"" + until, Duration.ofHours(8));
    assertThat(keys.lease().keys())
        .isInstanceOfSatisfying(
            Keys.Oidc.class, oidc -> assertThat(oidc.idToken().reveal()).isEqualTo("hush"));
    assertThat(keys.lease().toString()).doesNotContain("hush");
  }
}
