package io.daypass.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each key that there is, from the file and from the environment. */
class EveryKeyTest extends SettingsFiles {

  /** A value for every key that there is; a key that is missing here is a key without a test. */
  private static final Map<String, String> EVERY =
      Map.ofEntries(
          Map.entry("public-url", "https://other.example.com"),
          Map.entry("listen", "[::1]:9"),
          Map.entry("metrics.listen", "127.0.0.1:9090"),
          Map.entry("database.url", "postgresql://me@localhost/x?sslmode=disable"),
          Map.entry("database.password", "EVERY-SECRET"),
          Map.entry("database.password-file", "db"),
          Map.entry("database.owner-url", "postgresql://owner@db/x?sslmode=verify-full"),
          Map.entry("database.owner-password", "EVERY-SECRET"),
          Map.entry("database.owner-password-file", "db"),
          Map.entry("master-key", "EVERY-KEY"),
          Map.entry("master-key-file", "master.key"),
          Map.entry("previous-master-key", "EVERY-KEY"),
          Map.entry("previous-master-key-file", "master.key.old"),
          Map.entry("policies", "policies"),
          Map.entry("issuers.#.name", "people"),
          Map.entry("issuers.#.issuer", "http://localhost:8090/staff"),
          Map.entry("issuers.#.audience", "aud"),
          Map.entry("issuers.#.kind", "human"),
          Map.entry("issuers.#.preset", "generic"),
          Map.entry("issuers.#.tokens", "reusable"),
          Map.entry("issuers.#.longest-life", "2h"),
          Map.entry("issuers.#.jwks-uri", "https://login.example.com/keys"),
          Map.entry("issuers.#.web.client-id", "w"),
          Map.entry("issuers.#.web.client-secret", "EVERY-SECRET"),
          Map.entry("issuers.#.web.client-secret-file", "oidc"),
          Map.entry("issuers.#.cli.client-id", "12345"),
          Map.entry("issuers.#.claims.subject", "oid"),
          Map.entry("issuers.#.claims.groups", "g"),
          Map.entry("issuers.#.claims.email", "e"),
          Map.entry("issuers.#.claims.name", "n"),
          Map.entry("issuers.#.claims.person", "p"),
          Map.entry("auditors", "true"),
          Map.entry("administrators", "false"),
          Map.entry("clouds.aws.audience", "x-{account}"),
          Map.entry("clouds.aws.region", "eu-central-1"),
          Map.entry("clouds.aws.revoker", "daypass-revoker"),
          Map.entry("clouds.aws.endpoints.sts", "http://localhost:8090/aws/sts"),
          Map.entry("clouds.aws.endpoints.iam", "http://localhost:8090/aws/iam"),
          Map.entry("clouds.aws.endpoints.signin", "http://localhost:8090/aws/signin"),
          Map.entry("clouds.gcp.endpoints.sts", "http://localhost:8090/gcp/sts"),
          Map.entry("clouds.gcp.endpoints.iam-credentials", "http://localhost:8090/gcp/iam"),
          Map.entry("clouds.gcp.endpoints.resource-manager", "http://localhost:8090/gcp/rm"),
          Map.entry("clouds.azure.endpoints.authority", "https://localhost:8091"),
          Map.entry("clouds.azure.endpoints.resource-manager", "http://localhost:8090/azure/rm"),
          Map.entry("clouds.azure.endpoints.ca-file", "ca.pem"),
          Map.entry("clouds.azure.binder", "00000000-0000-0000-0000-000000000009"),
          Map.entry("limits.failures-per-peer-and-second", "1"),
          Map.entry("limits.issuances-per-person-and-minute", "2"),
          Map.entry("limits.issuances-per-token-and-minute", "3"),
          Map.entry("limits.issuances-per-workload-and-minute", "4"),
          Map.entry("limits.decisions-per-person-and-minute", "5"),
          Map.entry("limits.issuances-per-repository-and-minute", "6"),
          Map.entry("limits.refusals-per-issuer-and-minute", "7"),
          Map.entry("limits.readings-per-auditor-and-minute", "8"),
          Map.entry("pending-requests.lapse-after", "8h"),
          Map.entry("open-requests-per-person", "3"),
          Map.entry("open-requests-per-workload", "4"),
          Map.entry("step-up.max-age", "5m"),
          Map.entry("step-up.acr.#", "mfa"),
          Map.entry("trusted-proxies.#", "10.0.0.0/8"),
          Map.entry("notices.#.name", "ops"),
          Map.entry("notices.#.of.#", "waiting"),
          Map.entry("notices.#.slack.url", "https://hooks.slack.example/services/T/B/x"),
          Map.entry("notices.#.slack.url-file", "slack"),
          Map.entry("notices.#.webhook.url", "https://bus.example.com/"),
          Map.entry("notices.#.webhook.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
          Map.entry("notices.#.webhook.secret-file", "webhook"),
          Map.entry("notices.#.webhook.ca-file", "ca.pem"),
          Map.entry("notices.#.mail.server", "smtps://mail.example.com:465"),
          Map.entry("notices.#.mail.ca-file", "ca.pem"),
          Map.entry("notices.#.mail.user", "daypass"),
          Map.entry("notices.#.mail.password", "EVERY-SECRET"),
          Map.entry("notices.#.mail.password-file", "db"),
          Map.entry("notices.#.mail.from", "daypass@example.com"),
          Map.entry("notices.#.mail.to.#", "ops@example.com"),
          Map.entry("log", "debug"));

  @Test
  void every_key_has_a_value_in_these_tests() {
    assertThat(new TreeSet<>(EVERY.keySet())).isEqualTo(new TreeSet<>(Keys.ALL));
  }

  @Test
  void every_key_can_come_from_the_environment_alone() throws IOException {
    var everything = environment("-file");
    everything.put("DAYPASS_ISSUERS_1_NAME", "ci");
    everything.put("DAYPASS_ISSUERS_1_ISSUER", "https://ci.example.com");
    everything.put("DAYPASS_ISSUERS_1_AUDIENCE", "ci-aud");
    everything.put("DAYPASS_ISSUERS_1_KIND", "workload");
    everything.put("DAYPASS_ISSUERS_1_PRESET", "gitlab");
    var settings = read(SettingsReader.read(null, everything, SettingsFiles::condition));
    assertThat(settings.issuers()).hasSize(2);
    var people = settings.issuers().getFirst();
    assertThat(people.trusted().name()).isEqualTo("people");
    assertThat(people.trusted().longestLife()).isEqualTo(Duration.ofHours(2));
    assertThat(people.trusted().claims().person()).isEqualTo("p");
    assertThat(people.trusted().claims().subject()).isEqualTo("oid");
    assertThat(settings.issuers().get(1).trusted().claims().subject()).isEqualTo("sub");
    assertThat(people.trusted().jwksUri()).hasToString("https://login.example.com/keys");
    assertThat(people.cli()).isEqualTo(new IssuerSettings.Cli("12345"));
    assertThat(settings.metricsListen()).isEqualTo(new Settings.Listen("127.0.0.1", 9090));
    assertThat(settings.listen()).isEqualTo(new Settings.Listen("::1", 9));
    assertThat(settings.database().service().verified()).isFalse();
    assertThat(settings.database().owner()).isNotNull();
    assertThat(settings.previousMasterKey()).isNotNull();
    assertThat(settings.clouds().aws().audienceFor("12")).isEqualTo("x-12");
    assertThat(settings.clouds().aws().revoker()).isEqualTo("daypass-revoker");
    assertThat(settings.clouds().azure().authority()).isNotNull();
    assertThat(settings.clouds().azure().binder()).endsWith("9");
    assertThat(settings.clouds().gcp().iamCredentials()).isNotNull();
    assertThat(settings.limits()).isEqualTo(new RateSettings(1, 2, 3, 4, 5, 6, 7, 8));
    assertThat(settings.requests())
        .isEqualTo(
            new RequestSettings(Duration.ofHours(8), 3, 4, Duration.ofMinutes(5), List.of("mfa")));
    assertThat(settings.trustedProxies()).hasSize(1);
    assertThat(settings.notices()).hasSize(3);
    assertThat(settings.log()).isEqualTo("debug");
  }

  @Test
  void every_key_with_a_value_of_the_wrong_kind_is_refused() throws IOException {
    for (var key : Keys.ALL) {
      var environment = environment(key.endsWith("-file") ? "" : "-file");
      var variable = Keys.variable(key).replace("#", "0");
      environment.put(variable, "");
      if (key.endsWith("-file")) {
        environment.remove(variable.replaceAll("_FILE$", ""));
      }
      assertThat(SettingsReader.read(null, environment, SettingsFiles::condition))
          .as(key)
          .isInstanceOfSatisfying(
              SettingsReader.Answer.Refused.class,
              refused -> assertThat(refused.problems().toString()).contains(variable));
    }
  }

  @Test
  void the_environment_wins_over_the_file() throws IOException {
    var settings =
        good(GOOD, Map.of("DAYPASS_ISSUERS_1_AUDIENCE", "mine", "DAYPASS_LISTEN", "[::]:1"));
    assertThat(settings.issuers().getLast().trusted().audience()).isEqualTo("mine");
    assertThat(settings.issuers().getLast().trusted().name()).isEqualTo("github");
    assertThat(settings.listen().port()).isEqualTo(1);
  }

  @Test
  void variables_of_others_are_left_alone_and_slips_are_not() throws IOException {
    good(
        GOOD,
        Map.of("DAYPASS_PORT_8080_TCP", "tcp://10.0.0.1", "DAYPASS_TOKEN", "x", "PATH", "/bin"));
    var problems = bad(GOOD, Map.of("DAYPASS_PUBLIC_ULR", "https://x.example.com"));
    assertThat(problems.toString()).contains("unknown_key", "did you mean DAYPASS_PUBLIC_URL?");
    // Nobody would read it: another file than the one that was meant would count.
    var config = bad(GOOD, Map.of("DAYPASS_CONFIG", "/etc/daypass/daypass.yaml"));
    assertThat(config.toString()).contains("DAYPASS_CONFIG is no setting");
  }

  private Map<String, String> environment(String without) throws IOException {
    var environment = new HashMap<String, String>();
    for (var key : EVERY.entrySet()) {
      var isFile = key.getKey().endsWith("-file");
      var hasFile = EVERY.containsKey(key.getKey() + "-file");
      if (without.isEmpty() ? hasFile : isFile) {
        continue;
      }
      var value =
          switch (key.getValue()) {
            case "EVERY-SECRET" -> password;
            case "EVERY-KEY" -> Base64.getEncoder().encodeToString(key());
            default ->
                key.getKey().equals("policies") || isFile
                    ? folder.resolve(key.getValue()).toString()
                    : key.getValue();
          };
      environment.put(at(Keys.variable(key.getKey())), value);
    }
    for (var channel : List.of("1", "2")) {
      environment.put("DAYPASS_NOTICES_" + channel + "_NAME", "ops-" + channel);
      environment.put("DAYPASS_NOTICES_" + channel + "_OF_0", "waiting");
    }
    return environment;
  }

  /** Every list has one item, but that a channel of notices leads one way only. */
  private static String at(String variable) {
    return variable
        .replace("NOTICES_#_WEBHOOK", "NOTICES_1_WEBHOOK")
        .replace("NOTICES_#_MAIL", "NOTICES_2_MAIL")
        .replace("#", "0");
  }
}
