package io.daypass.cli.loopback;

import io.daypass.cli.loopback.Loopback.Asked;
import io.daypass.cli.loopback.Loopback.Reply;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where an issuer sends the browser after a sign-in (RFC 8252, 7.3), and the page that the person
 * sees then. Only an answer that carries the state of this sign-in counts; any other changes
 * nothing, so that nobody can end a sign-in who does not know of it.
 */
public final class Redirect implements AutoCloseable {

  private static final String CALLBACK = "/callback";
  private static final String END = "/done";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LONGEST = 8 * 1024;

  private final Loopback server;
  private final String state;
  private final String issuer;
  private final boolean issuerIsNamed;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final CompletableFuture<Arrival> arrival = new CompletableFuture<>();
  private final CompletableFuture<Page> page = new CompletableFuture<>();
  private final CountDownLatch shown = new CountDownLatch(1);

  /** What came back. */
  public sealed interface Arrival {

    /** To be exchanged for tokens, once. */
    record Code(String code) implements Arrival {
      @Override
      public String toString() {
        return "Code[secret]";
      }
    }

    /** The issuer says no; {@code error} is a word of OAuth's. */
    record Denied(String error) implements Arrival {}
  }

  /**
   * Listens until closed.
   *
   * @param issuerIsNamed whether the issuer says that it names itself in its answers (RFC 9207)
   */
  public Redirect(String state, String issuer, boolean issuerIsNamed) throws IOException {
    this.state = state;
    this.issuer = issuer;
    this.issuerIsNamed = issuerIsNamed;
    this.server = new Loopback(this::answer);
  }

  /** What the issuer is told to send the browser to. */
  public String uri() {
    return server.url(CALLBACK);
  }

  /** Waits for the browser; empty if it did not come within {@code patience}. */
  public Optional<Arrival> await(Duration patience) throws InterruptedException {
    try {
      return Optional.of(arrival.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing fails there", e);
    }
  }

  /** Shows the end in the browser that came, and waits a moment for it to be fetched. */
  public void show(String title, String text) throws InterruptedException {
    page.complete(new Page(title, text));
    var _ = shown.await(3, TimeUnit.SECONDS);
  }

  private Reply answer(Asked asked) {
    var target = asked.target();
    if (!asked.method().equals("GET") || target.length() > LONGEST) {
      return Reply.text(405, "Nothing is here.");
    }
    if (target.equals(END)) {
      return end();
    }
    if (!target.startsWith(CALLBACK + "?")) {
      return Reply.text(404, "Nothing is here.");
    }
    return fields(target.substring(CALLBACK.length() + 1))
        .filter(fields -> Loopback.same(fields.getOrDefault("state", ""), state))
        .map(this::arrived)
        .orElseGet(() ->
            Page.reply(
                400,
                new Page(
                    "Not this sign-in",
                    "This is not the answer to the sign-in that waits here. Nothing was changed;"
                        + " if you meant to sign in, run daypass login again.")));
  }

  private Reply arrived(Map<String, String> fields) {
    if (!taken.compareAndSet(false, true)) {
      return Page.reply(
          400, new Page("Already used", "This sign-in has been answered. Look at the terminal."));
    }
    arrival.complete(read(fields));
    try {
      page.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // The page at the end says so.
    }
    // Another address, so that the code stays neither in view nor in the browser's history.
    return new Reply(
        303,
        "text/plain; charset=utf-8",
        "",
        Map.of("Location", server.url(END), "Referrer-Policy", "no-referrer"));
  }

  /** What the issuer answered; one that comes from another issuer is a mix-up (RFC 9207, 2.4). */
  private Arrival read(Map<String, String> fields) {
    var from = fields.get("iss");
    if (from == null ? issuerIsNamed : !from.equals(issuer)) {
      return new Arrival.Denied("another_issuer");
    }
    var error = fields.get("error");
    var code = fields.get("code");
    if (error != null || code == null || code.isEmpty()) {
      return new Arrival.Denied(error == null ? "no_code" : word(error));
    }
    return new Arrival.Code(code);
  }

  private static String word(String error) {
    var isWord = !error.isEmpty() && error.length() <= 64 && error.matches("[A-Za-z0-9_.-]+");
    return isWord ? error : "unreadable";
  }

  private Reply end() {
    var last = page.getNow(null);
    if (last == null) {
      return Reply.text(404, "Nothing is here.");
    }
    var shownNow = Page.reply(200, last);
    return new Reply(
        shownNow.status(), shownNow.type(), shownNow.body(), shownNow.headers(), shown::countDown);
  }

  /** The query's fields; empty if one comes twice or cannot be read. */
  private static Optional<Map<String, String>> fields(String query) {
    var fields = new HashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      var cut = pair.indexOf('=');
      if (cut < 0) {
        continue;
      }
      try {
        if (fields.put(decoded(pair.substring(0, cut)), decoded(pair.substring(cut + 1))) != null) {
          return Optional.empty();
        }
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
    return Optional.of(fields);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
