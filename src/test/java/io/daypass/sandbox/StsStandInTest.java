package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.daypass.sandbox.aws.StandInRole;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each rule of AWS that the stand-in holds callers to. */
class StsStandInTest {

  private static final String ACCOUNT = "123456789012";
  private static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/daypass-staging-admin";

  private static Sandbox sandbox;
  private static TestBroker broker;

  @BeforeAll
  static void start() throws IOException {
    broker = new TestBroker();
    sandbox = Sandbox.start().trust(broker.url());
  }

  @AfterAll
  static void stop() {
    sandbox.close();
    broker.close();
  }

  @Test
  void a_good_call_gets_keys_that_live_as_asked() {
    var answer = assume(Map.of());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(element(answer, "AccessKeyId")).matches("ASIA[A-Z2-7]{16}");
    assertThat(element(answer, "SecretAccessKey")).hasSize(40);
    assertThat(element(answer, "SubjectFromWebIdentityToken")).isEqualTo("role:staging-admin");
    assertThat(element(answer, "SourceIdentity")).isEqualTo("alice");
    assertThat(element(answer, "Arn"))
        .isEqualTo("arn:aws:sts::" + ACCOUNT + ":assumed-role/daypass-staging-admin/alice-req-1");
    assertThat(Instant.parse(element(answer, "Expiration")))
        .isBetween(Instant.now().plusSeconds(800), Instant.now().plusSeconds(900));
  }

  @Test
  void rs256_is_taken_as_well() {
    assertThat(assume(Map.of("WebIdentityToken", broker.rs256(broker.claims()))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_call_without_version_or_action_is_refused() {
    refused("InvalidAction", 400, Map.of("Version", ""));
    refused("MissingAction", 400, Map.of("Action", ""));
    refused("InvalidAction", 400, Map.of("Action", "AssumeRole"));
  }

  @Test
  void a_duration_outside_its_limits_is_refused() {
    refused("ValidationError", 400, Map.of("DurationSeconds", "899"));
    refused("ValidationError", 400, Map.of("DurationSeconds", "43201"));
    refused("ValidationError", 400, Map.of("DurationSeconds", "1h"));
  }

  @Test
  void a_duration_over_the_roles_own_is_refused() {
    var claims = with("sub", "role:ci-deploy");
    var role = "arn:aws:iam::" + ACCOUNT + ":role/daypass-ci-deploy";
    var token = broker.es256(claims);
    refused(
        "ValidationError",
        400,
        Map.of("RoleArn", role, "WebIdentityToken", token, "DurationSeconds", "3601"));
    assertThat(
            assume(Map.of("RoleArn", role, "WebIdentityToken", token, "DurationSeconds", "3600"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_session_name_outside_its_pattern_is_refused() {
    for (var name : List.of("a", "with space", "x".repeat(65), "semi;colon", "")) {
      refused("ValidationError", 400, Map.of("RoleSessionName", name));
    }
  }

  @Test
  void a_token_that_is_none_is_refused() {
    refused("ValidationError", 400, Map.of("WebIdentityToken", "abc"));
    refused("ValidationError", 400, Map.of("WebIdentityToken", "a".repeat(20_001)));
    for (var token : List.of("abcd", "a.b.c", "e30.e30.e30", "a.b.c.d.e")) {
      refused("InvalidIdentityToken", 400, Map.of("WebIdentityToken", token));
    }
  }

  @Test
  void an_issuer_nobody_told_the_account_of_is_refused() {
    refusedClaims("InvalidIdentityToken", with("iss", broker.url() + "/"));
    refusedClaims("InvalidIdentityToken", with("iss", "https://elsewhere.example"));
  }

  @Test
  void an_account_that_nobody_made_anything_in_has_no_provider() {
    var answer =
        refused(
            "InvalidIdentityToken",
            400,
            Map.of("RoleArn", "arn:aws:iam::210987654321:role/daypass-staging-admin"));
    assertThat(element(answer, "Message"))
        .isEqualTo("No OpenIDConnect provider found in your account for " + broker.url());
  }

  @Test
  void an_audience_nobody_told_the_account_of_is_refused() {
    refusedClaims("InvalidIdentityToken", with("aud", "daypass-aws-210987654321"));
    refusedClaims("InvalidIdentityToken", with("aud", "sts.amazonaws.com"));
  }

  @Test
  void a_claim_that_is_missing_is_refused() {
    for (var name : List.of("iss", "sub", "aud", "exp", "iat")) {
      var claims = broker.claims();
      claims.remove(name);
      refusedClaims("InvalidIdentityToken", claims);
    }
  }

  @Test
  void times_that_are_no_integers_are_refused() {
    refusedClaims("InvalidIdentityToken", with("exp", "2999999999"));
    refusedClaims("InvalidIdentityToken", with("iat", 1.5));
  }

  @Test
  void an_expired_token_is_refused() {
    var past = Instant.now().getEpochSecond() - 100;
    var claims = with("exp", past);
    claims.put("iat", past - 60);
    refusedClaims("ExpiredTokenException", claims);
  }

  @Test
  void a_token_from_the_future_or_for_days_is_refused() {
    var now = Instant.now().getEpochSecond();
    var future = with("iat", now + 1000);
    future.put("exp", now + 1060);
    refusedClaims("InvalidIdentityToken", future);
    refusedClaims("InvalidIdentityToken", with("iat", now + 20));
    refusedClaims("InvalidIdentityToken", with("exp", now + 90_000));
    refusedClaims("InvalidIdentityToken", with("nbf", now + 1000));
    refusedClaims("InvalidIdentityToken", with("nbf", now + 20));
  }

  @Test
  void a_subject_that_is_too_short_or_too_long_is_refused() {
    refusedClaims("InvalidIdentityToken", with("sub", "role:"));
    refusedClaims("InvalidIdentityToken", with("sub", "role:" + "x".repeat(251)));
  }

  @Test
  void a_key_of_somebody_else_is_refused() {
    var other = TestBroker.newEc();
    var stolenId =
        TestBroker.sign(JWSAlgorithm.ES256, broker.key().getKeyID(), broker.claims(), other);
    refused("InvalidIdentityToken", 400, Map.of("WebIdentityToken", stolenId));
    var unknownId = TestBroker.sign(JWSAlgorithm.ES256, other.getKeyID(), broker.claims(), other);
    refused("InvalidIdentityToken", 400, Map.of("WebIdentityToken", unknownId));
  }

  @Test
  void a_changed_token_is_refused() {
    var parts = broker.es256(broker.claims()).split("\\.", -1);
    var other = broker.es256(with("sub", "role:prod-admin")).split("\\.", -1);
    refused(
        "InvalidIdentityToken",
        400,
        Map.of("WebIdentityToken", parts[0] + "." + other[1] + "." + parts[2]));
  }

  @Test
  void an_algorithm_that_is_not_the_keys_is_refused() {
    var parts = broker.es256(broker.claims()).split("\\.", -1);
    for (var algorithm : List.of("none", "HS256", "PS256", "RS256", "ES384")) {
      var header =
          new JsonObject().put("alg", algorithm).put("kid", broker.key().getKeyID()).encode();
      var token = base64(header) + "." + parts[1] + "." + parts[2];
      refused("InvalidIdentityToken", 400, Map.of("WebIdentityToken", token));
    }
  }

  @Test
  void a_claim_that_stands_twice_is_refused() {
    var text = new JsonObject(broker.claims()).encode();
    var twice = text.replaceFirst("\\{", "{\"sub\":\"role:staging-admin\",");
    var token = TestBroker.sign(JWSAlgorithm.ES256, broker.key().getKeyID(), twice, broker.key());
    refused("InvalidIdentityToken", 400, Map.of("WebIdentityToken", token));
  }

  @Test
  void a_role_that_does_not_trust_the_subject_and_a_role_that_is_not_there_answer_alike() {
    var token = broker.es256(with("sub", "role:ci-deploy"));
    var distrusted = refused("AccessDenied", 403, Map.of("WebIdentityToken", token));
    var missing = refused("AccessDenied", 403, Map.of("RoleArn", ROLE + "-not"));
    assertThat(element(distrusted, "Message")).isEqualTo(element(missing, "Message"));
  }

  @Test
  void a_trust_policy_without_tag_session_or_source_identity_fails_the_call() {
    var role = StandInRole.of(ACCOUNT, "half-trusting", Duration.ofHours(1), "role:staging-admin");
    sandbox.aws().add(role.withoutTagSession());
    refused("AccessDenied", 403, Map.of("RoleArn", role.arn()));
    sandbox.aws().add(role.withoutSetSourceIdentity());
    refused("AccessDenied", 403, Map.of("RoleArn", role.arn()));
    sandbox.aws().add(role);
    assertThat(assume(Map.of("RoleArn", role.arn())).statusCode()).isEqualTo(200);
  }

  @Test
  void tags_outside_their_limits_are_refused() {
    refusedTags(Map.of("k", "not a list"));
    refusedTags(Map.of("k", List.of("two", "values")));
    refusedTags(Map.of("k", List.of("semi;colon")));
    refusedTags(Map.of("k", List.of("x".repeat(257))));
    refusedTags(Map.of("k".repeat(129), List.of("v")));
    refusedTags(Map.of("aws:mine", List.of("v")));
    refusedTags(Map.of("Same", List.of("v"), "sAME", List.of("v")));
    refusedTags(
        IntStream.range(0, 51).boxed().collect(Collectors.toMap(i -> "k" + i, _ -> List.of("v"))));
    refusedClaims(
        "InvalidIdentityToken",
        with(
            "https://aws.amazon.com/tags",
            Map.of(
                "principal_tags",
                Map.of("k", List.of("v")),
                "transitive_tag_keys",
                List.of("other"))));
  }

  @Test
  void a_source_identity_outside_its_pattern_is_refused() {
    for (var source : List.of("a", "aws:alice", "x".repeat(65), "with space")) {
      refusedClaims("InvalidIdentityToken", with("https://aws.amazon.com/source_identity", source));
    }
  }

  @Test
  void a_policy_that_is_too_long_is_refused() {
    var policy = policy("s3:Get*").encode() + " ".repeat(2048);
    refused("ValidationError", 400, Map.of("Policy", policy));
  }

  @Test
  void policy_and_tags_that_do_not_fit_together_are_refused() {
    var tags =
        IntStream.range(0, 10)
            .boxed()
            .collect(Collectors.toMap(i -> "k" + i, _ -> List.of("v".repeat(256))));
    var claims = with("https://aws.amazon.com/tags", Map.of("principal_tags", tags));
    refused("PackedPolicyTooLarge", 400, Map.of("WebIdentityToken", broker.es256(claims)));
  }

  @Test
  void a_policy_against_the_grammar_is_refused() {
    for (var policy :
        List.of(
            "not json",
            "{}",
            "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
            "{\"Version\":\"2011-01-01\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}",
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}}",
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\"}}",
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"Get\",\"Resource\":\"*\"}}",
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"bucket\"}}",
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":\"*\"}}",
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"DateAfter\":{\"aws:CurrentTime\":\"2026-01-01T00:00:00Z\"}}}}",
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"tomorrow\"}}}}")) {
      refused("MalformedPolicyDocument", 400, Map.of("Policy", policy));
    }
  }

  @Test
  void an_issuer_that_is_down_or_lies_is_told_apart_by_the_words_alone() {
    try (var other = new TestBroker()) {
      sandbox.trust(other.url());
      other.status = 500;
      var token = other.es256(withIssuer(other));
      var down = refused("InvalidIdentityToken", 400, Map.of("WebIdentityToken", token));
      assertThat(element(down, "Message")).contains("t retrieve verification key from your");
      other.status = 200;
      other.issuerInDocument = other.url() + "/";
      var lies = refused("InvalidIdentityToken", 400, Map.of("WebIdentityToken", token));
      assertThat(element(lies, "Message")).doesNotContain("verification key");
      other.issuerInDocument = other.url();
      assertThat(assume(Map.of("WebIdentityToken", token)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void keys_are_fetched_once_and_again_for_a_key_that_is_new() {
    try (var other = new TestBroker()) {
      sandbox.trust(other.url());
      for (int i = 0; i < 5; i++) {
        assertThat(assume(Map.of("WebIdentityToken", other.es256(withIssuer(other)))).statusCode())
            .isEqualTo(200);
      }
      assertThat(other.fetches).hasValue(2);
      other.rotate();
      assertThat(assume(Map.of("WebIdentityToken", other.es256(withIssuer(other)))).statusCode())
          .isEqualTo(200);
      assertThat(other.fetches).hasValue(4);
    }
  }

  @Test
  void calls_show_what_was_asked_and_no_secret() {
    var token = broker.es256(broker.claims());
    var answer = assume(Map.of("WebIdentityToken", token));
    var last = sandbox.calls().list("sts", "AssumeRoleWithWebIdentity").getLast();
    assertThat(last.outcome()).isEqualTo("ok");
    assertThat(last.facts())
        .containsEntry("session_name", "alice-req-1")
        .containsEntry("source_identity", "alice")
        .containsEntry("audience", "daypass-aws-" + ACCOUNT)
        .containsKeys("tags", "jti", "subject", "duration", "token_sha256");
    var lines = Http.get(sandbox.url() + "/calls").body();
    assertThat(lines)
        .contains(element(answer, "AccessKeyId"))
        .doesNotContain(token)
        .doesNotContain(element(answer, "SecretAccessKey"))
        .doesNotContain(element(answer, "SessionToken"));
  }

  @Test
  void faults_come_as_often_as_told_and_a_refusal_makes_no_session() {
    sandbox.aws().stsFaults().next(Fault.throttling(), 1);
    sandbox.aws().stsFaults().next(Fault.expiration("2099-01-01T00:00:00Z"), 1);
    sandbox.aws().stsFaults().next(Fault.wrongAccount("999999999999"), 1);
    refused("Throttling", 400, Map.of());
    assertThat(element(assume(Map.of()), "Expiration")).isEqualTo("2099-01-01T00:00:00Z");
    assertThat(element(assume(Map.of()), "Arn")).contains("999999999999");
    assertThat(element(assume(Map.of()), "Arn")).contains(ACCOUNT);
  }

  private static void refusedTags(Map<String, ?> tags) {
    refusedClaims(
        "InvalidIdentityToken",
        with("https://aws.amazon.com/tags", Map.of("principal_tags", tags)));
  }

  private static void refusedClaims(String code, Map<String, Object> claims) {
    refused(code, 400, Map.of("WebIdentityToken", broker.es256(claims)));
  }

  private static HttpResponse<String> refused(
      String code, int status, Map<String, String> different) {
    var answer = assume(different);
    assertThat(element(answer, "Code")).as(different.toString()).isEqualTo(code);
    assertThat(answer.statusCode()).isEqualTo(status);
    return answer;
  }

  private static Map<String, Object> with(String claim, Object value) {
    var claims = broker.claims();
    claims.put(claim, value);
    return claims;
  }

  private static Map<String, Object> withIssuer(TestBroker other) {
    return new LinkedHashMap<>(other.claims());
  }

  static JsonObject policy(String action) {
    return new JsonObject()
        .put("Version", "2012-10-17")
        .put(
            "Statement",
            new JsonObject().put("Effect", "Allow").put("Action", action).put("Resource", "*"));
  }

  private static HttpResponse<String> assume(Map<String, String> different) {
    var form = new LinkedHashMap<String, String>();
    form.put("Action", "AssumeRoleWithWebIdentity");
    form.put("Version", "2011-06-15");
    form.put("RoleArn", ROLE);
    form.put("RoleSessionName", "alice-req-1");
    form.put("DurationSeconds", "900");
    form.put("WebIdentityToken", broker.es256(broker.claims()));
    form.putAll(different);
    return Http.post(sandbox.url() + "/aws/sts", form);
  }

  static String element(HttpResponse<String> answer, String name) {
    var matcher = Pattern.compile("<" + name + ">([^<]*)<").matcher(answer.body());
    return matcher.find() ? matcher.group(1) : "no " + name + " in " + answer.body();
  }

  private static String base64(String text) {
    return java.util.Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
