package io.daypass.notice.mail;

import io.daypass.notice.Message;
import io.daypass.notice.Wording;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;

/**
 * Messages as mail. What callers wrote is on one line wherever it stands, so it begins no header
 * and no line of the text.
 */
public final class Letters {

  private static final String UTF_8 = StandardCharsets.UTF_8.name();

  private final String from;
  private final List<String> to;

  /**
   * @param from an address, without a name
   * @param to addresses, without names
   */
  public Letters(String from, List<String> to) {
    this.from = from;
    this.to = List.copyOf(to);
  }

  MimeMessage of(Message message, Session session) throws MessagingException {
    var words = Wording.of(message);
    var notice = message.notice();
    var letter = new Identified(session, notice.id() + "@" + domain());
    letter.setFrom(new InternetAddress(from, true));
    for (var address : to) {
      letter.addRecipient(RecipientType.TO, new InternetAddress(address, true));
    }
    letter.setSubject("[Daypass] " + words.title(), UTF_8);
    letter.setSentDate(Date.from(notice.at()));
    // RFC 3834, section 5: nobody's absence answers it.
    letter.setHeader("Auto-Submitted", "auto-generated");
    letter.setHeader("Daypass-Notice", notice.id().toString());
    letter.setHeader("Daypass-Kind", notice.kind().code());
    letter.setText(text(words), UTF_8);
    return letter;
  }

  private String domain() {
    return from.substring(from.indexOf('@') + 1);
  }

  private static String text(Wording.Words words) {
    var text = new StringBuilder(words.title()).append("\r\n\r\n");
    for (var line : words.lines()) {
      text.append(line.label()).append(": ").append(line.text()).append("\r\n");
    }
    return text.append("\r\nOpen in Daypass: ").append(words.page()).append("\r\n").toString();
  }

  /** Keeps the id it was given, so that a repeat is known by it. */
  private static final class Identified extends MimeMessage {

    private final String id;

    Identified(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", "<" + id + ">");
    }
  }
}
