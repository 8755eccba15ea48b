package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code daypass aws credentials} as SDKs run it, against answers of a broker. */
class CredentialsTest {

  private static final String CALL = "POST /v1/roles/prod-readonly/credentials";
  private static final String REQUEST = "GET /v1/requests/r1";
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  @TempDir private Path home;
  private FakeBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new FakeBroker();
    shell = new Shell(home).with("DAYPASS_URL", broker.url()).with("DAYPASS_TOKEN", "a.b.c");
    gives("ONE", Duration.ofHours(1), Duration.ofHours(8));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void d8_itPrintsTheContractsJsonAndNothingElse() {
    var ran = take();
    assertThat(ran.out())
        .isEqualTo(
            """
            {"Version":1,"AccessKeyId":"ONE","SecretAccessKey":"s/+=","SessionToken":"t",\
            "Expiration":"2026-03-02T13:00:00Z","AccountId":"123456789012"}
            """);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
  }

  @Test
  void d8_theSecondProcessIsServedFromAPrivateFile() throws IOException {
    take();
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(take().out()).contains("\"ONE\"");
    assertThat(broker.asked).hasSize(1);
    for (var file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(mode(files().getFirst().resolveSibling(""))).isEqualTo("rwx------");
  }

  @Test
  void nobodyElseIsServedFromIt() {
    take();
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(
            shell.with("DAYPASS_TOKEN", "d.e.f").run("aws", "credentials", "prod-readonly").out())
        .contains("\"TWO\"");
  }

  @Test
  void anotherBrokersCredentialIsNotThisOnes() {
    take();
    try (var other = new FakeBroker()) {
      other.refuses(CALL, 403, "approval_required", "no", "ask");
      assertThat(
              shell
                  .with("DAYPASS_URL", other.url())
                  .run("aws", "credentials", "prod-readonly")
                  .exit())
          .isEqualTo(1);
    }
  }

  @Test
  void beforeSdksWouldAskAgainThereIsAFreshOne() {
    take();
    gives("TWO", Duration.ofHours(2), Duration.ofHours(8));
    assertThat(at(Duration.ofMinutes(43)).out()).contains("\"ONE\"");
    assertThat(at(Duration.ofMinutes(44)).out()).contains("\"TWO\"");
  }

  @Test
  void aShortCredentialIsNotTakenAnewAtEveryCall() {
    gives("SHORT", Duration.ofMinutes(15), Duration.ofHours(8));
    take();
    at(Duration.ofMinutes(7));
    assertThat(broker.heard(CALL)).isOne();
    at(Duration.ofMinutes(8));
    assertThat(broker.heard(CALL)).isEqualTo(2);
  }

  @Test
  void whatEndsWithItsGrantIsHandedBackToTheLastSecond() {
    gives("LAST", Duration.ofMinutes(5), Duration.ofMinutes(5));
    take();
    broker.refuses(CALL, 403, "grant_ended", "the grant has ended", "ask again");
    broker.on(REQUEST, 200, "{\"id\":\"r1\",\"requester\":{},\"state\":\"approved\"}");
    assertThat(at(Duration.ofSeconds(119)).out()).contains("\"LAST\"");
    assertThat(broker.asked).hasSize(1);
    // That the request stands is looked at, now and then; credentials are not asked for.
    assertThat(at(Duration.ofSeconds(298)).out()).contains("\"LAST\"");
    assertThat(at(Duration.ofSeconds(299)).out()).contains("\"LAST\"");
    assertThat(broker.heard(REQUEST)).isOne();
    assertThat(broker.heard(CALL)).isOne();
    var over = at(Duration.ofMinutes(5));
    assertThat(over.out()).isEmpty();
    assertThat(over.err())
        .isEqualTo(
            "daypass: error: prod-readonly: the grant has ended; hint: daypass request"
                + " prod-readonly --for 1h --reason \"...\"\n");
    assertThat(over.exit()).isEqualTo(1);
  }

  @Test
  void whenTheBrokerIsDownWhatIsGoodIsHandedBack() {
    take();
    broker.close();
    var late = at(Duration.ofMinutes(59));
    assertThat(late.out()).contains("\"ONE\"");
    assertThat(late.err()).contains("cannot be reached", "good until 2026-03-02T13:00:00Z");
    assertThat(late.exit()).isZero();
    var over = at(Duration.ofMinutes(60));
    assertThat(over.out()).isEmpty();
    assertThat(over.err().lines()).hasSize(1);
    assertThat(over.err()).contains("the broker at " + broker.url() + " cannot be reached");
  }

  @ParameterizedTest
  @CsvSource({"503,stopped", "429,too_many_requests", "401,token_expired", "502,cloud_failed"})
  void whatIsGoodOutlivesATroubledBroker(int status, String code) {
    take();
    broker.refuses(CALL, status, code, "not now", "wait");
    assertThat(at(Duration.ofMinutes(50)).out()).contains("\"ONE\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void whatIsGoodOutlivesABrokerThatItsProxyCannotReach(int status) {
    take();
    broker.on(CALL, status, "<html>Bad Gateway</html>").on(REQUEST, status, "<html>");
    assertThat(at(Duration.ofMinutes(2)).out()).contains("\"ONE\"");
    var late = at(Duration.ofMinutes(59));
    assertThat(late.out()).contains("\"ONE\"");
    assertThat(late.err()).contains("cannot be reached", "good until 2026-03-02T13:00:00Z");
    var over = at(Duration.ofMinutes(60));
    assertThat(over.out()).isEmpty();
    assertThat(over.err()).contains("a proxy before it answered", "try again in a moment");
    assertThat(over.exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"token_already_used", "grant_too_short", "cannot_wait_here", "not_allowed"})
  void aNoThatTakesNothingAwayLeavesWhatIsGood(String code) {
    take();
    broker.refuses(CALL, 403, code, "no", "ask");
    assertThat(at(Duration.ofMinutes(59)).out()).contains("\"ONE\"");
    assertThat(at(Duration.ofMinutes(60)).exit()).isEqualTo(1);
  }

  @Test
  void whoeverElseForbidsItOnTheWayLeavesWhatIsGood() {
    take();
    broker.on(CALL, 403, "<html>blocked by the proxy, grant_revoked</html>");
    assertThat(at(Duration.ofMinutes(59)).out()).contains("\"ONE\"");
  }

  @Test
  void whoWaitsForPeopleAgainHasNothingLeftOfBefore() {
    take();
    broker.on(CALL, 202, "{\"code\":\"authorization_pending\",\"request_id\":\"r2\"}");
    assertThat(at(Duration.ofMinutes(50)).exit()).isEqualTo(3);
    broker.close();
    assertThat(at(Duration.ofMinutes(50)).out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"revoked", "returned", "ended"})
  void aGrantThatWasEndedElsewhereDoesNotHideANewOne(String state) {
    gives("OLD", Duration.ofHours(1), Duration.ofHours(1));
    take();
    broker.on(REQUEST, 200, "{\"id\":\"r1\",\"state\":\"" + state + "\"}");
    gives("NEW", Duration.ofHours(1), Duration.ofHours(1));
    assertThat(at(Duration.ofSeconds(119)).out()).contains("\"OLD\"");
    assertThat(at(Duration.ofMinutes(2)).out()).contains("\"NEW\"");
  }

  @Test
  void aGrantThatWasEndedElsewhereForGoodIsFoundOut() {
    gives("OLD", Duration.ofHours(1), Duration.ofHours(1));
    take();
    broker.on(REQUEST, 200, "{\"id\":\"r1\",\"state\":\"revoked\"}");
    broker.refuses(CALL, 403, "grant_revoked", "the grant was revoked", "ask");
    assertThat(at(Duration.ofMinutes(2)).exit()).isEqualTo(1);
    assertThat(at(Duration.ofMinutes(2)).out()).isEmpty();
  }

  @Test
  void aBrokerThatIsSlowOrAwayHoldsNobodyUpForLong() {
    gives("LAST", Duration.ofHours(1), Duration.ofHours(1));
    take();
    broker.silent(REQUEST);
    var begun = System.nanoTime();
    var ran = at(Duration.ofMinutes(2));
    assertThat(ran.out()).contains("\"LAST\"");
    assertThat(ran.err()).isEmpty();
    assertThat(at(Duration.ofMinutes(3)).out()).contains("\"LAST\"");
    assertThat(broker.heard(REQUEST)).as("nobody looks again at once").isOne();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    broker.close();
    assertThat(at(Duration.ofMinutes(30)).out()).contains("\"LAST\"");
  }

  @Test
  void ofManyAtOnceOneLooks() throws Exception {
    gives("LAST", Duration.ofHours(1), Duration.ofHours(1));
    take();
    broker.on(REQUEST, 200, "{\"id\":\"r1\",\"state\":\"approved\"}");
    shell.at(() -> NOON.plus(Duration.ofMinutes(2)));
    var calls = new ArrayList<Callable<Shell.Ran>>();
    for (var i = 0; i < 20; i++) {
      calls.add(this::take);
    }
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (var ran : threads.invokeAll(calls)) {
        assertThat(ran.get().out()).contains("\"LAST\"");
      }
    }
    assertThat(broker.heard(REQUEST)).isOne();
    assertThat(broker.heard(CALL)).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "denied_by_policy",
        "approval_required",
        "approval_lost",
        "grant_not_started",
        "grant_ended",
        "grant_revoked",
        "grant_returned",
        "grant_over",
        "request_denied",
        "request_cancelled",
        "request_lapsed"
      })
  void whatWasTakenAwayIsNotHandedBack(String code) {
    take();
    broker.refuses(CALL, 403, code, "no", "ask");
    assertThat(at(Duration.ofMinutes(50)).exit()).isEqualTo(1);
    assertThat(at(Duration.ofMinutes(50)).out()).isEmpty();
    assertThat(broker.heard(CALL)).isEqualTo(3);
  }

  @Test
  void whoIsNotApprovedIsToldHowToAskAndWhereItStandsWhatItTakes() {
    broker.refuses(CALL, 403, "approval_required", "you have no approved request", "make one");
    var ran = take();
    assertThat(ran.err())
        .isEqualTo(
            "daypass: error: prod-readonly is not approved for you; what it takes: "
                + broker.url()
                + "/roles/prod-readonly; hint: daypass request"
                + " prod-readonly --for 1h --reason \"...\"\n");
    assertThat(ran.exit()).isEqualTo(1);
  }

  @Test
  void whoWaitsForPeopleIsToldWhere() {
    broker.on(
        CALL,
        202,
        """
        {"code":"authorization_pending","request_id":"r1","request_url":"https://d.example/r1"}\
        """);
    var ran = take();
    assertThat(ran.err())
        .isEqualTo(
            "daypass: error: prod-readonly is not approved yet; people decide at"
                + " https://d.example/r1; hint: daypass wait r1\n");
    assertThat(ran.exit()).isEqualTo(3);
  }

  @Test
  void anotherCloudsCredentialIsNotPrinted() {
    broker.on(CALL, 200, "{\"access_token\":\"x\",\"expires_at\":\"2026-03-02T13:00:00Z\"}");
    var ran = take();
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("prod-readonly is not a role of AWS");
  }

  @ParameterizedTest
  @CsvSource({"azure,,Azure", "gcp,https://storage.azure.com/.default,Google Cloud"})
  void aTokenOfAnotherCloudIsNotPrinted(String cloud, @Nullable String scope, String wanted) {
    broker.on(
        CALL,
        200,
        "{\"access_token\":\"hush\",\"expires_at\":\"2026-03-02T13:00:00Z\""
            + (scope == null ? "}" : ",\"scope\":\"" + scope + "\"}"));
    var ran = shell.run(cloud, "token", "prod-readonly");
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("prod-readonly is not a role of " + wanted);
    assertThat(ran.exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "{\"Version\":1}", "<html>"})
  void whatIsNoCredentialIsNotPrinted(String body) {
    broker.on(CALL, 200, body);
    assertThat(take().out()).isEmpty();
    assertThat(take().exit()).isEqualTo(1);
  }

  @Test
  void withoutAFolderToWriteInItWorksAndSaysSoOnce() throws IOException {
    Files.createFile(home.resolve(".cache"));
    var ran = take();
    assertThat(ran.out()).contains("\"ONE\"");
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).startsWith("daypass: working without a cache: ");
    assertThat(ran.exit()).isZero();
  }

  @Test
  void d8_aFileThatOthersCanReadIsNotUsed() throws IOException {
    take();
    Files.setPosixFilePermissions(entry(), PosixFilePermissions.fromString("rw-r--r--"));
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    var ran = take();
    assertThat(ran.out()).contains("\"TWO\"");
    assertThat(ran.err()).contains("can be read or written by others", "chmod 600");
    assertThat(mode(entry())).isEqualTo("rw-------");
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    take();
    var entry = entry();
    var elsewhere = Files.move(entry, home.resolve("elsewhere"));
    Files.createSymbolicLink(entry, elsewhere);
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(take().out()).contains("\"TWO\"");
    assertThat(Files.readString(elsewhere)).contains("ONE");
  }

  @Test
  void aFolderThatOthersCanWriteIsNotUsed() throws IOException {
    take();
    Files.setPosixFilePermissions(
        entry().resolveSibling(""), PosixFilePermissions.fromString("rwxrwxrwx"));
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(take().out()).contains("\"TWO\"");
  }

  @Test
  void aFileThatWasCutOffIsNotUsed() throws IOException {
    take();
    var text = Files.readString(entry());
    Files.writeString(entry(), text.substring(0, text.indexOf("output")));
    gives("TWO", Duration.ofHours(1), Duration.ofHours(8));
    assertThat(take().out()).contains("\"TWO\"");
  }

  @Test
  void ofManyAtOnceOneAsks() throws Exception {
    var calls = new ArrayList<Callable<Shell.Ran>>();
    for (var i = 0; i < 20; i++) {
      calls.add(this::take);
    }
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (var ran : threads.invokeAll(calls)) {
        assertThat(ran.get().out()).contains("\"ONE\"");
      }
    }
    assertThat(broker.asked).hasSize(1);
  }

  @Test
  void ofManyAtOnceOneIsRefusedAndTheOthersHearOfIt() throws Exception {
    shell.at(InstantSource.system());
    broker.refuses(CALL, 403, "approval_required", "no", "ask");
    var calls = new ArrayList<Callable<Shell.Ran>>();
    for (var i = 0; i < 20; i++) {
      calls.add(this::take);
    }
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (var ran : threads.invokeAll(calls)) {
        assertThat(ran.get().err()).contains("is not approved for you", "daypass request");
      }
    }
    assertThat(broker.asked).hasSizeLessThan(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "a/b", ".x", "-x", "", "x y", "x%2fy"})
  void whatIsNoNameOfARoleGoesNowhere(String role) {
    var ran = shell.run("aws", "credentials", role);
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(broker.asked).isEmpty();
  }

  private Shell.Ran take() {
    return shell.run("aws", "credentials", "prod-readonly");
  }

  private Shell.Ran at(Duration later) {
    shell.at(() -> NOON.plus(later));
    return take();
  }

  private void gives(String id, Duration life, Duration grant) {
    broker.on(
        CALL,
        200,
        """
        {"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s/+=","SessionToken":"t","Expiration":"%s","AccountId":"123456789012"}\
        """
            .formatted(id, NOON.plus(life)),
        Map.of("Daypass-Request", "r1", "Daypass-Grant-Ends", NOON.plus(grant).toString()));
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(home.resolve(".cache"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private Path entry() throws IOException {
    try (var files = Files.walk(home.resolve(".cache"))) {
      return files.filter(f -> f.endsWith("aws.prod-readonly")).findFirst().orElseThrow();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
