package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** AssumeRoleWithWebIdentity as STS has it, and nothing else. */
class StsDoorTest {

  private static final World WORLD = Shared.world();
  private static final Forgeries FORGED = new Forgeries(WORLD);

  private final Api api = Shared.api();

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
    for (var action : List.of("AssumeRole", "getcalleridentity", "x", "")) {
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
    var dead = FORGED.run(Map.of("iat", past, "nbf", past, "exp", past + 300));
    assertThat(sts(Map.of("WebIdentityToken", dead)).is(400).body())
        .contains("<Code>ExpiredTokenException</Code>");
  }

  @Test
  void whoever_holds_keys_of_a_grant_may_ask_whose_they_are_until_it_is_over() {
    var pod = WORLD.pod();
    var worker = "arn:aws:iam::123456789012:role/daypass-worker";
    var assumed = sts(Map.of("RoleArn", worker, "WebIdentityToken", pod)).is(200);
    var token = element(assumed.body(), "SessionToken");
    var who = whoAmI(token).is(200);
    assertThat(element(who.body(), "Arn")).isEqualTo(element(assumed.body(), "Arn"));
    assertThat(element(who.body(), "Account")).isEqualTo("123456789012");
    assertThat(whoAmI(token + "x").is(403).body()).contains("<Code>ExpiredToken</Code>");
    assertThat(whoAmI(pod).is(403).body()).contains("<Code>ExpiredToken</Code>");
    assertThat(sts(Map.of("Action", "GetCallerIdentity")).is(403).body())
        .contains("<Code>MissingAuthenticationToken</Code>");
    var request = assumed.header("Daypass-Request");
    api.on(request, "revoke", WORLD.person("pat"), "reason", "over").is(200);
    assertThat(whoAmI(token).is(403).body()).contains("<Code>ExpiredToken</Code>");
  }

  private Api.Answer whoAmI(String sessionToken) {
    var form = Map.of("Action", "GetCallerIdentity", "Version", "2011-06-15");
    return api.any(
        Doorway.form(api, "/sts", form)
            .header("Authorization", "AWS4-HMAC-SHA256 Credential=x")
            .header("X-Amz-Security-Token", sessionToken));
  }

  private static String element(String xml, String name) {
    var found = Pattern.compile("<" + name + ">([^<]+)</" + name + ">").matcher(xml);
    assertThat(found.find()).as(name).isTrue();
    return found.group(1);
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

  @Test
  void no_name_tag_or_identity_of_the_callers_own_reaches_the_session() {
    var token =
        FORGED.run(
            Map.of(
                "https://aws.amazon.com/tags",
                Map.of("principal_tags", Map.of("DaypassRequest", List.of("somebody-elses"))),
                "https://aws.amazon.com/source_identity",
                "somebody-else"));
    var answer =
        sts(Map.of(
                "WebIdentityToken",
                token,
                "RoleSessionName",
                "somebody-else",
                "SourceIdentity",
                "somebody-else",
                "Tags.member.1.Key",
                "DaypassRequest",
                "Tags.member.1.Value",
                "somebody-elses"))
            .is(200);
    var key = Pattern.compile("ASIA[A-Z0-9]{16}").matcher(answer.body());
    assertThat(key.find()).isTrue();
    var session = new Api(WORLD.sandbox.url()).get("/aws/allowed?access_key_id=" + key.group());
    assertThat(session.is(200).body()).doesNotContain("somebody-else");
    assertThat(session.json().getJsonObject("tags").getString("DaypassRequest"))
        .isEqualTo(answer.header("Daypass-Request"));
  }

  private static Instant expiry(Api.Answer answer) {
    var matcher = Pattern.compile("<Expiration>([^<]+)</Expiration>").matcher(answer.body());
    assertThat(matcher.find()).isTrue();
    return Instant.parse(matcher.group(1));
  }
}
