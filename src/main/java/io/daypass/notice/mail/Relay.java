package io.daypass.notice.mail;

import io.daypass.cloud.Secret;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The mail server that takes our mail.
 *
 * @param trust whom TLS believes; the server's name is checked
 * @param account as whom we sign in; null where nobody has to
 * @param within how long one delivery may take
 */
public record Relay(
    String host,
    int port,
    Security security,
    SSLContext trust,
    @Nullable Account account,
    Duration within) {

  /** How the way there is protected. */
  public enum Security {
    /** TLS from the first byte (RFC 8314, section 3.3). */
    TLS,
    /** STARTTLS, without which nothing is sent (RFC 3207). */
    STARTTLS,
    /** Nothing: for a server on this machine only. */
    NONE
  }

  /** As whom to sign in. */
  public record Account(String user, Secret password) {}

  @Nullable String user() {
    return account == null ? null : account.user();
  }

  @Nullable String password() {
    return account == null ? null : account.password().reveal();
  }

  /** The same in the library's words. */
  Properties properties() {
    var protocol = security == Security.TLS ? "smtps" : "smtp";
    var prefix = "mail." + protocol + ".";
    var millis = String.valueOf(within.toMillis());
    var properties = new Properties();
    properties.setProperty("mail.transport.protocol", protocol);
    properties.setProperty("mail.transport.protocol.rfc822", protocol);
    properties.setProperty(prefix + "connectiontimeout", millis);
    properties.setProperty(prefix + "timeout", millis);
    properties.setProperty(prefix + "writetimeout", millis);
    properties.setProperty(prefix + "auth", String.valueOf(account != null));
    // All of them or none: half a delivery would be repeated to those who have it.
    properties.setProperty(prefix + "sendpartial", "false");
    properties.setProperty(prefix + "quitwait", "false");
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    properties.setProperty(prefix + "ssl.protocols", "TLSv1.3 TLSv1.2");
    properties.put(prefix + "ssl.socketFactory", trust.getSocketFactory());
    properties.setProperty(prefix + "ssl.socketFactory.fallback", "false");
    var startTls = String.valueOf(security == Security.STARTTLS);
    properties.setProperty(prefix + "starttls.enable", startTls);
    properties.setProperty(prefix + "starttls.required", startTls);
    return properties;
  }
}
