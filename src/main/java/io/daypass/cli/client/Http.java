package io.daypass.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP call after the other, over the JDK's oldest client because it is the quickest to start.
 * It follows no redirect, so that a token goes to nobody but whom it is for; it sends nothing
 * twice.
 */
public final class Http {

  private static final int LIMIT = 32 * 1024 * 1024;

  static {
    // Left alone, the JDK sends a POST again when the connection breaks: a second credential.
    System.setProperty("sun.net.http.retryPost", "false");
    // And it keeps connections that it was told to close, unless the server says so too.
    System.setProperty("http.keepAlive", "false");
  }

  private Http() {}

  /** An answer, whatever its status. */
  public record Reply(int status, String body, Map<String, String> headers) {

    public Reply {
      headers = Map.copyOf(headers);
    }

    /** A header by its lower-case name. */
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    @Override
    public String toString() {
      return "Reply[" + status + "]";
    }
  }

  /** How long an answer is waited for. */
  public enum Patience {
    /** The broker gives a cloud 8 s, and itself a few more. */
    ENOUGH(5_000, 30_000),
    /** For what is worth little waiting, because one can go on without it. */
    BRIEF(1_500, 2_500);

    private final int connectMillis;
    private final int readMillis;

    Patience(int connectMillis, int readMillis) {
      this.connectMillis = connectMillis;
      this.readMillis = readMillis;
    }
  }

  /** No answer came; {@code getMessage} is ours: lower case, without an address. */
  public static final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreachableException(String why, @Nullable Throwable cause) {
      super(why, cause);
    }

    public String why() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Sends one request and waits for its answer.
   *
   * @param body sent as it is; null sends none
   */
  public static Reply send(
      String method, URI url, Map<String, String> headers, @Nullable String body)
      throws UnreachableException {
    return send(method, url, headers, body, Patience.ENOUGH);
  }

  static Reply send(
      String method, URI url, Map<String, String> headers, @Nullable String body, Patience patience)
      throws UnreachableException {
    try {
      var connection = (HttpURLConnection) url.toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(patience.connectMillis);
      connection.setReadTimeout(patience.readMillis);
      connection.setRequestProperty("Connection", "close");
      connection.setRequestProperty("User-Agent", "daypass");
      headers.forEach(connection::setRequestProperty);
      if (body != null) {
        connection.setDoOutput(true);
        try (var out = connection.getOutputStream()) {
          out.write(body.getBytes(StandardCharsets.UTF_8));
        }
      }
      return reply(connection);
    } catch (IOException e) {
      throw new UnreachableException(why(e), e);
    }
  }

  private static Reply reply(HttpURLConnection connection) throws IOException {
    var status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("not HTTP");
    }
    var stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    try (var in = stream == null ? InputStream.nullInputStream() : stream) {
      var bytes = in.readNBytes(LIMIT);
      var headers = new HashMap<String, String>();
      connection
          .getHeaderFields()
          .forEach((name, values) -> {
            if (name != null) {
              headers.put(name.toLowerCase(Locale.ROOT), values.getLast());
            }
          });
      return new Reply(status, new String(bytes, StandardCharsets.UTF_8), headers);
    }
  }

  private static String why(IOException e) {
    return switch (e) {
      case UnknownHostException _ -> "its name is not known here";
      case SocketTimeoutException _ -> "it did not answer in time";
      case ConnectException _ -> "nothing answers there";
      case SSLException _ -> "its TLS certificate or version is not accepted";
      default -> "the connection broke";
    };
  }
}
