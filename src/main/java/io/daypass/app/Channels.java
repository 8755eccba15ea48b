package io.daypass.app;

import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.Trust;
import io.daypass.notice.Channel;
import io.daypass.notice.Courier;
import io.daypass.notice.Medium;
import io.daypass.notice.Post;
import io.daypass.notice.mail.Letters;
import io.daypass.notice.mail.MailMedium;
import io.daypass.notice.mail.Relay;
import io.daypass.notice.post.HttpPost;
import io.daypass.notice.slack.SlackMedium;
import io.daypass.notice.webhook.WebhookKey;
import io.daypass.notice.webhook.WebhookMedium;
import io.daypass.settings.Hidden;
import io.daypass.settings.NoticeSettings;
import io.daypass.settings.NoticeSettings.Mail;
import io.daypass.settings.NoticeSettings.Slack;
import io.daypass.settings.NoticeSettings.Webhook;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The channels of the settings, each with connections of its own.
 *
 * @param clock the database's
 */
record Channels(InstantSource clock, ThreadFactory threads) {

  private static final Duration WITHIN = Courier.Pace.STANDARD.within();

  Channel of(NoticeSettings told) {
    return new Channel(told.name(), told.of(), medium(told.way()));
  }

  private Medium medium(NoticeSettings.Way way) {
    return switch (way) {
      case Slack slack -> new SlackMedium(post(null), secret(slack.url()));
      case Webhook webhook ->
          new WebhookMedium(
              post(webhook.caFile()),
              webhook.url(),
              new WebhookKey(secret(webhook.secret())),
              clock);
      case Mail mail -> new MailMedium(relay(mail), new Letters(mail.from(), mail.to()));
    };
  }

  private Post post(@Nullable Path caFile) {
    Executor executor = Executors.newThreadPerTaskExecutor(threads);
    return new HttpPost(trust(caFile), WITHIN, executor);
  }

  private static Relay relay(Mail mail) {
    var account = mail.account();
    return new Relay(
        mail.relay().host(),
        mail.relay().port(),
        switch (mail.relay().security()) {
          case TLS -> Relay.Security.TLS;
          case STARTTLS -> Relay.Security.STARTTLS;
          case NONE -> Relay.Security.NONE;
        },
        trust(mail.caFile()),
        account == null ? null : new Relay.Account(account.user(), secret(account.password())),
        WITHIN);
  }

  private static Secret secret(Hidden hidden) {
    return new Secret(hidden.reveal());
  }

  private static SSLContext trust(@Nullable Path caFile) {
    try {
      return caFile == null ? SSLContext.getDefault() : Trust.only(caFile);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
