package io.daypass.cli.loopback;

import io.daypass.cli.loopback.Loopback.Asked;
import io.daypass.cli.loopback.Loopback.Reply;
import io.daypass.cloud.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leads a browser to a secret address without that address standing in a process list or a shell's
 * history: the browser is started with a plain address of this machine, which answers one redirect,
 * once, to a program of this person.
 */
public final class OneTimeLink implements AutoCloseable {

  private static final String HELD =
      "This link has been used. Run the command again for another one.";

  private final Loopback server;
  private final String path;
  private final Secret target;
  private final Whose whose;
  private final AtomicBoolean given = new AtomicBoolean();
  private final CountDownLatch taken = new CountDownLatch(1);

  /** Says whose program is at the other end of a connection within this machine. */
  @FunctionalInterface
  interface Whose {
    boolean isOurs(int itsPort, int ourPort);
  }

  /**
   * Serves {@code target} until closed.
   *
   * @param unguessable random text fit for a path, new each time
   */
  OneTimeLink(Secret target, String unguessable, Whose whose) throws IOException {
    this.target = target;
    this.path = "/" + unguessable;
    this.whose = whose;
    this.server = new Loopback(this::answer);
  }

  /**
   * Serves {@code target} until closed, to programs of whoever runs this, as far as this system
   * tells.
   *
   * @param unguessable random text fit for a path, new each time
   */
  public static OneTimeLink of(Secret target, String unguessable) throws IOException {
    return new OneTimeLink(target, unguessable, new Peers()::isOurs);
  }

  /** What to start the browser with. */
  public URI url() {
    return URI.create(server.url(path));
  }

  /** Waits until the browser came; false if it did not within {@code patience}. */
  public boolean awaitTaken(Duration patience) throws InterruptedException {
    return taken.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Reply answer(Asked asked) {
    if (!Loopback.same(asked.target(), path)) {
      return Reply.text(404, "Nothing is here.");
    }
    if (!asked.method().equals("GET")) {
      return Reply.text(405, "Open this in a browser.");
    }
    // A browser says so when a page leads here instead of the person (Fetch Metadata, 2.2).
    var site = asked.header("Sec-Fetch-Site");
    if (!whose.isOurs(asked.port(), url().getPort()) || !(site.isEmpty() || site.equals("none"))) {
      return Reply.text(403, "This link is for somebody else.");
    }
    if (!given.compareAndSet(false, true)) {
      return Reply.text(410, HELD);
    }
    return new Reply(
        302,
        "text/plain; charset=utf-8",
        "",
        Map.of("Location", target.reveal(), "Referrer-Policy", "no-referrer"),
        taken::countDown);
  }

  @Override
  public void close() {
    server.close();
  }
}
