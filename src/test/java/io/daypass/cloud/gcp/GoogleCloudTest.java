package io.daypass.cloud.gcp;

import static io.daypass.cloud.Grants.ISSUANCE;
import static io.daypass.cloud.Grants.NOW;
import static io.daypass.cloud.Grants.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.Credential.GoogleToken;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Waits;
import io.daypass.issuer.MemoryKeyStore;
import io.daypass.issuer.Signing;
import io.daypass.policy.Target;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInAccount;
import io.daypass.sandbox.gcp.StandInProvider;
import io.daypass.sandbox.http.Calls.Call;
import io.daypass.sandbox.http.Fault;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleCloudTest {

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void a_recorded_grant_becomes_a_token_of_the_service_account() throws Exception {
    var token = mint(Bench.grant());
    assertThat(token.accessToken().reveal()).startsWith("ya29.c.");
    assertThat(token.fingerprint()).matches("[0-9a-f]{64}");
    assertThat(token.id()).isEqualTo(ISSUANCE.toString());
    assertThat(token.expiresAt())
        .isBetween(NOW.plusSeconds(3595), NOW.plusSeconds(3605).plusMillis(1));
    assertThat(token.toString()).doesNotContain("ya29");
    assertThat(token.scopes()).isEqualTo(Bench.SCOPES);
    assertThat(impersonation().facts())
        .containsEntry("account", Bench.LOGS)
        .containsEntry("actor", "role:gcp-logs")
        .containsEntry("scope", Bench.SCOPES)
        .containsEntry("lifetime", 3600L)
        .containsEntry("token_sha256", token.fingerprint());
  }

  @Test
  void d2_the_assertion_lives_a_minute_for_one_provider_and_carries_the_issuance()
      throws Exception {
    mint(Bench.grant());
    assertThat(exchange().facts()).containsEntry("algorithm", "ES256");
    assertThat(claims())
        .containsEntry("aud", GcpStandIn.PROVIDER)
        .containsEntry("sub", "role:gcp-logs")
        .containsEntry("jti", ISSUANCE.toString())
        .containsEntry("iat", NOW.getEpochSecond() - 20)
        .containsEntry("exp", NOW.getEpochSecond() + 40)
        .containsEntry(
            "daypass",
            Map.of(
                "role",
                "gcp-logs",
                "request",
                REQUEST.value(),
                "issuance",
                ISSUANCE.toString(),
                "requester",
                "staff=8c1b2e-4f",
                "session",
                "alice@example.com-" + REQUEST));
  }

  @Test
  void d2_an_assertion_for_one_pool_is_refused_by_another() throws Exception {
    var other = GcpStandIn.PROVIDER.replace("/providers/daypass", "/providers/another");
    bench.sandbox.gcp().add(StandInProvider.of(other, issuer()));
    var stolen = new String[1];
    try (var thief =
        bench.cloud(
            Waits.QUICK,
            (assertion, algorithm) -> {
              stolen[0] = bench.keys.sign(assertion, algorithm);
              return stolen[0];
            })) {
      thief.mint(Bench.grant().recorded());
    }
    try (var thief = bench.cloud(Waits.QUICK, (_, _) -> stolen[0])) {
      var elsewhere = new Target.Google(Bench.LOGS, other, Bench.SCOPES);
      assertThatThrownBy(() -> thief.mint(Bench.grant().to(elsewhere).recorded()))
          .isInstanceOfSatisfying(
              MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED));
    }
  }

  @Test
  void d3_account_provider_and_scopes_come_from_the_record_and_never_from_claims()
      throws Exception {
    mint(Bench.grant().by(Grants.human("${x}", "//iam.googleapis.com/projects/999/evil")));
    assertThat(claims().toString()).doesNotContain("projects/999").doesNotContain("${");
    assertThat(exchange().facts()).containsEntry("audience", GcpStandIn.PROVIDER);
  }

  @Test
  void a_grant_of_5_minutes_gets_a_token_that_is_asked_to_end_before_it() throws Exception {
    var ends = Instant.parse("2026-11-21T10:05:00Z");
    var token = mint(Bench.grant().ending(ends));
    assertThat((Long) impersonation().facts().get("lifetime")).isBetween(280L, 294L);
    assertThat(token.expiresAt()).isBeforeOrEqualTo(ends).isAfter(ends.minusSeconds(20));
  }

  @Test
  void a_life_is_never_rounded_up() throws Exception {
    mint(Bench.grant().lifetime(Duration.ofMillis(90_999)));
    assertThat(impersonation().facts()).containsEntry("lifetime", 90L);
  }

  @Test
  void a_grant_with_no_time_left_is_refused_before_google_is_asked() {
    refused(Bench.grant().ending(NOW.plusSeconds(9)), Reason.GRANT_TOO_SHORT);
    refused(Bench.grant().ending(NOW.minusSeconds(9)), Reason.GRANT_TOO_SHORT);
    refused(Bench.grant().lifetime(Duration.ofSeconds(4)), Reason.GRANT_TOO_SHORT);
    assertThat(bench.sandbox.calls().list()).isEmpty();
  }

  @Test
  void a_grant_whose_rest_the_exchange_takes_is_not_asked_a_token_for() throws Exception {
    bench.sandbox.gcp().stsFaults().next(new Fault.Delay(Duration.ofMillis(1200)), 1);
    refused(Bench.grant().ending(NOW.plusMillis(11_000)), Reason.GRANT_TOO_SHORT);
    assertThat(bench.calls("gcp.iamcredentials", "generateAccessToken")).isZero();
  }

  @Test
  void a_life_that_the_organization_does_not_allow_is_refused_and_not_shortened() throws Exception {
    refused(Bench.grant().lifetime(Duration.ofHours(2)), Reason.CLOUD_REFUSED);
    bench
        .sandbox
        .gcp()
        .add(
            StandInAccount.of(Bench.LOGS, GcpStandIn.principal("role:gcp-logs"))
                .living(Duration.ofHours(12)));
    assertThat(mint(Bench.grant().lifetime(Duration.ofHours(2))).expiresAt())
        .isAfter(NOW.plusSeconds(7100));
  }

  @Test
  void every_mint_is_an_exchange_and_a_token_of_its_own() throws Exception {
    var tokens = new HashSet<String>();
    for (int i = 0; i < 3; i++) {
      tokens.add(mint(Bench.grant()).fingerprint());
    }
    assertThat(tokens).hasSize(3);
    assertThat(bench.calls("gcp.sts", "token")).isEqualTo(3);
    assertThat(bench.calls("gcp.iamcredentials", "generateAccessToken")).isEqualTo(3);
  }

  @Test
  void an_account_that_does_not_trust_the_role_gives_it_nothing() {
    refused(Bench.grant().called("gcp-storage"), Reason.CLOUD_REFUSED);
    refused(
        Bench.grant().to(Bench.target("nobody@acme-prod.iam.gserviceaccount.com")),
        Reason.CLOUD_REFUSED);
  }

  @Test
  void a_role_whose_name_fits_no_subject_is_never_minted() {
    var longest = "x".repeat(123);
    assertThatThrownBy(() -> mint(Bench.grant().called(longest)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(bench.sandbox.calls().list()).isEmpty();
  }

  @Test
  void a_grant_in_another_cloud_is_not_for_this_one() {
    assertThat(bench.cloud.serves(Grants.standard().target())).isFalse();
    assertThat(bench.cloud.serves(Bench.grant().target())).isTrue();
    assertThatThrownBy(() -> mint(Grants.standard())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_account_without_a_binding_is_said_to_be_in_use_but_not_at_every_mint() throws Exception {
    var token = mint(Bench.grant());
    mint(Bench.grant());
    assertThat(bench.store.seen).containsExactly("unbound gcp " + Bench.LOGS);
    assertThat(bench.store.tokensUntil).isEqualTo(token.expiresAt().plusSeconds(120 + 600));
    var later = NOW.plusSeconds(660);
    bench.time.set(later);
    mint(Bench.grant().at(later));
    assertThat(bench.store.seen).hasSize(2);
  }

  @Test
  void p2_an_account_that_may_have_a_binding_gives_nobody_a_token_without_one() {
    bench.store.taken = true;
    for (var i = 0; i < 2; i++) {
      assertThatThrownBy(() -> mint(Bench.grant()))
          .isInstanceOfSatisfying(
              MintException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.ACCESS_TAKEN);
                assertThat(e.mayExist()).isTrue();
              });
    }
  }

  @Test
  void without_a_signing_key_google_is_not_asked() {
    var keys = Signing.keys(new MemoryKeyStore(), Signing.masterKey(), InstantSource.fixed(NOW));
    try (var cloud = bench.cloud(Waits.QUICK, keys)) {
      assertThatThrownBy(() -> cloud.mint(Bench.grant().recorded()))
          .isInstanceOfSatisfying(
              MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KEYS_UNAVAILABLE));
    }
    assertThat(bench.sandbox.calls().list()).isEmpty();
  }

  @Test
  void nothing_outlives_its_grant_whatever_end_now_and_lifetime_are() throws Exception {
    var random = new Random(5);
    bench
        .sandbox
        .gcp()
        .add(
            StandInAccount.of(Bench.LOGS, GcpStandIn.principal("role:gcp-logs"))
                .living(Duration.ofHours(12)));
    for (int i = 0; i < 500; i++) {
      var now = NOW.plusNanos(random.nextLong(100_000_000_000_000_000L));
      var ends = now.plusMillis(11_000 + random.nextLong(50_000_000));
      bench.time.set(now);
      var lifetime = Duration.ofSeconds(60 + random.nextLong(50_000));
      var token = mint(Bench.grant().at(now).ending(ends).lifetime(lifetime));
      assertThat(token.expiresAt()).isAfter(now).isBeforeOrEqualTo(ends);
      assertThat(Duration.between(now, token.expiresAt()))
          .isLessThanOrEqualTo(lifetime.plusSeconds(2));
    }
  }

  @Test
  void a_token_that_would_outlive_its_grant_because_clocks_differ_is_dropped() throws Exception {
    bench.time.set(NOW.plusSeconds(20));
    refused(Bench.grant().ending(NOW.plusSeconds(300)), Reason.CLOUD_ANSWER_WRONG);
    assertThat(bench.calls("gcp.iamcredentials", "generateAccessToken")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"token_type\":\"Bearer\" | \"token_type\":\"mac\"",
        "\"token_type\":\"Bearer\" | \"token_type\":7",
        "\"token_type\":\"Bearer\" | \"other\":\"Bearer\"",
        "token-type:access_token | token-type:id_token",
        "\"issued_token_type\" | \"other\"",
        "\"access_token\" | \"other\"",
        "\"ya29.d. | \"ya29.d.\\r\\nX: ",
        "\"ya29.d. | \"ya29.d.\\u0001",
        "\"expires_in\":3599 | \"expires_in\":0",
        "\"expires_in\":3599 | \"expires_in\":-5",
        "\"expires_in\":3599 | \"expires_in\":\"soon\"",
        "\"expires_in\":3599 | \"expires_in\":1e400",
        "{ | [",
      })
  void f24_an_exchange_that_differs_from_what_was_asked_leads_nowhere(String from, String to) {
    rewrite(true, from, to);
    refused(Bench.grant(), Reason.CLOUD_ANSWER_WRONG);
    assertThat(bench.calls("gcp.iamcredentials", "generateAccessToken")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"accessToken\" | \"other\"",
        "\"ya29.c. | \"ya29.c.\\r\\nX: ",
        "\"ya29.c. | \"ya29.c.\\u0000",
        "\"ya29.c. | {\"a\":\"",
        "\"expireTime\" | \"other\"",
        "2026-11-21T11:00:0 | 2026-11-21T11:09:0",
        "2026-11-21T11:00:0 | 2026-11-21T18:00:0",
        "2026-11-21T11:00:0 | 9999-12-31T23:59:5",
        "2026-11-21T11:00:0 | 2026-11-21T09:59:0",
        "2026-11-21T11:00:0 | soon",
        "2026-11-21T11:00:0 | +999999999-12-31T23:59:5",
        "\"2026-11-21T11 | 5,\"x\":\"",
        "{ | [",
      })
  void b7_c7_f24_a_token_that_differs_from_what_was_asked_is_dropped(String from, String to) {
    rewrite(false, from, to);
    refused(Bench.grant(), Reason.CLOUD_ANSWER_WRONG);
    assertThat(bench.calls("gcp.iamcredentials", "generateAccessToken")).isEqualTo(1);
  }

  @Test
  void a_shorter_life_than_asked_is_taken_as_it_is() throws Exception {
    rewrite(false, "2026-11-21T11:00:0", "2026-11-21T10:30:0");
    assertThat(mint(Bench.grant()).expiresAt()).isBefore(Instant.parse("2026-11-21T10:31:00Z"));
  }

  @Test
  void the_audit_log_can_be_made_to_name_requester_and_request() throws Exception {
    bench
        .sandbox
        .gcp()
        .add(
            new StandInProvider(
                GcpStandIn.PROVIDER,
                issuer(),
                List.of(),
                Map.of(
                    "google.subject",
                    "assertion.daypass.session",
                    "attribute.role",
                    "assertion.sub"),
                "assertion.sub.startsWith('role:')"));
    var anyOfTheRole =
        "principalSet:"
            + GcpStandIn.PROVIDER.replace("/providers/daypass", "")
            + "/attribute.role/role:gcp-logs";
    bench.sandbox.gcp().add(StandInAccount.of(Bench.LOGS, anyOfTheRole));
    mint(Bench.grant());
    assertThat(impersonation().facts()).containsEntry("actor", "alice@example.com-" + REQUEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sts.example.com",
        "https://user@sts.example.com",
        "https://sts.example.com/?a",
        "https://sts.example.com/#a",
        "ftp://localhost",
        "https:opaque"
      })
  void an_endpoint_takes_no_assertion_in_the_clear(String endpoint) {
    var uri = URI.create(endpoint);
    assertThatThrownBy(() -> new GoogleConfig.Endpoints(uri, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GoogleConfig.Endpoints(null, uri, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GoogleConfig.Endpoints(null, null, uri))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void untold_of_endpoints_google_is_where_it_is_for_everybody() {
    var usual = GoogleConfig.STANDARD.endpoints();
    assertThat(usual.of(GoogleCall.exchange())).hasToString("https://sts.googleapis.com/v1/token");
    assertThat(usual.of(GoogleCall.impersonation(Bench.LOGS)))
        .hasToString(
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
                + Bench.LOGS
                + ":generateAccessToken");
  }

  /** The next answer of STS, or of IAM Credentials, has {@code to} in the place of {@code from}. */
  private void rewrite(boolean sts, String from, String to) {
    var gcp = bench.sandbox.gcp();
    (sts ? gcp.stsFaults() : gcp.iamFaults())
        .next(
            new Fault.Rewrite(reply -> {
              assertThat(reply.body()).contains(from);
              return reply.withBody(reply.body().replace(from, to));
            }),
            1);
  }

  private GoogleToken mint(Grants grants) throws MintException {
    return (GoogleToken) bench.cloud.mint(grants.recorded());
  }

  private void refused(Grants grants, Reason reason) {
    assertThatThrownBy(() -> mint(grants))
        .isInstanceOfSatisfying(
            MintException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e).hasNoCause();
            });
  }

  private Call exchange() {
    return bench.sandbox.calls().list("gcp.sts", "token").getLast();
  }

  private Call impersonation() {
    return bench.sandbox.calls().list("gcp.iamcredentials", "generateAccessToken").getLast();
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> claims() {
    return (Map<String, Object>) exchange().facts().getOrDefault("claims", Map.of());
  }

  private String issuer() throws MintException {
    mint(Bench.grant());
    return String.valueOf(claims().get("iss"));
  }
}
