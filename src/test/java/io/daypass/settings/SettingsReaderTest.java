package io.daypass.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.identity.Kind;
import io.daypass.identity.TokenUse;
import io.daypass.identity.TrustedIssuer.Preset;
import io.daypass.policy.Condition;
import io.daypass.policy.yaml.Conditions;
import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

  private static final String GOOD =
      """
      public-url: https://daypass.example.com
      listen: 127.0.0.1:8080
      database:
        url: postgresql://daypass@db1:5432,db2/daypass
        password-file: db
      master-key-file: master.key
      policies: policies
      issuers:
        - name: staff
          issuer: https://login.example.com/realms/acme
          audience: daypass
          kind: human
          web: { client-id: daypass-web, client-secret-file: oidc }
          cli: { client-id: daypass-cli }
        - name: github
          issuer: https://token.actions.githubusercontent.com
          audience: https://daypass.example.com
          kind: workload
          preset: github
      auditors: '"security" in groups'
      administrators: '"platform" in groups'
      """;

  @TempDir Path folder;
  private String password = "";

  @BeforeEach
  void files() throws IOException {
    Files.createDirectory(folder.resolve("policies"));
    password = "p" + new Random().nextInt(1_000_000_000);
    secret("db", password + "\n");
    secret("oidc", "s" + password);
    secret("master.key.old", Base64.getEncoder().encodeToString(key()));
    secret("master.key", Base64.getEncoder().encodeToString(key()) + "\n");
    Files.writeString(folder.resolve("ca.pem"), CA);
  }

  private static final String CA = authority();

  private static String authority() {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=an authority")
          .setIsCertificateAuthority(true)
          .buildSelfSigned()
          .getCertificatePEM();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audience: 'a#{account}'",
        "audience: 'a {account}'",
        "audience: '{account}-{account}'",
        "audience: 'daypass'",
        "audience: '{account}'",
        "region: somewhere-x-1",
        "region: eu-central-1.example.com"
      })
  void f43_what_the_cloud_would_not_take_is_named_before_the_start(String setting)
      throws IOException {
    assertThat(codes(GOOD + "clouds: { aws: { " + setting + " } }\n")).containsExactly("bad_value");
  }

  @Test
  void the_settings_of_the_contract_are_read() throws IOException {
    var settings = good(GOOD, Map.of());
    assertThat(settings.publicUrl()).hasToString("https://daypass.example.com");
    assertThat(settings.listen()).isEqualTo(new Settings.Listen("127.0.0.1", 8080));
    assertThat(settings.metricsListen()).isNull();
    var database = settings.database().service();
    assertThat(database.hosts())
        .containsExactly(
            new DatabaseSettings.Host("db1", 5432), new DatabaseSettings.Host("db2", 5432));
    assertThat(database.user()).isEqualTo("daypass");
    assertThat(database.password().reveal()).isEqualTo(password);
    assertThat(database.verified()).isTrue();
    assertThat(settings.masterKey().reveal()).hasSize(32);
    assertThat(settings.policies()).isEqualTo(folder.resolve("policies"));
    assertThat(settings.limits()).isEqualTo(RateSettings.usual());
    assertThat(settings.requests().lapseAfter()).isEqualTo(Duration.ofHours(24));
    assertThat(settings.requests().signInMaxAge()).isEqualTo(Duration.ofMinutes(15));
    assertThat(settings.requests().openPerPerson()).isEqualTo(10);
    assertThat(settings.trustedProxies()).isEmpty();
    assertThat(settings.log()).isEqualTo("info");
    var staff = settings.issuers().getFirst();
    assertThat(staff.trusted().kind()).isEqualTo(Kind.HUMAN);
    assertThat(staff.trusted().preset()).isEqualTo(Preset.GENERIC);
    assertThat(staff.trusted().use()).isEqualTo(TokenUse.REUSABLE);
    assertThat(staff.trusted().claims().groups()).isEqualTo("groups");
    assertThat(staff.web()).isNotNull();
    assertThat(staff.cli()).isEqualTo(new IssuerSettings.Cli("daypass-cli"));
    var github = settings.issuers().getLast().trusted();
    assertThat(github.use()).isEqualTo(TokenUse.SINGLE_USE);
    assertThat(github.claims().groups()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "github,SINGLE_USE",
    "gitlab,SINGLE_USE",
    "buildkite,SINGLE_USE",
    "kubernetes,REUSABLE",
    "generic,REUSABLE"
  })
  void tokens_are_single_use_where_the_preset_says_so(String preset, TokenUse use)
      throws IOException {
    var settings = good(GOOD.replace("preset: github", "preset: " + preset), Map.of());
    assertThat(settings.issuers().getLast().trusted().use()).isEqualTo(use);
    var told =
        good(GOOD.replace("preset: github", "preset: generic\n    tokens: single-use"), Map.of());
    assertThat(told.issuers().getLast().trusted().use()).isEqualTo(TokenUse.SINGLE_USE);
  }

  @Test
  void a_client_of_the_pages_has_an_id_and_a_secret_of_its_own() throws IOException {
    var web = "web: { client-id: daypass-web, client-secret-file: oidc }";
    for (var wrong :
        List.of(
            "web: {}",
            "web: { client-id: daypass-web }",
            "web: { client-secret-file: oidc }",
            "web: { client-id: daypass-web, client-secret-file: nowhere }",
            "web: { client-id: daypass-cli, client-secret-file: oidc }")) {
      assertThat(bad(GOOD.replace(web, wrong), Map.of())).as(wrong).isNotEmpty();
    }
    assertThat(good(GOOD.replace(web, "tokens: reusable"), Map.of()).issuers().getFirst().web())
        .isNull();
  }

  @Test
  void no_secret_prints_itself() throws IOException {
    var settings =
        good(
            GOOD,
            Map.of(
                "DAYPASS_DATABASE_OWNER_URL", "postgresql://o:" + password + "@localhost/daypass"));
    assertThat(settings.toString())
        .doesNotContain(password)
        .doesNotContain(Base64.getEncoder().encodeToString(settings.masterKey().reveal()));
  }

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
    var settings = read(SettingsReader.read(null, everything, SettingsReaderTest::condition));
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
    assertThat(settings.limits()).isEqualTo(new RateSettings(1, 2, 3, 4, 5, 6, 7));
    assertThat(settings.requests())
        .isEqualTo(
            new RequestSettings(Duration.ofHours(8), 3, 4, Duration.ofMinutes(5), List.of("mfa")));
    assertThat(settings.trustedProxies()).hasSize(1);
    assertThat(settings.notices()).hasSize(3);
    assertThat(settings.log()).isEqualTo("debug");
  }

  @Test
  void who_cuts_sessions_is_named_without_an_account() throws IOException {
    for (var name : List.of("arn:aws:iam::123456789012:role/x", "a/b", "a b", "x".repeat(65))) {
      assertThat(bad(GOOD, Map.of("DAYPASS_CLOUDS_AWS_REVOKER", name)).toString())
          .contains("DAYPASS_CLOUDS_AWS_REVOKER", "bad_value", "without ARN and path");
    }
  }

  @Test
  void nobody_is_who_a_claim_says_that_is_passed_on_shared_or_new_each_time() throws IOException {
    for (var claim : List.of("email", "Email", "UPN", "preferred_username", "tid", "jti", "iss")) {
      var problems = bad(GOOD, Map.of("DAYPASS_ISSUERS_0_CLAIMS_SUBJECT", claim));
      assertThat(problems.toString()).as(claim).contains("bad_value", "one person for good");
    }
    var shared =
        Map.of("DAYPASS_ISSUERS_0_CLAIMS_SUBJECT", "x", "DAYPASS_ISSUERS_0_CLAIMS_EMAIL", "x");
    assertThat(bad(GOOD, shared).toString()).contains("bad_value", "a claim of its own");
    var machines = bad(GOOD, Map.of("DAYPASS_ISSUERS_1_CLAIMS_SUBJECT", "oid"));
    assertThat(machines.toString()).contains("bad_value", "only people may be");
  }

  @Test
  void a21_with_several_issuers_of_people_an_office_says_whose() throws IOException {
    var partners =
        """
        issuers:
          - name: partners
            issuer: https://login.partner.example
            audience: daypass
            kind: human
        """;
    // A group of the partners may be called as one of the staff is.
    var unsaid = bad(GOOD.replace("issuers:\n", partners), Map.of());
    assertThat(unsaid).extracting(Problem::code).containsOnly("issuer_not_named").hasSize(2);
    assertThat(unsaid.toString()).contains("\"auditors\": ", "\"administrators\": ");
    good(
        GOOD.replace("issuers:\n", partners).replace("'\"", "'issuer == \"staff\" && \""),
        Map.of());
  }

  @Test
  void a17_an_issuer_that_differs_in_writing_only_is_the_same() throws IOException {
    var github = "issuer: https://token.actions.githubusercontent.com";
    for (var alike :
        List.of(
            "issuer: https://login.example.com/realms/acme/",
            "issuer: https://LOGIN.example.com:443/realms/acme",
            "issuer: https://DAYPASS.example.com:443")) {
      var yaml = GOOD.replace(github, alike).replace("audience: https://daypass", "audience: x");
      assertThat(codes(yaml)).as(alike).containsExactly("duplicate_issuer");
    }
  }

  @Test
  void a_token_of_a_person_is_not_said_to_be_single_use() throws IOException {
    good(GOOD.replace("kind: human", "kind: human\n    tokens: reusable"), Map.of());
    assertThat(codes(GOOD.replace("kind: human", "kind: human\n    tokens: single-use")))
        .containsExactly("bad_value");
  }

  @Test
  void a_condition_that_is_none_is_named_at_its_place_with_all_else() throws IOException {
    var yaml =
        GOOD.replace("auditors: '\"security\" in groups'", "auditors: '\"security\" in'")
            .replace(
                "administrators: '\"platform\" in groups'", "administrators: '1 + 1'\nlog: loud");
    var problems = bad(yaml, Map.of());
    assertThat(problems).hasSize(3);
    var line = (int) yaml.substring(0, yaml.indexOf("auditors")).lines().count() + 1;
    assertThat(problems.get(0).place().line()).isEqualTo(line);
    assertThat(problems.get(1).place().line()).isEqualTo(line + 1);
    assertThat(problems.get(2).place().line()).isEqualTo(line + 2);
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
      assertThat(SettingsReader.read(null, environment, SettingsReaderTest::condition))
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audit: off",
        "audit: { enabled: false }",
        "ledger: none",
        "ledger: { enabled: false }",
        "ledger-required: false"
      })
  void e8_no_setting_turns_the_ledger_off(String setting) throws IOException {
    assertThat(codes(GOOD + setting + "\n")).containsExactly("unknown_key");
  }

  @Test
  void e8_there_are_no_settings_without_the_database_that_the_ledger_is_in() throws IOException {
    var database =
        "database:\n  url: postgresql://daypass@db1:5432,db2/daypass\n  password-file: db\n";
    assertThat(codes(GOOD.replace(database, ""))).containsExactly("missing_key");
    for (var none : List.of("database: none\n", "database: {}\n", "database: ~\n")) {
      assertThat(codes(GOOD.replace(database, none))).as(none).isNotEmpty();
    }
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

  @Test
  void of_an_empty_file_every_missing_key_is_named_and_the_environment_may_have_them()
      throws IOException {
    assertThat(bad("# nothing here", Map.of()))
        .extracting(Problem::toString)
        .anyMatch(text -> text.contains("public-url"))
        .anyMatch(text -> text.contains("administrators"))
        .noneMatch(text -> text.contains("holds nothing"));
    assertThat(codes("")).doesNotContain("empty_document");
  }

  @Test
  void f43_every_problem_is_named_at_once_with_its_place() throws IOException {
    var problems =
        bad(
            GOOD.replace("public-url: https", "public-url: http")
                .replace("kind: human", "kind: robot")
                .replace("policies: policies", "policies: nowhere\nlisen: x")
                .replace("auditors: '\"security\" in groups'\n", ""),
            Map.of());
    assertThat(problems)
        .extracting(Problem::code)
        .contains("not_https", "bad_value", "no_directory", "unknown_key", "missing_key");
    assertThat(problems.getFirst().place().file()).endsWith("daypass.yaml");
  }

  @Test
  void f43_a_secret_that_is_missing_unreadable_or_given_twice_is_named() throws IOException {
    assertThat(codes(GOOD.replace("master-key-file: master.key\n", ""))).contains("missing_key");
    assertThat(codes(GOOD.replace("master.key", "nowhere"))).contains("secret_unreadable");
    secret("short.key", "too short");
    assertThat(codes(GOOD.replace("master.key", "short.key"))).contains("bad_secret");
    secret("zero.key", Base64.getEncoder().encodeToString(new byte[32]));
    assertThat(codes(GOOD.replace("master.key", "zero.key"))).contains("bad_secret");
    assertThat(codes(GOOD.replace("  password-file: db", "  password-file: db\n  password: x")))
        .contains("secret_twice");
    secret("lines", "one\ntwo\n");
    assertThat(codes(GOOD.replace("password-file: db", "password-file: lines")))
        .contains("bad_secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw-------+w", "rw-r---w-"})
  void a_key_file_that_others_may_read_or_write_is_refused(String mode) throws IOException {
    if (mode.endsWith("+w")) {
      Files.setPosixFilePermissions(
          folder.resolve("master.key"), PosixFilePermissions.fromString("rw-r-----"));
      good(GOOD, Map.of());
    } else {
      Files.setPosixFilePermissions(
          folder.resolve("master.key"), PosixFilePermissions.fromString(mode));
      assertThat(codes(GOOD)).contains("secret_file_mode");
    }
  }

  @Test
  void a_master_key_may_be_raw_hex_or_base64() throws IOException {
    var key = key();
    Files.write(folder.resolve("master.key"), key);
    assertThat(good(GOOD, Map.of()).masterKey().reveal()).isEqualTo(key);
    secret("master.key", java.util.HexFormat.of().formatHex(key) + "\n");
    assertThat(good(GOOD, Map.of()).masterKey().reveal()).isEqualTo(key);
  }

  @Test
  void the_master_key_before_it_may_be_named_while_it_is_exchanged() throws IOException {
    assertThat(good(GOOD, Map.of()).previousMasterKey()).isNull();
    var key = key();
    var encoded = Base64.getEncoder().encodeToString(key);
    secret("old.key", encoded);
    var both = GOOD.replace("policies:", "previous-master-key-file: old.key\npolicies:");
    var settings = good(both, Map.of());
    assertThat(settings.previousMasterKey())
        .isNotNull()
        .satisfies(previous -> assertThat(previous.reveal()).isEqualTo(key));
    assertThat(settings.toString()).doesNotContain(encoded);
    var inPlace = good(GOOD, Map.of("DAYPASS_PREVIOUS_MASTER_KEY", encoded));
    assertThat(inPlace.previousMasterKey())
        .isNotNull()
        .satisfies(previous -> assertThat(previous.reveal()).isEqualTo(key));
  }

  @Test
  void f43_a_previous_master_key_that_is_none_is_named() throws IOException {
    var both = GOOD.replace("policies:", "previous-master-key-file: old.key\npolicies:");
    assertThat(codes(both)).containsExactly("secret_unreadable");
    secret("old.key", "too short");
    assertThat(codes(both)).containsExactly("bad_secret");
    Files.write(folder.resolve("old.key"), Files.readAllBytes(folder.resolve("master.key")));
    assertThat(codes(both)).containsExactly("same_key");
    secret("old.key", Base64.getEncoder().encodeToString(key()));
    Files.setPosixFilePermissions(
        folder.resolve("old.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(codes(both)).containsExactly("secret_file_mode");
    assertThat(codes(both + "previous-master-key: x\n")).contains("secret_twice");
  }

  private static String azure(String more) {
    return GOOD + "\nclouds:\n  azure:\n    " + more + "\n";
  }

  @Test
  void a_ca_of_one_s_own_is_for_endpoints_of_one_s_own() throws IOException {
    var own =
        "authority: https://localhost:8091, resource-manager: http://localhost:8090/azure/arm";
    var settings = good(azure("endpoints: { " + own + ", ca-file: ca.pem }"), Map.of());
    assertThat(settings.clouds().azure().caFile()).isEqualTo(folder.resolve("ca.pem"));
    assertThat(codes(azure("endpoints: { ca-file: ca.pem }"))).containsExactly("bad_value");
    assertThat(codes(azure("endpoints: { authority: https://localhost:1, ca-file: ca.pem }")))
        .containsExactly("bad_value");
    assertThat(codes(azure("endpoints: { " + own + ", ca-file: nowhere }")))
        .containsExactly("bad_value");
    assertThat(codes(azure("endpoints: { " + own + ", ca-file: master.key }")))
        .containsExactly("bad_value");
  }

  @Test
  void entra_is_reached_over_tls_only_and_at_no_path() throws IOException {
    for (var authority : List.of("http://localhost:8090", "https://localhost:8091/azure")) {
      assertThat(codes(azure("endpoints: { authority: '" + authority + "' }")))
          .as(authority)
          .containsExactly("bad_value");
    }
    assertThat(codes(azure("binder: somebody"))).containsExactly("bad_value");
  }

  @Test
  void a1_an_issuer_without_an_audience_is_refused() throws IOException {
    assertThat(codes(GOOD.replace("    audience: daypass\n", ""))).contains("missing_key");
    assertThat(codes(GOOD.replace("audience: daypass", "audience: ''"))).contains("bad_value");
    assertThat(codes(GOOD.replace("audience: daypass", "audience:"))).contains("empty_value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sts.amazonaws.com",
        "STS.amazonaws.com",
        "api://AzureADTokenExchange",
        "https://kubernetes.default.svc",
        "https://kubernetes.default.svc.cluster.local",
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
        "https://github.com/acme",
        "https://login.example.com/realms/acme"
      })
  void a2_an_audience_that_others_take_as_theirs_is_refused(String audience) throws IOException {
    assertThat(codes(GOOD.replace("audience: daypass", "audience: " + audience)))
        .contains("shared_audience");
  }

  @ParameterizedTest
  @CsvSource({
    "https://daypass.example.com,https://daypass.example.com/,bad_value",
    "https://daypass.example.com,https://daypass.example.com/x,bad_value",
    "https://daypass.example.com,https://daypass.example.com?x,bad_value",
    "https://daypass.example.com,https://u@daypass.example.com,bad_value",
    "https://daypass.example.com,http://daypass.example.com,not_https",
    "https://login.example.com/realms/acme,http://login.example.com,not_https",
    "https://login.example.com/realms/acme,https://daypass.example.com,own_issuer",
    "https://login.example.com/realms/acme,https://token.actions.githubusercontent.com,duplicate_issuer",
    "name: github,name: staff,duplicate_name",
    "name: github,name: Git Hub,bad_value",
    "preset: github,preset: jenkins,bad_value"
  })
  void urls_and_names_are_checked(String from, String to, String code) throws IOException {
    assertThat(codes(GOOD.replaceFirst(java.util.regex.Pattern.quote(from), to))).contains(code);
  }

  @Test
  void a_workload_issuer_needs_a_preset_and_has_no_client() throws IOException {
    assertThat(codes(GOOD.replace("    preset: github\n", ""))).contains("missing_key");
    assertThat(codes(GOOD + "").isEmpty()).isTrue();
    assertThat(codes(GOOD.replace("preset: github", "preset: github\n    cli: { client-id: x }")))
        .contains("bad_value");
    assertThat(codes(GOOD.replaceFirst("(?s)issuers:.*?auditors", "issuers: []\nauditors")))
        .contains("no_issuer");
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://daypass@db/daypass?sslmode=disable,tls_required",
    "postgresql://daypass@db/daypass?sslmode=require,tls_required",
    "postgresql://daypass@db/daypass?sslmode=prefer,tls_required",
    "postgresql://daypass@localhost;db/daypass?sslmode=disable,tls_required",
    "postgresql://daypass@db/daypass?sslrootcert=nowhere,bad_value",
    "postgresql://daypass@db/daypass?user=other,bad_value",
    "postgresql://daypass:x@db/daypass,secret_twice",
    "postgresql://daypass@db:99999/daypass,bad_value",
    "mysql://daypass@db/daypass,bad_value"
  })
  void w11_the_way_to_the_database_is_verified_unless_it_is_local(String url, String code)
      throws IOException {
    var changed = GOOD.replaceFirst("postgresql://.*", url.replace(';', ','));
    assertThat(codes(changed)).contains(code);
  }

  @Test
  void a_limit_cannot_be_turned_off() throws IOException {
    assertThat(codes(GOOD + "limits: { failures-per-peer-and-second: 0 }\n")).contains("bad_value");
    assertThat(codes(GOOD + "trusted-proxies: ['0.0.0.0/0']\n")).contains("bad_value");
    assertThat(codes(GOOD + "trusted-proxies: [proxy.local]\n")).contains("bad_value");
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

  private static byte[] key() {
    var key = new byte[32];
    new Random().nextBytes(key);
    // A raw key that ends like a line must survive as it is.
    key[31] = '\n';
    return key;
  }

  private void secret(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private SettingsReader.Answer answer(String yaml, Map<String, String> environment)
      throws IOException {
    var file = folder.resolve("daypass.yaml");
    Files.writeString(file, yaml);
    return SettingsReader.read(file, environment, SettingsReaderTest::condition);
  }

  private Settings good(String yaml, Map<String, String> environment) throws IOException {
    return read(answer(yaml, environment));
  }

  private static Settings read(SettingsReader.Answer answer) {
    return switch (answer) {
      case SettingsReader.Answer.Read(var settings) -> settings;
      case SettingsReader.Answer.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  private List<Problem> bad(String yaml, Map<String, String> environment) throws IOException {
    return switch (answer(yaml, environment)) {
      case SettingsReader.Answer.Read _ -> List.of();
      case SettingsReader.Answer.Refused(var problems) -> new ArrayList<>(problems);
    };
  }

  private List<String> codes(String yaml) throws IOException {
    return bad(yaml, Map.of()).stream().map(Problem::code).toList();
  }

  private static Optional<Condition> condition(
      String text, Place place, boolean saysIssuer, List<Problem> problems) {
    return switch (Conditions.compile(text, place, saysIssuer)) {
      case Conditions.Compiled.Good(var good) -> Optional.of(good);
      case Conditions.Compiled.Bad(var bad) -> {
        problems.addAll(bad);
        yield Optional.empty();
      }
    };
  }
}
