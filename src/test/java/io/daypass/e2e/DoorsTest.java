package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.e2e.Doorway.Outcome;
import io.daypass.sandbox.oidc.Provider;
import io.daypass.sandbox.oidc.SigningKeys;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to a credential comes to the same decision, each in its own dialect. */
class DoorsTest {

  private static final String CI = "ci-deploy";
  private static final World WORLD = Shared.world();

  private final Api api = Shared.api();

  private static String run(Map<String, Object> claims) {
    var all = new LinkedHashMap<String, Object>(Map.of("aud", WORLD.url()));
    all.putAll(claims);
    return WORLD.sandbox.github().token(all);
  }

  private static String header(Map<String, Object> members) {
    var header = new JsonObject().put("alg", "RS256").put("typ", "JWT");
    header.put("kid", WORLD.sandbox.github().provider().keys().keyId());
    members.forEach(header::put);
    var rest = WORLD.run().split("\\.", 2)[1];
    return base64(header.encode()) + "." + rest;
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String unsigned(String token) {
    return token.substring(0, token.lastIndexOf('.') + 1);
  }

  private static String jwe() {
    return base64("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}") + ".AAAA.AAAA.AAAA.AAAA";
  }

  private static String forged(String issuer) {
    long now = Instant.now().getEpochSecond();
    return SigningKeys.fresh()
        .sign(
            Map.of(
                "iss",
                issuer,
                "aud",
                WORLD.url(),
                "sub",
                "repo:acme/shop:ref:refs/heads/main",
                "iat",
                now,
                "exp",
                now + 300,
                "jti",
                "forged"));
  }

  private static String issuer() {
    return WORLD.sandbox.github().provider().issuer();
  }

  private static Arguments row(String name, Supplier<String> token, String code) {
    return Arguments.of(name, token, code);
  }

  static Stream<Arguments> rows() {
    long now = Instant.now().getEpochSecond();
    return Stream.of(
        row("a1 no audience", () -> run(Map.of("aud", Provider.ABSENT)), "claim_missing"),
        row(
            "a2 another service's audience",
            () -> run(Map.of("aud", "sts.amazonaws.com")),
            "audience_mismatch"),
        row(
            "a3 algorithm confusion",
            () -> header(Map.of("alg", "HS256")),
            "algorithm_not_allowed"),
        row("a4 algorithm none", () -> unsigned(header(Map.of("alg", "none"))), "token_malformed"),
        row("a4 empty signature", () -> unsigned(WORLD.run()), "token_malformed"),
        row("a5 an encrypted token", DoorsTest::jwe, "token_malformed"),
        row(
            "a6 a key of its own",
            () -> header(Map.of("jku", "https://evil.example/keys")),
            "header_not_allowed"),
        row("a7 kid as injection", () -> header(Map.of("kid", "../../x'")), "key_unknown"),
        row("a8 a9 a key nobody published", () -> forged(issuer()), "key_unknown"),
        row("a10 an issuer but for a slash", () -> forged(issuer() + "/"), "issuer_unknown"),
        row("a11 an issuer nobody knows", () -> forged("https://evil.example"), "issuer_unknown"),
        row(
            "a13 a tower of brackets",
            () -> base64("[".repeat(900)) + ".e30.AA",
            "token_malformed"),
        row("a14 a wrong type", () -> run(Map.of("exp", "soon")), "claim_wrong_type"),
        row("a15 no end", () -> run(Map.of("exp", Provider.ABSENT)), "claim_missing"),
        row(
            "a15 over",
            () -> run(Map.of("iat", now - 600, "nbf", now - 600, "exp", now - 300)),
            "token_expired"),
        row("a15 too long", () -> run(Map.of("exp", now + 2_592_000)), "token_life_too_long"),
        row("a16 seen before", DoorsTest::used, "token_already_used"),
        row("a17 another kind", () -> header(Map.of("typ", "at+jwt")), "token_type_not_allowed"),
        row("a17 the broker's own", DoorsTest::assertion, "issuer_unknown"),
        row("a18 an empty claim", () -> run(Map.of("sub", " ")), "claim_empty"),
        row("a19 other bytes than signed", DoorsTest::tampered, "signature_invalid"),
        row("a21 of another issuer", WORLD::pod, "denied_by_policy"),
        row(
            "a23 an algorithm nobody knows",
            () -> header(Map.of("alg", "XX1")),
            "algorithm_not_allowed"),
        row("b1 another case", () -> run(Map.of("ref", "refs/heads/Main")), "denied_by_policy"),
        row(
            "b1 beyond ascii",
            () -> run(Map.of("sub", "repo:acme/sh\u043ep")),
            "subject_not_allowed"),
        row(
            "b2 more than the whole",
            () -> run(Map.of("ref", "refs/heads/main2")),
            "denied_by_policy"),
        row(
            "b4 a pull request",
            () -> run(Map.of("event_name", "pull_request")),
            "denied_by_policy"),
        row(
            "b5 the name, registered anew",
            () -> run(Map.of("repository_id", "999")),
            "denied_by_policy"));
  }

  private static String used() {
    var run = WORLD.run();
    Shared.api().credentials(CI, run).is(200);
    return run;
  }

  private static String assertion() {
    Shared.api().credentials("worker", WORLD.pod()).is(200);
    return java.net.URLDecoder.decode(WORLD.gate.assertions().getLast(), StandardCharsets.UTF_8);
  }

  private static String tampered() {
    var parts = WORLD.run().split("\\.", -1);
    var claims =
        new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    return parts[0] + "." + base64(claims.put("run_id", "2").encode()) + "." + parts[2];
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void a_row_is_refused_with_the_same_decision_at_every_door(
      String name, Supplier<String> token, String code) {
    var outcomes = new LinkedHashMap<Doorway, Outcome>();
    for (var door : Doorway.values()) {
      outcomes.put(door, door.outcome(api, CI, token.get()));
    }
    assertThat(outcomes.values()).as(name + " " + outcomes).containsOnly(new Outcome(false, code));
  }

  @ParameterizedTest
  @EnumSource
  void every_door_gives_what_the_rule_gives(Doorway door) {
    var answer = door.ask(api, CI, WORLD.run());
    assertThat(door.outcome(answer)).isEqualTo(new Outcome(true, ""));
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Daypass-Issuance")).isNotEmpty();
    assertThat(answer.header("Daypass-Request")).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void b7_the_arn_of_another_account_and_a_role_that_is_not_there_are_refused_alike(Doorway door) {
    var unknown = door.ask(api, "no-such-role", WORLD.run());
    var forbidden = door.ask(api, "prod-admin", WORLD.run());
    assertThat(door.outcome(unknown)).isEqualTo(new Outcome(false, "denied_by_policy"));
    assertThat(unknown.body().replace("no-such-role", "prod-admin")).isEqualTo(forbidden.body());
    assertThat(unknown.status()).isEqualTo(forbidden.status());
  }

  @Test
  void b7_an_arn_counts_whole() {
    for (var arn :
        List.of(
            "arn:aws:iam::999999999999:role/daypass-ci-deploy",
            "arn:aws-cn:iam::123456789012:role/daypass-ci-deploy",
            "arn:aws:iam::123456789012:role/Daypass-ci-deploy",
            "arn:aws:iam::123456789012:role/x/daypass-ci-deploy")) {
      var answer = sts(Map.of("RoleArn", arn, "WebIdentityToken", WORLD.run()));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("<Code>AccessDenied</Code>");
    }
    for (var arn : List.of("ci-deploy", "daypass-ci-deploy", "arn:aws:iam::123456789012:role/")) {
      assertThat(sts(Map.of("RoleArn", arn, "WebIdentityToken", WORLD.run())).body())
          .contains("<Code>ValidationError</Code>");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a16_a_token_shown_fifty_times_at_once_is_good_once(Doorway door) {
    var run = WORLD.run();
    var answers = new ArrayList<CompletableFuture<Api.Answer>>();
    for (int i = 0; i < 50; i++) {
      answers.add(
          CompletableFuture.supplyAsync(() -> door.ask(api, CI, run), Thread::startVirtualThread));
    }
    var outcomes = answers.stream().map(Api::wait).map(door::outcome).toList();
    // A door that was too slow may have spent the token on an answer that nobody waited for.
    var given = outcomes.stream().filter(Outcome::given).count();
    assertThat(given).isLessThanOrEqualTo(1);
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.given())
        .allMatch(o -> o.code().equals("token_already_used") || o.code().equals("too_slow"));
    if (outcomes.stream().noneMatch(o -> o.code().equals("too_slow"))) {
      assertThat(given).isEqualTo(1);
    }
  }

  @Test
  void ten_processes_with_one_projected_token_share_a_request_and_have_an_issuance_each()
      throws Exception {
    var pod = WORLD.pod();
    var answers = new ArrayList<CompletableFuture<Api.Answer>>();
    for (int i = 0; i < 10; i++) {
      var door = i % 2 == 0 ? Doorway.EXCHANGE : Doorway.STS;
      answers.add(
          CompletableFuture.supplyAsync(
              () -> door.ask(api, "worker", pod), Thread::startVirtualThread));
    }
    var given = answers.stream().map(Api::wait).map(answer -> answer.is(200)).toList();
    assertThat(given.stream().map(a -> a.header("Daypass-Request")).distinct()).hasSize(1);
    assertThat(given.stream().map(a -> a.header("Daypass-Issuance")).distinct()).hasSize(10);
    var kinds = WORLD.records.kinds(given.getFirst().header("Daypass-Request"));
    assertThat(kinds).filteredOn("request_made"::equals).hasSize(1);
    assertThat(kinds).filteredOn("intent"::equals).hasSize(10);
    assertThat(kinds).filteredOn("sealed"::equals).hasSize(10);
  }

  @Test
  void exchange_is_strict_about_its_form() {
    var good = new LinkedHashMap<String, String>();
    good.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    good.put("audience", CI);
    good.put("subject_token_type", "urn:ietf:params:oauth:token-type:id_token");
    for (var missing : List.of("grant_type", "audience", "subject_token_type", "subject_token")) {
      var form = new LinkedHashMap<>(good);
      form.put("subject_token", "x");
      // RFC 6749, 3.2: a parameter without a value counts as absent.
      form.put(missing, "");
      error(form, 400, "invalid_request");
    }
    error(with(good, "grant_type", "client_credentials"), 400, "unsupported_grant_type");
    error(with(good, "audience", "https://example.com/"), 400, "invalid_target");
    error(with(good, "resource", "https://example.com/"), 400, "invalid_target");
    error(
        with(good, "subject_token_type", "urn:ietf:params:oauth:token-type:saml2"),
        400,
        "invalid_request");
    error(with(good, "actor_token", "x"), 400, "invalid_request");
    error(with(good, "requested_token_type", "urn:x"), 400, "invalid_request");
    error(with(good, "poll_token", "dpp_x"), 400, "invalid_request");
    error(with(good, "subject_token", "forged"), 400, "invalid_request");
    error(with(good, "audience", "prod-admin"), 400, "invalid_target");
    error(
        with(good, "requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        400,
        "invalid_target");
    var twice =
        api.any(
            java.net.http.HttpRequest.newBuilder(java.net.URI.create(api.url() + "/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("audience=a&audience=b")));
    assertThat(twice.is(400).text("error")).isEqualTo("invalid_request");
    var json = api.postText("/oauth2/token", "x", "{}").is(400);
    assertThat(json.text("error")).isEqualTo("invalid_request");
  }

  private static Map<String, String> with(Map<String, String> form, String name, String value) {
    var more = new LinkedHashMap<>(form);
    more.put("subject_token", WORLD.run());
    more.put(name, value);
    return more;
  }

  private void error(Map<String, String> form, int status, String error) {
    var answer = api.any(Doorway.form(api, "/oauth2/token", form));
    assertThat(answer.is(status).text("error")).as(form.keySet() + answer.body()).isEqualTo(error);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.text("error_description")).matches("[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]+");
  }

  @Test
  void exchange_answers_as_rfc_8693_has_it() {
    var answer = Doorway.EXCHANGE.ask(api, CI, WORLD.run()).is(200);
    assertThat(answer.text("issued_token_type"))
        .isEqualTo("urn:daypass:token-type:aws-credentials");
    assertThat(answer.text("token_type")).isEqualTo("N_A");
    assertThat(answer.json().getInteger("expires_in")).isBetween(1, 1800);
    assertThat(new JsonObject(answer.text("access_token")).getString("SessionToken")).isNotBlank();
    var discovery = api.get("/.well-known/openid-configuration").is(200);
    assertThat(discovery.text("token_endpoint")).isEqualTo(WORLD.url() + "/oauth2/token");
    assertThat(discovery.json().getJsonArray("grant_types_supported"))
        .containsExactly("urn:ietf:params:oauth:grant-type:token-exchange");
  }

  @Test
  void introspection_knows_tokens_of_configured_issuers_and_says_nothing_of_others() {
    var mine = introspect(WORLD.run());
    assertThat(mine.json().getBoolean("active")).isTrue();
    assertThat(mine.text("username")).isEqualTo("repo:acme/shop:ref:refs/heads/main");
    for (var other : List.of("opaque", forged(issuer()), "dpp_" + "A".repeat(43))) {
      assertThat(introspect(other).json()).isEqualTo(new JsonObject().put("active", false));
    }
  }

  private Api.Answer introspect(String token) {
    return api.any(
            Doorway.form(api, "/oauth2/introspect", Map.of("token", token))
                .header("Authorization", "Basic Z2Nsb3VkOng="))
        .is(200);
  }

  private Api.Answer sts(Map<String, String> more) {
    var form = new LinkedHashMap<String, String>();
    form.put("Action", "AssumeRoleWithWebIdentity");
    form.put("Version", "2011-06-15");
    form.put("RoleArn", "arn:aws:iam::123456789012:role/daypass-ci-deploy");
    form.putAll(more);
    return api.any(Doorway.form(api, "/sts", form));
  }

  @Test
  void sts_answers_everything_else_with_a_clear_error_of_its_own() {
    for (var action : List.of("GetCallerIdentity", "AssumeRole", "x", "")) {
      var answer = sts(Map.of("Action", action));
      assertThat(answer.is(400).body()).contains("<Code>InvalidAction</Code>");
      assertThat(answer.header("Content-Type")).startsWith("text/xml");
    }
    assertThat(api.get("/sts").is(400).body()).contains("InvalidAction");
    assertThat(api.get("/sts?Action=GetCallerIdentity").is(400).body()).contains("ErrorResponse");
    for (var bad :
        List.of(
            Map.of("Version", "2012-01-01"),
            Map.of("WebIdentityToken", ""),
            Map.of("WebIdentityToken", "x", "DurationSeconds", "899"),
            Map.of("WebIdentityToken", "x", "DurationSeconds", "-1"),
            Map.of("WebIdentityToken", "x", "DurationSeconds", "1e3"),
            // Passing it over would give more than was asked for.
            Map.of("WebIdentityToken", "x", "Policy", "{}"),
            Map.of(
                "WebIdentityToken", "x", "PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/x"))) {
      assertThat(sts(bad).is(400).body())
          .as(bad.toString())
          .contains("<Code>ValidationError</Code>");
    }
    assertThat(sts(Map.of("WebIdentityToken", "x")).is(400).body())
        .contains("<Code>InvalidIdentityToken</Code>");
    var past = Instant.now().getEpochSecond() - 600;
    var dead = run(Map.of("iat", past, "nbf", past, "exp", past + 300));
    assertThat(sts(Map.of("WebIdentityToken", dead)).is(400).body())
        .contains("<Code>ExpiredTokenException</Code>");
  }

  @Test
  void sts_duration_shortens_and_never_lengthens_and_names_of_the_caller_do_not_count() {
    var now = Instant.now();
    var shorter = sts(Map.of("WebIdentityToken", WORLD.run(), "DurationSeconds", "900")).is(200);
    assertThat(expiry(shorter)).isBetween(now.plusSeconds(800), now.plusSeconds(1_000));
    var longer =
        sts(Map.of(
                "WebIdentityToken",
                WORLD.run(),
                "DurationSeconds",
                "43200",
                "RoleSessionName",
                "somebody-else"))
            .is(200);
    assertThat(expiry(longer)).isBefore(now.plusSeconds(1_900));
    assertThat(longer.body()).doesNotContain("somebody-else");
    // Under a grant that is there already, too.
    var pod = WORLD.pod();
    var worker = "arn:aws:iam::123456789012:role/daypass-worker";
    sts(Map.of("RoleArn", worker, "WebIdentityToken", pod)).is(200);
    var again =
        sts(Map.of("RoleArn", worker, "WebIdentityToken", pod, "DurationSeconds", "900")).is(200);
    assertThat(expiry(again)).isBefore(now.plusSeconds(1_000));
  }

  private static Instant expiry(Api.Answer answer) {
    var matcher =
        java.util.regex.Pattern.compile("<Expiration>([^<]+)</Expiration>").matcher(answer.body());
    assertThat(matcher.find()).isTrue();
    return Instant.parse(matcher.group(1));
  }

  @Test
  void a22_the_container_door_takes_one_token_raw_or_as_a_bearers() {
    var path = "/aws/container-credentials/worker";
    var pod = WORLD.pod();
    assertThat(api.get(path, pod).status()).isIn(200, 503);
    for (var bad : List.of("Basic " + pod, "Bearer  " + pod, pod + " x")) {
      var answer =
          api.any(
              java.net.http.HttpRequest.newBuilder(java.net.URI.create(api.url() + path))
                  .header("Authorization", bad));
      assertThat(answer.is(401).text("code")).isEqualTo("authorization_malformed");
      assertThat(answer.text("message")).isNotBlank();
    }
    assertThat(api.get(path).is(401).text("code")).isEqualTo("credentials_missing");
  }
}
