package io.daypass.cloud.aws;

import static io.daypass.cloud.Grants.ARN;
import static io.daypass.cloud.Grants.ISSUANCE;
import static io.daypass.cloud.Grants.NOW;
import static io.daypass.cloud.Grants.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.Limits;
import io.daypass.identity.Kind;
import io.daypass.issuer.MemoryKeyStore;
import io.daypass.issuer.Signing;
import io.daypass.policy.SessionPolicy;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsCloudTest {

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void a_recorded_grant_becomes_session_keys() throws Exception {
    var session = mint(Grants.standard());
    assertThat(session.accessKeyId()).isEqualTo("ASIAA2B3C4D5E6F7G8H9");
    assertThat(session.id()).isEqualTo(session.accessKeyId());
    assertThat(session.secretAccessKey().reveal()).isEqualTo("s".repeat(40));
    assertThat(session.fingerprint()).matches("[0-9a-f]{64}");
    assertThat(session.accountId()).isEqualTo("123456789012");
    assertThat(session.expiresAt()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(session.toString()).doesNotContain("ssss").doesNotContain("t/k+");
  }

  @Test
  void a_request_for_5_minutes_has_expiration_and_deny_at_5_minutes_though_sts_was_asked_for_900_s()
      throws Exception {
    var ends = Instant.parse("2026-11-21T10:05:00Z");
    assertThat(mint(Grants.standard().ending(ends)).expiresAt()).isEqualTo(ends);
    assertThat(sent("DurationSeconds")).isEqualTo("900");
    assertThat(sent("Policy"))
        .contains("{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-11-21T10:05:00Z\"}}");
  }

  @Test
  void d2_the_assertion_lives_a_minute_for_one_account_and_carries_the_issuance() throws Exception {
    mint(Grants.standard());
    assertThat(call().claims())
        .containsEntry("iss", "https://daypass.example.com")
        .containsEntry("aud", "daypass-aws-123456789012")
        .containsEntry("sub", "role:prod-readonly")
        .containsEntry("jti", ISSUANCE.toString())
        .containsEntry("iat", NOW.getEpochSecond() - 20)
        .containsEntry("exp", NOW.getEpochSecond() + 40)
        .containsEntry("https://aws.amazon.com/source_identity", "staff=8c1b2e-4f")
        .containsEntry(
            "https://aws.amazon.com/tags",
            Map.of(
                "principal_tags",
                Map.of(
                    "DaypassRequest", List.of(REQUEST.value()),
                    "DaypassIssuance", List.of(ISSUANCE.toString()),
                    "DaypassRequester", List.of("staff=8c1b2e-4f"),
                    "DaypassRole", List.of("prod-readonly")),
                "transitive_tag_keys",
                List.of("DaypassIssuance", "DaypassRequest", "DaypassRequester", "DaypassRole")));
  }

  @Test
  void d2_an_assertion_for_one_account_is_refused_by_another() throws Exception {
    mint(Grants.standard());
    var stolen = sent("WebIdentityToken");
    var elsewhere = Grants.aws("arn:aws:iam::210987654321:role/prod-readonly", null);
    var grant = Grants.standard().to(elsewhere).recorded();
    try (var thief = bench.cloudSigningWith((_, _) -> stolen)) {
      assertThatThrownBy(() -> thief.mint(grant))
          .isInstanceOfSatisfying(
              MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED));
    }
    assertThat(bench.cloud.mint(grant)).isNotNull();
  }

  @Test
  void d3_role_session_name_and_endpoint_come_from_the_record_and_never_from_claims()
      throws Exception {
    var mallory = Grants.human("${aws:userid}", "arn:aws:iam::999999999999:role/admin");
    mint(Grants.standard().by(mallory));
    assertThat(sent("RoleArn")).isEqualTo(ARN);
    assertThat(sent("RoleSessionName")).matches("id\\.[0-9a-f]{32}-" + REQUEST);
    assertThat(call().claims().toString()).doesNotContain("999999999999").doesNotContain("${");
  }

  @Test
  void the_session_is_named_after_requester_and_request() throws Exception {
    mint(Grants.standard());
    assertThat(sent("RoleSessionName")).isEqualTo("alice@example.com-" + REQUEST);
  }

  @Test
  void b9_the_roles_own_session_policy_narrows_the_session() throws Exception {
    var own = "{\"Effect\":\"Allow\",\"Action\":\"logs:*\",\"Resource\":\"*\"}";
    mint(Grants.standard().to(Grants.aws(ARN, new SessionPolicy(own))));
    assertThat(sent("Policy"))
        .contains("[" + own + ",{\"Effect\":\"Deny\"")
        .doesNotContain("{\"Effect\":\"Allow\",\"Action\":\"*\"");
  }

  @Test
  void a_session_policy_too_large_is_refused_before_aws_is_asked() {
    var large = new SessionPolicy("{\"Sid\":\"" + "x".repeat(2000) + "\"}");
    refused(Grants.standard().to(Grants.aws(ARN, large)), Reason.SESSION_POLICY_TOO_LARGE);
    assertThat(bench.sts.calls()).isEmpty();
  }

  @Test
  void a_grant_with_no_time_left_is_refused_before_aws_is_asked() {
    refused(Grants.standard().ending(NOW.plusSeconds(2)), Reason.GRANT_TOO_SHORT);
    assertThat(bench.sts.calls()).isEmpty();
  }

  @Test
  void a_role_whose_name_fits_no_tag_is_never_minted() {
    assertThatThrownBy(() -> mint(Grants.standard().called("prod*")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(bench.sts.calls()).isEmpty();
  }

  @Test
  void a_grant_in_another_cloud_is_not_for_this_one() {
    var oidc = new Target.Oidc("an-audience", Map.of(), Target.Oidc.Signing.RS256);
    assertThat(bench.cloud.serves(oidc)).isFalse();
    assertThat(bench.cloud.serves(Grants.standard().target())).isTrue();
    assertThatThrownBy(() -> mint(Grants.standard().to(oidc)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void without_a_signing_key_aws_is_not_asked() {
    var keys =
        Signing.keys(new MemoryKeyStore(), Signing.masterKey(), InstantSource.fixed(Grants.NOW));
    var config = AwsConfig.of(Signing.ISSUER);
    try (var cloud =
        new AwsCloud(config, keys, RandomGenerator.getDefault(), _ -> Optional.empty())) {
      assertThatThrownBy(() -> cloud.mint(Grants.standard().recorded()))
          .isInstanceOfSatisfying(
              MintException.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(Reason.KEYS_UNAVAILABLE));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "assumed-role/prod-readonly/, assumed-role/prod-admin/",
    "arn:aws:sts::123456789012, arn:aws:sts::210987654321",
    "arn:aws:sts, arn:aws-cn:sts",
    "alice@example.com-, bob@example.com-",
    "<AssumedRoleId>AROACLKWSDQRAOEXAMPLE:alice, <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:bob",
    "role:prod-readonly, role:prod-admin",
    "daypass-aws-123456789012, daypass-aws-210987654321",
    "staff=8c1b2e-4f, staff=somebody-else",
    "oidc-provider/daypass.example.com, oidc-provider/evil.example.com",
    "<AccessKeyId>ASIA, <AccessKeyId>AKIA",
    "<SecretAccessKey>ssss, <SecretAccessKey>s&quot;s",
    "<SessionToken>t/k+, <SessionToken>t\"}",
    "<Provider>, <Supplier>",
    "<SourceIdentity>, <NoIdentity>",
    "<Credentials>, <Nothing>",
    "<AssumedRoleUser>, <Nobody>",
    "<AssumedRoleId>, <Nothing>",
    "<SessionToken>, <Nothing>",
    "<Expiration>, <Nothing>",
    "2026-11-21T11:00:00.250Z, 2026-11-21T11:01:30Z",
    "2026-11-21T11:00:00.250Z, 2026-11-21T10:00:00.250Z",
    "2026-11-21T11:00:00.250Z, 9999-12-31T23:59:59Z",
    "2026-11-21T11:00:00.250Z, soon",
  })
  void b7_c7_f24_an_answer_that_differs_from_what_was_asked_is_dropped(String from, String to) {
    bench.sts.answer =
        answer -> {
          assertThat(answer).contains(from);
          var closing = from.startsWith("<") ? from.substring(1).replaceAll(">.*", "") : "?";
          var renamed = to.startsWith("<") ? to.substring(1).replaceAll(">.*", "") : "?";
          return answer.replace(from, to).replace("</" + closing + ">", "</" + renamed + ">");
        };
    refused(Grants.standard(), Reason.CLOUD_ANSWER_WRONG);
    assertThat(bench.sts.calls()).hasSize(1);
  }

  @Test
  void aws_may_name_the_provider_by_our_url() throws Exception {
    bench.sts.answer =
        answer ->
            answer.replaceAll(
                "<Provider>.*</Provider>", "<Provider>https://daypass.example.com</Provider>");
    assertThat(mint(Grants.standard())).isNotNull();
  }

  @Test
  void a_shorter_life_than_asked_is_taken_as_it_is() throws Exception {
    bench.sts.answer = answer -> answer.replace("2026-11-21T11:00:00.250Z", "2026-11-21T10:30:00Z");
    assertThat(mint(Grants.standard()).expiresAt())
        .isEqualTo(Instant.parse("2026-11-21T10:30:00Z"));
  }

  @Test
  void nothing_outlives_its_grant_whatever_end_now_and_lifetime_are() throws Exception {
    var random = new Random(5);
    for (int i = 0; i < 300; i++) {
      var now = NOW.plusSeconds(random.nextLong(100_000_000));
      var ends = now.plusSeconds(6 + random.nextLong(50_000));
      bench.sts.now = now;
      var session =
          mint(
              Grants.standard()
                  .at(now)
                  .ending(ends)
                  .lifetime(Duration.ofSeconds(60 + random.nextLong(50_000))));
      assertThat(session.expiresAt()).isAfter(now).isBeforeOrEqualTo(ends);
    }
  }

  @Test
  void a_workload_is_named_by_its_subject() throws Exception {
    mint(Grants.standard().by(Grants.identity("github", "acme_shop", Kind.WORKLOAD, null)));
    assertThat(sent("RoleSessionName")).isEqualTo("acme_shop-" + REQUEST);
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:iam::123456789012:role/x, eu-central-1, https://sts.eu-central-1.amazonaws.com",
    "arn:aws:iam::123456789012:role/x, cn-northwest-1, https://sts.us-east-1.amazonaws.com",
    "arn:aws-cn:iam::123456789012:role/x, us-east-1, https://sts.cn-north-1.amazonaws.com.cn",
    "arn:aws-cn:iam::123456789012:role/x, cn-northwest-1,"
        + " https://sts.cn-northwest-1.amazonaws.com.cn",
    "arn:aws-us-gov:iam::123456789012:role/x, us-gov-east-1,"
        + " https://sts.us-gov-east-1.amazonaws.com",
  })
  void each_partition_is_asked_at_its_own_regional_endpoint(
      String arn, String region, String endpoint) {
    var partition = AwsPartition.of(Grants.aws(arn, null).roleArn());
    assertThat(partition.sts(partition.region(region))).hasToString(endpoint);
  }

  @Test
  void d2_the_role_that_cuts_sessions_is_nobody_s_whatever_the_policies_call_it() {
    try (var cloud = bench.cloudWhoseRevokerIs("prod-readonly")) {
      assertThatThrownBy(() -> cloud.mint(Grants.standard().recorded()))
          .isInstanceOfSatisfying(
              MintException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED);
                assertThat(e.said()).asString().contains("the role is clouds.aws.revoker");
              });
    }
    assertThat(bench.sts.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"daypass-aws", "{account}{account}", "a b {account}", "{account}"})
  void an_audience_names_its_account_once(String audience) {
    assertThatThrownBy(() ->
            new AwsConfig(
                Signing.ISSUER,
                audience,
                "us-east-1",
                AwsConfig.Endpoints.NONE,
                null,
                Limits.STANDARD))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "us east", "evil.example/", "us-east-1.evil.example", "US-EAST-1"})
  void d3_a_region_is_a_region(String region) {
    assertThatThrownBy(() ->
            new AwsConfig(
                Signing.ISSUER,
                AwsConfig.DEFAULT_AUDIENCE,
                region,
                AwsConfig.Endpoints.NONE,
                null,
                Limits.STANDARD))
        .isInstanceOf(IllegalArgumentException.class);
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
    var uri = java.net.URI.create(endpoint);
    assertThatThrownBy(() -> new AwsConfig.Endpoints(uri, null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private AwsSession mint(Grants grants) throws MintException {
    return (AwsSession) bench.cloud.mint(grants.recorded());
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

  private StrictSts.Seen call() {
    return bench.sts.calls().getLast();
  }

  private String sent(String parameter) {
    return call().parameters().getOrDefault(parameter, "");
  }
}
