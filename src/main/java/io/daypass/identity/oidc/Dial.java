package io.daypass.identity.oidc;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Calls to issuers: no redirect is followed, no answer is large, and none is waited for long. */
final class Dial {

  static final int LARGEST = 100 * 1024;

  private final HttpClient http;

  /** Over {@code http}, which must follow no redirects. */
  Dial(HttpClient http) {
    this.http = http;
  }

  /** What every call to issuers is made with. */
  static HttpClient client(Duration deadline) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(deadline)
        .build();
  }

  /** A whole answer by {@code end} of {@link System#nanoTime}, or why there is none. */
  Dialled send(HttpRequest request, long end) {
    var exchange = http.sendAsync(request, _ -> new CappedBody(LARGEST));
    try {
      // Bounds the body too, which the request's own timeout does not.
      var response = exchange.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      return answer(response);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      return new Dialled.Unreachable("no whole answer in time");
    } catch (ExecutionException e) {
      return new Dialled.Unreachable(why(e));
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      return new Dialled.Unreachable("the broker is stopping");
    }
  }

  private static String why(ExecutionException e) {
    return switch (e.getCause()) {
      case SSLException _ -> "its TLS certificate or version is not accepted";
      case ConnectException c when c.getCause() instanceof UnresolvedAddressException ->
          "its name is not known here";
      case ConnectException _ -> "nothing answers there";
      case null, default -> "no connection, or one that broke";
    };
  }

  private static Dialled answer(HttpResponse<Optional<byte[]>> response) {
    var status = response.statusCode();
    if (status >= 300 && status < 400) {
      return new Dialled.Senseless("it redirects, which is not followed");
    }
    return response
        .body()
        .<Dialled>map(body ->
            new Dialled.Answered(
                status, response.headers().firstValue("content-type").orElse(""), body))
        .orElseGet(() -> new Dialled.Senseless("the document is over 100 KiB"));
  }

  /** What a call came to. Reasons are fixed texts, fit for a log. */
  sealed interface Dialled {

    /** A whole answer; a class because records compare arrays by identity. */
    final class Answered implements Dialled {
      private final int status;
      private final String contentType;
      private final byte[] body;

      Answered(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
      }

      int status() {
        return status;
      }

      String contentType() {
        return contentType;
      }

      byte[] body() {
        return body;
      }
    }

    /** It answered with what no issuer should. */
    record Senseless(String reason) implements Dialled {}

    /** It did not answer, or not in time. */
    record Unreachable(String reason) implements Dialled {}
  }
}
