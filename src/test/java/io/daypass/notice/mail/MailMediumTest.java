package io.daypass.notice.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.daypass.cloud.Secret;
import io.daypass.notice.Messages;
import io.daypass.notice.NotDelivered;
import io.daypass.notice.NoticeKind;
import io.daypass.notice.TestAuthority;
import io.daypass.notice.mail.Relay.Security;
import io.daypass.notice.mail.SmtpStandIn.Manner;
import io.daypass.request.Approval.Verdict;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MailMediumTest {

  private static final Letters LETTERS =
      new Letters("daypass@acme.example", List.of("leads@acme.example", "ops@acme.example"));

  private final TestAuthority authority = new TestAuthority();
  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private MailMedium medium(int port, Security security, SSLContext trust) {
    return medium(port, security, trust, null, Duration.ofSeconds(20));
  }

  private static MailMedium medium(
      int port,
      Security security,
      SSLContext trust,
      Relay.@Nullable Account account,
      Duration within) {
    return new MailMedium(new Relay("localhost", port, security, trust, account, within), LETTERS);
  }

  private MailMedium medium() {
    return medium(server.getSmtp().getPort(), Security.NONE, authority.trust());
  }

  private MimeMessage delivered(Messages message) throws NotDelivered {
    medium().deliver(message.make());
    var letters = server.getReceivedMessages();
    // One for each of those it is to.
    assertThat(letters.length % 2).isZero();
    return letters[letters.length - 1];
  }

  private static String text(MimeMessage letter) throws MessagingException, IOException {
    return (String) letter.getContent();
  }

  private static void refused(MailMedium medium, String code) {
    assertThatThrownBy(() -> medium.deliver(Messages.of(NoticeKind.WAITING).make()))
        .isInstanceOfSatisfying(NotDelivered.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @ParameterizedTest
  @EnumSource
  void every_kind_arrives_with_an_id_that_stays_the_same(NoticeKind kind) throws Exception {
    var first = delivered(Messages.of(kind));
    var again = delivered(Messages.of(kind));
    assertThat(first.getSubject()).startsWith("[Daypass] " + kind.phrase());
    assertThat(first.getMessageID())
        .isEqualTo("<00000000-0000-0001-0000-000000000002@acme.example>")
        .isEqualTo(again.getMessageID());
    assertThat(first.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(first.getHeader("Daypass-Kind")).containsExactly(kind.code());
    assertThat(first.getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
  }

  @Test
  void who_decides_reads_what_is_asked_and_by_which_run() throws Exception {
    var letter = delivered(Messages.of(NoticeKind.WAITING).by(Messages.run("mallory")));
    assertThat(letter.getFrom())
        .extracting(Object::toString)
        .containsExactly("daypass@acme.example");
    assertThat(letter.getRecipients(RecipientType.TO))
        .extracting(Object::toString)
        .containsExactly("leads@acme.example", "ops@acme.example");
    assertThat(text(letter))
        .contains(
            "Reason: disk full\r\n",
            "Must agree: 1 person with \"leads\" in groups\r\n",
            "Repository: acme/shop\r\n",
            "Ref: refs/heads/main\r\n",
            "Commit: 8f3c1d2e\r\n",
            "Actor: mallory\r\n",
            "Run: https://github.com/acme/shop/actions/runs/77/attempts/2\r\n",
            "Open in Daypass: https://daypass.example.com/requests/0123456789abcdef");
  }

  @Test
  void letters_of_all_scripts_arrive() throws Exception {
    var letter =
        delivered(Messages.of(NoticeKind.WAITING).by(Messages.person("Zoë 漢字")).reason("Größe 🙂"));
    assertThat(letter.getSubject()).contains("Zoë 漢字");
    assertThat(text(letter)).contains("Reason: Größe 🙂\r\n");
  }

  @Test
  void c11_what_callers_write_is_no_header_no_recipient_and_no_line_of_ours() throws Exception {
    var letter =
        delivered(
            Messages.of(NoticeKind.WAITING)
                .by(Messages.person("eve\r\nBcc: x@evil.example\r\n\r\nYes: bob"))
                .reason(Messages.HOSTILE)
                .decided("bob", Verdict.APPROVE, Messages.HOSTILE));
    assertThat(letter.getHeader("Bcc")).isNull();
    assertThat(letter.getAllRecipients()).hasSize(2);
    assertThat(letter.getSubject()).doesNotContain("\r", "\n");
    assertThat(GreenMailUtil.getHeaders(letter)).doesNotContainPattern("(?m)^(Bcc|Yes)");
    assertThat(text(letter)).doesNotContainPattern("(?m)^(Bcc|Yes: bob\\b(?!@))");
    assertThat(text(letter)).doesNotContain("\u202e", "\u001b", "\u0000");
    assertThat(server.getReceivedMessages()).hasSize(2);
  }

  @Test
  void what_concerns_the_whole_broker_arrives() throws Exception {
    medium().deliver(Messages.of(NoticeKind.STOPPED).broker(Map.of("reason", "incident")));
    assertThat(text(server.getReceivedMessages()[0]))
        .contains("By: pat@acme.example (staff=pat)\r\n", "Reason: incident\r\n");
  }

  @Test
  void whoever_has_an_account_signs_in_with_it() throws Exception {
    server.setUser("daypass", "right");
    var port = server.getSmtp().getPort();
    var right = new Relay.Account("daypass", new Secret("right"));
    medium(port, Security.NONE, authority.trust(), right, Duration.ofSeconds(20))
        .deliver(Messages.of(NoticeKind.WAITING).make());
    assertThat(server.getReceivedMessages()).hasSize(2);
    var wrong = new Relay.Account("daypass", new Secret("wrong"));
    refused(
        medium(port, Security.NONE, authority.trust(), wrong, Duration.ofSeconds(20)),
        "mail_sign_in_refused");
  }

  @Test
  void over_tls_and_starttls_it_goes_to_the_server_that_proves_its_name() throws Exception {
    for (var security : List.of(Security.TLS, Security.STARTTLS)) {
      try (var smtp = new SmtpStandIn(manner(security), authority.server("localhost"))) {
        medium(smtp.port(), security, authority.trust())
            .deliver(Messages.of(NoticeKind.WAITING).make());
        assertThat(smtp.letters).hasSize(1);
        assertThat(smtp.letters.getFirst()).contains("Auto-Submitted: auto-generated");
      }
    }
  }

  private static Manner manner(Security security) {
    return switch (security) {
      case TLS -> Manner.TLS;
      case STARTTLS -> Manner.STARTTLS;
      case NONE -> Manner.CLEAR;
    };
  }

  @Test
  void a_server_with_another_name_or_of_nobody_s_gets_no_letter_and_no_password() throws Exception {
    var account = new Relay.Account("daypass", new Secret("right"));
    for (var security : List.of(Security.TLS, Security.STARTTLS)) {
      for (var name : List.of("other.example", "localhost")) {
        var trust = name.equals("localhost") ? SSLContext.getDefault() : authority.trust();
        try (var smtp = new SmtpStandIn(manner(security), authority.server(name))) {
          refused(
              medium(smtp.port(), security, trust, account, Duration.ofSeconds(20)),
              "tls_not_accepted");
          assertThat(smtp.commands).doesNotContain("AUTH", "MAIL", "DATA");
        }
      }
    }
  }

  @Test
  void a_server_that_offers_no_starttls_gets_no_letter_and_no_password() throws Exception {
    var account = new Relay.Account("daypass", new Secret("right"));
    try (var smtp = new SmtpStandIn(Manner.CLEAR, authority.server("localhost"))) {
      refused(
          medium(
              smtp.port(), Security.STARTTLS, authority.trust(), account, Duration.ofSeconds(20)),
          "no_answer");
      assertThat(smtp.commands).doesNotContain("AUTH", "MAIL", "DATA");
    }
  }

  @Test
  void f38_a_server_that_hangs_or_drips_is_left_at_the_deadline() throws Exception {
    for (var manner : List.of(Manner.HANGS, Manner.DRIPS)) {
      try (var smtp = new SmtpStandIn(manner, authority.server("localhost"))) {
        refused(
            medium(smtp.port(), Security.NONE, authority.trust(), null, Duration.ofMillis(700)),
            "timeout");
      }
    }
  }

  @Test
  void f38_a_server_that_refuses_talks_nonsense_or_is_down_has_not_taken_it() throws Exception {
    try (var smtp = new SmtpStandIn(Manner.REFUSES_RECIPIENTS, authority.server("localhost"))) {
      refused(medium(smtp.port(), Security.NONE, authority.trust()), "mail_refused");
      assertThat(smtp.letters).isEmpty();
    }
    try (var smtp = new SmtpStandIn(Manner.TALKS_NONSENSE, authority.server("localhost"))) {
      refused(medium(smtp.port(), Security.NONE, authority.trust()), "no_answer");
    }
    var port = server.getSmtp().getPort();
    server.stop();
    refused(medium(port, Security.NONE, authority.trust()), "no_answer");
  }

  @Test
  void who_is_stopping_waits_for_nobody() throws Exception {
    try (var smtp = new SmtpStandIn(Manner.HANGS, authority.server("localhost"))) {
      Thread.currentThread().interrupt();
      try {
        refused(medium(smtp.port(), Security.NONE, authority.trust()), "stopping");
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }
}
