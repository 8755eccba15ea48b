package io.daypass.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Problem;
import io.daypass.notice.NoticeKind;
import io.daypass.request.Roles;
import io.daypass.settings.NoticeSettings.Mail;
import io.daypass.settings.NoticeSettings.Security;
import io.daypass.settings.NoticeSettings.Slack;
import io.daypass.settings.NoticeSettings.Webhook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels that people are told over: what is taken, and that everything else is named. */
class NoticesReaderTest {

  private static final String BASE =
      """
      public-url: https://daypass.example.com
      database: { url: "postgresql://daypass@localhost/daypass" }
      master-key-file: master.key
      policies: policies
      issuers:
        - { name: staff, issuer: "https://login.example.com", audience: daypass, kind: human }
      auditors: 'true'
      administrators: 'true'
      """;

  private static final String GOOD =
      BASE
          + """
          notices:
            - name: leads-channel
              of: [waiting, cleanup_stuck]
              slack: { url-file: slack }
            - name: bus
              of: [approved]
              webhook: { url: "https://bus.example.com/daypass", secret-file: webhook }
            - name: leads-mail
              of: [waiting]
              mail:
                server: smtp://mail.example.com:587
                user: daypass
                password-file: mail
                from: daypass@example.com
                to: [leads@example.com]
          """;

  @TempDir Path folder;
  private final String slack =
      "https://hooks.slack.com/services/T" + new Random().nextInt(1_000_000_000) + "/B1/x";
  private final String key =
      "whsec_" + Base64.getEncoder().encodeToString(new byte[] {1, 2, 3}.clone()).repeat(8);

  @BeforeEach
  void files() throws IOException {
    Files.createDirectory(folder.resolve("policies"));
    var bytes = new byte[32];
    new Random().nextBytes(bytes);
    secret("master.key", Base64.getEncoder().encodeToString(bytes));
    secret("slack", slack + "\n");
    secret("webhook", key + "\n");
    secret("mail", "p" + new Random().nextInt(1_000_000_000));
  }

  private void secret(String name, String text) throws IOException {
    var file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private SettingsReader.Answer read(String text, Map<String, String> environment)
      throws IOException {
    return SettingsReader.read(
        Files.writeString(folder.resolve("daypass.yaml"), text),
        environment,
        (_, _, _, _) -> Optional.of(Roles.always()));
  }

  private List<NoticeSettings> good(String text, Map<String, String> environment)
      throws IOException {
    return switch (read(text, environment)) {
      case SettingsReader.Answer.Read(var settings) -> settings.notices();
      case SettingsReader.Answer.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  private List<Problem> problems(String text) throws IOException {
    return switch (read(text, Map.of())) {
      case SettingsReader.Answer.Read _ -> throw new AssertionError("taken: " + text);
      case SettingsReader.Answer.Refused(var problems) -> problems;
    };
  }

  @Test
  void channels_are_read_with_their_secrets() throws IOException {
    var channels = good(GOOD, Map.of());
    assertThat(channels)
        .extracting(NoticeSettings::name)
        .containsExactly("leads-channel", "bus", "leads-mail");
    assertThat(channels.getFirst().of())
        .isEqualTo(Set.of(NoticeKind.WAITING, NoticeKind.CLEANUP_STUCK));
    assertThat(((Slack) channels.get(0).way()).url().reveal()).isEqualTo(slack);
    var webhook = (Webhook) channels.get(1).way();
    assertThat(webhook.url()).hasToString("https://bus.example.com/daypass");
    assertThat(webhook.secret().reveal()).isEqualTo(key);
    var mail = (Mail) channels.get(2).way();
    assertThat(mail.relay())
        .isEqualTo(new NoticeSettings.Relay("mail.example.com", 587, Security.STARTTLS));
    assertThat(mail.account()).isNotNull();
    assertThat(channels.toString()).doesNotContain(slack, key);
  }

  @Test
  void whoever_checks_the_settings_reads_where_each_channel_leads_and_no_secret()
      throws IOException {
    assertThat(good(GOOD, Map.of()))
        .extracting(NoticeSettings::described)
        .containsExactly(
            "notices \"leads-channel\" by Slack at hooks.slack.com: waiting, cleanup_stuck",
            "notices \"bus\" by webhook to https://bus.example.com/daypass: approved",
            "notices \"leads-mail\" by mail over mail.example.com:587 to leads@example.com:"
                + " waiting");
  }

  @Test
  void nobody_is_told_unless_a_channel_says_so() throws IOException {
    assertThat(good(BASE, Map.of())).isEmpty();
  }

  @Test
  void every_key_is_a_variable_of_the_environment_too() throws IOException {
    var channels =
        good(
            BASE,
            Map.ofEntries(
                Map.entry("DAYPASS_NOTICES_0_NAME", "bus"),
                Map.entry("DAYPASS_NOTICES_0_OF_0", "approved"),
                Map.entry("DAYPASS_NOTICES_0_OF_1", "revoked"),
                Map.entry("DAYPASS_NOTICES_0_WEBHOOK_URL", "https://bus.example.com/"),
                Map.entry("DAYPASS_NOTICES_0_WEBHOOK_SECRET", key),
                Map.entry("DAYPASS_NOTICES_1_NAME", "mail"),
                Map.entry("DAYPASS_NOTICES_1_OF_0", "waiting"),
                Map.entry("DAYPASS_NOTICES_1_MAIL_SERVER", "smtps://mail.example.com:465"),
                Map.entry("DAYPASS_NOTICES_1_MAIL_FROM", "daypass@example.com"),
                Map.entry("DAYPASS_NOTICES_1_MAIL_TO_0", "a@example.com"),
                Map.entry("DAYPASS_NOTICES_1_MAIL_TO_1", "b@example.com")));
    assertThat(channels.getFirst().of()).isEqualTo(Set.of(NoticeKind.APPROVED, NoticeKind.REVOKED));
    assertThat(((Mail) channels.getLast().way()).to())
        .containsExactly("a@example.com", "b@example.com");
    assertThat(((Mail) channels.getLast().way()).relay().security()).isEqualTo(Security.TLS);
  }

  @Test
  void clear_text_is_for_this_machine_only() throws IOException {
    var local =
        """
        notices:
          - { name: a, of: [waiting], mail: { server: "smtp://localhost:2525", from: a@b.example, to: [c@d.example] } }
          - { name: b, of: [waiting], webhook: { url: "http://127.0.0.1:9/x", secret-file: webhook } }
        """;
    var channels = good(BASE + local, Map.of());
    assertThat(((Mail) channels.getFirst().way()).relay().security()).isEqualTo(Security.NONE);
    secret("slack", "http://hooks.slack.com/services/T1/B1/x");
    assertThat(problems(BASE + channel("of: [waiting], slack: { url-file: slack }")))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.code()).isEqualTo("bad_secret");
          assertThat(problem.toString()).doesNotContain("T1");
        });
    assertThat(
            codes(
                "of: [waiting], webhook: { url: \"http://bus.example.com/\", secret-file: webhook }"))
        .containsExactly("not_https");
  }

  private static String channel(String rest) {
    return "notices:\n  - { name: a, " + rest + " }\n";
  }

  private List<String> codes(String rest) throws IOException {
    return problems(BASE + channel(rest)).stream().map(Problem::code).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "of: [], slack: { url-file: slack }",
        "of: [everything], slack: { url-file: slack }",
        "of: ['*'], slack: { url-file: slack }",
        "of: [waiting, waiting], slack: { url-file: slack }",
        "of: [WAITING], slack: { url-file: slack }",
        "of: [waiting], mail: { server: mail.example.com, from: a@b.example, to: [c@d.example] }",
        "of: [waiting], mail: { server: 'smtps://mail.example.com', from: a@b.example, to: [c@d.example] }",
        "of: [waiting], mail: { server: 'smtps://mail.example.com:0', from: a@b.example, to: [c@d.example] }",
        "of: [waiting], mail: { server: 'smtps://u:p@mail.example.com:465', from: a@b.example, to: [c@d.example] }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: 'A <a@b.example>', to: [c@d.example] }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example, to: [] }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example, to: ['c@d.example, e@f.example'] }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example, to: ['c@d.example\\nBcc: x@y.example'] }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example, to: [c@d.example, c@d.example] }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example, to: [c@d.example], ca-file: slack }"
      })
  void f43_a_value_that_means_nothing_is_named(String rest) throws IOException {
    assertThat(codes(rest)).containsOnly("bad_value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slack: { url-file: slack }",
        "of: [waiting]",
        "of: [waiting], slack: { url-file: slack }, mail: { server: 'smtps://m.example:465', from: a@b.example, to: [c@d.example] }",
        "of: [waiting], slack: {}",
        "of: [waiting], webhook: { secret-file: webhook }",
        "of: [waiting], webhook: { url: 'https://bus.example.com/' }",
        "of: [waiting], mail: { from: a@b.example, to: [c@d.example] }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', to: [c@d.example] }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example, to: [c@d.example], user: u }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example, to: [c@d.example], password-file: mail }"
      })
  void f43_what_is_missing_is_named(String rest) throws IOException {
    assertThat(codes(rest)).containsOnly("missing_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "of: [waiting], slack: { url-file: slack, channel: x }",
        "of: [waiting], roles: [prod-admin], slack: { url-file: slack }",
        "of: [waiting], webhook: { url: 'https://bus.example.com/', secret-file: webhook, insecure: true }",
        "of: [waiting], mail: { server: 'smtps://m.example:465', from: a@b.example, to: [c@d.example], tls: off }"
      })
  void f43_a_key_that_nobody_knows_is_named(String rest) throws IOException {
    assertThat(codes(rest)).containsExactly("unknown_key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "whsec_", "whsec_AAAA", "whsec_!!!!", "whsec_AQID AQID"})
  void f43_a_secret_that_is_none_is_named_and_not_quoted(String secret) throws IOException {
    secret("webhook", secret);
    assertThat(
            problems(
                BASE
                    + channel(
                        "of: [waiting], webhook: { url: 'https://bus.example.com/', secret-file:"
                            + " webhook }")))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.code()).isEqualTo("bad_secret");
          assertThat(problem.toString()).doesNotContain("!!!!", "AQID");
        });
  }

  @Test
  void f43_two_channels_have_two_names() throws IOException {
    var two =
        "notices:\n"
            + "  - { name: a, of: [waiting], slack: { url-file: slack } }\n".repeat(2)
            + "  - { name: A, of: [waiting], slack: { url-file: slack } }\n";
    assertThat(problems(BASE + two))
        .extracting(Problem::code)
        .containsExactlyInAnyOrder("duplicate_name", "bad_value");
    var many = new StringBuilder("notices:\n");
    for (var i = 0; i < 17; i++) {
      many.append("  - { name: a")
          .append(i)
          .append(", of: [waiting], slack: { url-file: slack } }\n");
    }
    assertThat(problems(BASE + many)).extracting(Problem::code).containsExactly("bad_value");
  }
}
