package io.daypass.settings;

import io.daypass.notice.NoticeKind;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A channel that people are told over.
 *
 * @param of what it tells of; never nothing
 */
public record NoticeSettings(String name, Set<NoticeKind> of, Way way) {

  public NoticeSettings {
    of = Set.copyOf(of);
  }

  /** Where it leads. */
  public sealed interface Way {}

  /** A Slack channel, by an incoming webhook; who knows its URL may write there. */
  public record Slack(Hidden url) implements Way {}

  /**
   * A program.
   *
   * @param secret {@code whsec_} and at least 24 bytes in base64
   * @param caFile a PEM file with whom TLS trusts there; null for whom the JDK trusts
   */
  public record Webhook(URI url, Hidden secret, @Nullable Path caFile) implements Way {}

  /**
   * Mail.
   *
   * @param from an address without a name
   * @param account as whom to sign in; null where nobody has to
   * @param caFile a PEM file with whom TLS trusts there; null for whom the JDK trusts
   */
  public record Mail(
      Relay relay, @Nullable Account account, String from, List<String> to, @Nullable Path caFile)
      implements Way {
    public Mail {
      to = List.copyOf(to);
    }
  }

  /** A mail server, and how the way there is protected. */
  public record Relay(String host, int port, Security security) {}

  /** Without protection mail only goes to a server on this machine. */
  public enum Security {
    TLS,
    STARTTLS,
    NONE
  }

  /** As whom to sign in at a mail server. */
  public record Account(String user, Hidden password) {}

  /** In one sentence, without anything secret. */
  public String described() {
    var kinds = of.stream().sorted().map(NoticeKind::code).collect(Collectors.joining(", "));
    return "notices \"" + name + "\" by " + described(way) + ": " + kinds;
  }

  private static String described(Way way) {
    return switch (way) {
      case Slack slack -> "Slack at " + URI.create(slack.url().reveal()).getHost();
      case Webhook webhook -> "webhook to " + webhook.url();
      case Mail mail ->
          "mail over "
              + mail.relay().host()
              + ":"
              + mail.relay().port()
              + " to "
              + String.join(", ", mail.to());
    };
  }
}
