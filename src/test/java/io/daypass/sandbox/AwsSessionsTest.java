package io.daypass.sandbox;

import static io.daypass.sandbox.StsStandInTest.element;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.Needs;
import io.daypass.sandbox.http.Form;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

/** What the keys of the stand-in are good for, and until when. */
class AwsSessionsTest {

  private static final String ROLES = "arn:aws:iam::123456789012:role/";

  @TempDir private Path home;
  private final MovingClock clock = new MovingClock(Instant.now());
  private Sandbox sandbox;
  private TestBroker broker;

  @BeforeEach
  void start() throws IOException {
    broker = new TestBroker();
    sandbox = Sandbox.options().clock(clock).start().trust(broker.url());
  }

  @AfterEach
  void stop() {
    sandbox.close();
    broker.close();
  }

  @Test
  void keys_say_who_they_are_to_a_real_sdk() {
    var answer = sts(minted("")).getCallerIdentity();
    assertThat(answer.account()).isEqualTo("123456789012");
    assertThat(answer.arn()).endsWith(":assumed-role/daypass-staging-admin/alice-req-1");
  }

  @Test
  void wrong_keys_are_refused_each_in_its_own_way() {
    var keys = minted("");
    refused(
        "SignatureDoesNotMatch",
        AwsSessionCredentials.create(keys.accessKeyId(), "x".repeat(40), keys.sessionToken()));
    refused(
        "InvalidClientTokenId",
        AwsSessionCredentials.create(keys.accessKeyId(), keys.secretAccessKey(), "other"));
    refused(
        "InvalidClientTokenId",
        AwsSessionCredentials.create(
            "ASIA" + "A".repeat(16), keys.secretAccessKey(), keys.sessionToken()));
    assertThat(unsigned().statusCode()).isEqualTo(403);
    assertThat(element(unsigned(), "Code")).isEqualTo("MissingAuthenticationToken");
  }

  @Test
  void keys_die_with_their_session() {
    var keys = minted("");
    clock.forward(299);
    assertThat(sts(keys).getCallerIdentity().account()).isNotBlank();
    assertThat(allowed(keys).getBoolean("allowed")).isTrue();
    clock.forward(602);
    assertThat(allowed(keys).getBoolean("allowed")).isFalse();
    assertThat(allowed(keys).getString("why")).contains("expired");
  }

  @Test
  void keys_are_good_for_nothing_after_the_end_in_their_policy() {
    var end = clock.instant().plusSeconds(120).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    var keys = minted(endingAt(end));
    var before = allowed(keys);
    assertThat(before.getBoolean("allowed")).isTrue();
    assertThat(before.getString("policy_end")).isEqualTo(end.toString());
    assertThat(before.getString("until")).isEqualTo(end.toString());
    assertThat(before.getString("session_name")).isEqualTo("alice-req-1");
    assertThat(before.getString("source_identity")).isEqualTo("alice");
    assertThat(before.getJsonObject("tags").getString("DaypassRequest")).isEqualTo("req-1");
    clock.forward(121);
    assertThat(allowed(keys).getBoolean("allowed")).isFalse();
    assertThat(allowed(keys).getString("why")).contains("session policy");
    refused("AccessDenied", keys);
  }

  @Test
  void a_policy_allows_only_what_it_names() {
    var keys = minted(StsStandInTest.policy("s3:Get*").encode());
    assertThat(allowed(keys, "s3:GetObject").getBoolean("allowed")).isTrue();
    assertThat(allowed(keys, "s3:PutObject").getBoolean("allowed")).isFalse();
  }

  @Test
  void a_deny_on_the_requests_tag_cuts_its_sessions_and_no_others() {
    var keys = minted("");
    var other = assume("role:staging-admin", "daypass-staging-admin", "", "req-2");
    assertThat(iam(revoker(), put("daypass-staging-admin", deny("req-1"))).statusCode())
        .isEqualTo(200);
    assertThat(allowed(keys).getBoolean("allowed")).isFalse();
    assertThat(allowed(keys).getString("why")).contains("DaypassRevoked");
    assertThat(allowed(other).getBoolean("allowed")).isTrue();
    iam(
        revoker(),
        Map.of(
            "Action", "DeleteRolePolicy",
            "RoleName", "daypass-staging-admin",
            "PolicyName", "DaypassRevoked"));
    assertThat(allowed(keys).getBoolean("allowed")).isTrue();
  }

  @Test
  void an_inline_policy_takes_its_time_when_told() {
    sandbox.aws().propagation(Duration.ofSeconds(30));
    var keys = minted("");
    iam(revoker(), put("daypass-staging-admin", deny("req-1")));
    assertThat(allowed(keys).getBoolean("allowed")).isTrue();
    clock.forward(31);
    assertThat(allowed(keys).getBoolean("allowed")).isFalse();
  }

  @Test
  void only_a_role_that_may_edits_roles() {
    var answer = iam(minted(""), put("daypass-staging-admin", deny("req-1")));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(element(answer, "Code")).isEqualTo("AccessDenied");
    var missing = iam(revoker(), put("no-such-role", deny("req-1")));
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(element(missing, "Code")).isEqualTo("NoSuchEntity");
  }

  @Test
  void inline_policies_can_be_read_back_and_have_a_size_together() {
    var policy = deny("req-1");
    iam(revoker(), put("daypass-prod-admin", policy));
    var read =
        iam(
            revoker(),
            Map.of(
                "Action", "GetRolePolicy",
                "RoleName", "daypass-prod-admin",
                "PolicyName", "DaypassRevoked"));
    assertThat(Form.parse("p=" + element(read, "PolicyDocument")).get("p", "")).isEqualTo(policy);
    var list =
        iam(revoker(), Map.of("Action", "ListRolePolicies", "RoleName", "daypass-prod-admin"));
    assertThat(element(list, "member")).isEqualTo("DaypassRevoked");
    var role = iam(revoker(), Map.of("Action", "GetRole", "RoleName", "daypass-prod-admin"));
    assertThat(element(role, "MaxSessionDuration")).isEqualTo("43200");
    var large = iam(revoker(), put("daypass-prod-admin", deny("r".repeat(10_240))));
    assertThat(element(large, "Code")).isEqualTo("LimitExceeded");
    var broken = iam(revoker(), put("daypass-prod-admin", "{}"));
    assertThat(element(broken, "Code")).isEqualTo("MalformedPolicyDocument");
  }

  @Test
  void a_console_link_works_once_and_only_for_the_console() {
    var keys = minted("");
    var elsewhere = login(token(keys), "https://console.aws.amazon.com.evil.example/");
    assertThat(elsewhere.statusCode()).isEqualTo(400);
    assertThat(login(token(keys), "http://console.aws.amazon.com/").statusCode()).isEqualTo(400);
    var token = token(keys);
    var page = login(token, "https://console.aws.amazon.com/ec2");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("daypass-staging-admin/alice-req-1");
    assertThat(login(token, "https://console.aws.amazon.com/ec2").statusCode()).isEqualTo(400);
    var late = token(keys);
    clock.forward(901);
    assertThat(login(late, "https://console.aws.amazon.com/ec2").statusCode()).isEqualTo(400);
  }

  @Test
  void a_console_link_ends_with_the_policy_of_its_session() {
    var keys = minted(endingAt(clock.instant().plusSeconds(60)));
    var token = token(keys);
    clock.forward(61);
    assertThat(login(token, "https://console.aws.amazon.com/").statusCode()).isEqualTo(403);
  }

  @Test
  void a_console_link_needs_live_keys_and_no_duration_of_its_own() {
    var keys = minted("");
    assertThat(signinToken(keys, Map.of("SessionDuration", "3600")).statusCode()).isEqualTo(400);
    var forged =
        AwsSessionCredentials.create(keys.accessKeyId(), "x".repeat(40), keys.sessionToken());
    assertThat(signinToken(forged, Map.of()).statusCode()).isEqualTo(400);
    clock.forward(901);
    assertThat(signinToken(keys, Map.of()).statusCode()).isEqualTo(400);
  }

  @Test
  void the_aws_command_is_answered_where_it_is_installed() throws Exception {
    Needs.programs("aws");
    var keys = minted("");
    var command = new ProcessBuilder("aws", "sts", "get-caller-identity", "--output", "json");
    var environment = command.environment();
    environment.put("HOME", home.toString());
    environment.put("AWS_ACCESS_KEY_ID", keys.accessKeyId());
    environment.put("AWS_SECRET_ACCESS_KEY", keys.secretAccessKey());
    environment.put("AWS_SESSION_TOKEN", keys.sessionToken());
    environment.put("AWS_DEFAULT_REGION", "eu-central-1");
    environment.put("AWS_ENDPOINT_URL_STS", sandbox.url() + "/aws/sts");
    var process = command.redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output).contains("assumed-role/daypass-staging-admin/alice-req-1");
  }

  private void refused(String code, AwsSessionCredentials keys) {
    assertThatThrownBy(() -> sts(keys).getCallerIdentity())
        .isInstanceOfSatisfying(
            StsException.class, e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  private StsClient sts(AwsSessionCredentials keys) {
    return StsClient.builder()
        .endpointOverride(URI.create(sandbox.url() + "/aws/sts"))
        .region(Region.EU_CENTRAL_1)
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(StaticCredentialsProvider.create(keys))
        .build();
  }

  private HttpResponse<String> unsigned() {
    return Http.post(
        sandbox.url() + "/aws/sts", Map.of("Action", "GetCallerIdentity", "Version", "2011-06-15"));
  }

  private AwsSessionCredentials minted(String policy) {
    return assume("role:staging-admin", "daypass-staging-admin", policy, "req-1");
  }

  private AwsSessionCredentials revoker() {
    return assume("daypass:revoker", "daypass-revoker", "", "none");
  }

  private AwsSessionCredentials assume(String subject, String role, String policy, String request) {
    var claims = broker.claims();
    claims.put("sub", subject);
    claims.put("iat", clock.instant().getEpochSecond());
    claims.put("exp", clock.instant().getEpochSecond() + 60);
    claims.put(
        "https://aws.amazon.com/tags",
        Map.of("principal_tags", Map.of("DaypassRequest", java.util.List.of(request))));
    var form = new LinkedHashMap<String, String>();
    form.put("Action", "AssumeRoleWithWebIdentity");
    form.put("Version", "2011-06-15");
    form.put("RoleArn", ROLES + role);
    form.put("RoleSessionName", "alice-" + request);
    form.put("DurationSeconds", "900");
    form.put("WebIdentityToken", broker.es256(claims));
    if (!policy.isEmpty()) {
      form.put("Policy", policy);
    }
    var answer = Http.post(sandbox.url() + "/aws/sts", form);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return AwsSessionCredentials.create(
        element(answer, "AccessKeyId"),
        element(answer, "SecretAccessKey"),
        element(answer, "SessionToken"));
  }

  private JsonObject allowed(AwsSessionCredentials keys) {
    return new JsonObject(
        Http.get(sandbox.url() + "/aws/allowed?access_key_id=" + keys.accessKeyId()).body());
  }

  private JsonObject allowed(AwsSessionCredentials keys, String action) {
    return new JsonObject(
        Http.get(
                sandbox.url()
                    + "/aws/allowed?access_key_id="
                    + keys.accessKeyId()
                    + "&action="
                    + action)
            .body());
  }

  private static Map<String, String> put(String role, String policy) {
    return Map.of(
        "Action",
        "PutRolePolicy",
        "RoleName",
        role,
        "PolicyName",
        "DaypassRevoked",
        "PolicyDocument",
        policy);
  }

  private static String deny(String request) {
    return statements(
        new JsonObject()
            .put("Effect", "Deny")
            .put("Action", "*")
            .put("Resource", "*")
            .put(
                "Condition",
                new JsonObject()
                    .put(
                        "StringEquals",
                        new JsonObject()
                            .put(
                                "aws:PrincipalTag/DaypassRequest", new JsonArray().add(request)))));
  }

  private static String endingAt(Instant end) {
    var all = new JsonObject().put("Effect", "Allow").put("Action", "*").put("Resource", "*");
    var deny =
        new JsonObject()
            .put("Effect", "Deny")
            .put("Action", "*")
            .put("Resource", "*")
            .put(
                "Condition",
                new JsonObject()
                    .put(
                        "DateGreaterThanEquals",
                        new JsonObject().put("aws:CurrentTime", end.toString())));
    return statements(all, deny);
  }

  private static String statements(JsonObject... statements) {
    var list = new JsonArray();
    for (var statement : statements) {
      list.add(statement);
    }
    return new JsonObject().put("Version", "2012-10-17").put("Statement", list).encode();
  }

  private HttpResponse<String> iam(AwsSessionCredentials keys, Map<String, String> parameters) {
    var form = new LinkedHashMap<>(parameters);
    form.put("Version", "2010-05-08");
    var body = Form.url("", form).substring(1).getBytes(StandardCharsets.UTF_8);
    ContentStreamProvider content = () -> new ByteArrayInputStream(body);
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create(sandbox.url() + "/aws/iam"))
            .putHeader("Content-Type", "application/x-www-form-urlencoded")
            .build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(sign ->
                sign.identity(keys)
                    .request(request)
                    .payload(content)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "iam")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                    .putProperty(
                        AwsV4HttpSigner.SIGNING_CLOCK,
                        java.time.Clock.fixed(clock.instant(), java.time.ZoneOffset.UTC)));
    var headers = new ArrayList<String>();
    signed
        .request()
        .forEachHeader((name, values) -> {
          if (!name.equalsIgnoreCase("Host")
              && !name.equalsIgnoreCase("Content-Type")
              && !name.equalsIgnoreCase("Content-Length")) {
            headers.add(name);
            headers.add(values.getFirst());
          }
        });
    return Http.post(sandbox.url() + "/aws/iam", form, headers.toArray(String[]::new));
  }

  private HttpResponse<String> signinToken(
      AwsSessionCredentials keys, Map<String, String> different) {
    var session =
        new JsonObject()
            .put("sessionId", keys.accessKeyId())
            .put("sessionKey", keys.secretAccessKey())
            .put("sessionToken", keys.sessionToken());
    var query = new LinkedHashMap<String, String>();
    query.put("Action", "getSigninToken");
    query.put("Session", session.encode());
    query.putAll(different);
    return Http.get(Form.url(sandbox.url() + "/aws/signin", query));
  }

  private String token(AwsSessionCredentials keys) {
    return new JsonObject(signinToken(keys, Map.of()).body()).getString("SigninToken");
  }

  private HttpResponse<String> login(String token, String destination) {
    return Http.get(
        Form.url(
            sandbox.url() + "/aws/signin",
            Map.of(
                "Action",
                "login",
                "Issuer",
                "http://localhost:8080",
                "Destination",
                destination,
                "SigninToken",
                token)));
  }
}
