package io.daypass.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.identity.Kind;
import io.daypass.identity.TokenUse;
import io.daypass.identity.TrustedIssuer.Preset;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest extends SettingsFiles {

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
    assertThat(codes(GOOD + "trusted-proxies: [10.0.0.1/8]\n")).containsExactly("bad_value");
    assertThat(codes(GOOD + "trusted-proxies: ['2001:db8::1/64']\n")).containsExactly("bad_value");
    assertThat(good(GOOD + "trusted-proxies: [10.0.0.1, 10.0.0.0/8]\n", Map.of()).trustedProxies())
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8080", "0.0.0.0:8080", "'[::]:8080'"})
  void metrics_do_not_share_the_port_of_everything_else(String listen) throws IOException {
    assertThat(codes(GOOD + "metrics: { listen: " + listen + " }\n")).containsExactly("bad_value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8081", "127.0.0.2:8080"})
  void metrics_may_have_an_address_of_their_own(String listen) throws IOException {
    assertThat(good(GOOD + "metrics: { listen: '" + listen + "' }\n", Map.of()).metricsListen())
        .isNotNull();
  }
}
