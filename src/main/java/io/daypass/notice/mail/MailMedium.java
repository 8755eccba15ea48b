package io.daypass.notice.mail;

import io.daypass.notice.Medium;
import io.daypass.notice.Message;
import io.daypass.notice.NotDelivered;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import java.net.SocketTimeoutException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Mail to a few addresses, over one relay. Plain text, in UTF-8; a link in it only opens the page.
 */
public final class MailMedium implements Medium {

  private final Relay relay;
  private final Letters letters;

  public MailMedium(Relay relay, Letters letters) {
    this.relay = relay;
    this.letters = letters;
  }

  @Override
  public void deliver(Message message) throws NotDelivered {
    var session = Session.getInstance(relay.properties());
    within(() -> {
      var letter = letters.of(message, session);
      try (var transport = session.getTransport()) {
        transport.connect(relay.host(), relay.port(), relay.user(), relay.password());
        transport.sendMessage(letter, letter.getAllRecipients());
      }
      return null;
    });
  }

  // The library bounds each read and write, and not the whole: a relay that drips would hold us
  // for ever. A virtual thread that is interrupted closes the socket it waits on.
  private void within(Callable<?> sending) throws NotDelivered {
    var task = new FutureTask<>(sending);
    var thread = Thread.ofVirtual().name("mail").start(task);
    try {
      task.get(relay.within().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new NotDelivered("timeout", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw new NotDelivered("stopping", e);
    }
  }

  private static NotDelivered failure(@Nullable Throwable cause) {
    return switch (cause) {
      case AuthenticationFailedException e -> new NotDelivered("mail_sign_in_refused", e);
      case SendFailedException e -> new NotDelivered("mail_refused", e);
      case MessagingException e when e.getNextException() instanceof SocketTimeoutException ->
          new NotDelivered("timeout", e);
      case MessagingException e when e.getNextException() instanceof SSLException ->
          new NotDelivered("tls_not_accepted", e);
      case MessagingException e -> new NotDelivered("no_answer", e);
      case null, default -> new NotDelivered("fault", cause);
    };
  }
}
