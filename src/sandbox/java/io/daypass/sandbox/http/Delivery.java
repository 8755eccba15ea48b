package io.daypass.sandbox.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes answers, well or badly. */
final class Delivery {

  private final Vertx vertx;

  Delivery(Vertx vertx) {
    this.vertx = vertx;
  }

  void send(HttpServerResponse response, Reply reply) {
    if (response.closed() || response.ended()) {
      return;
    }
    head(response, reply).end(reply.body());
  }

  /** Sends {@code reply} as {@code fault} would have it; what must not happen did not happen. */
  void send(HttpServerResponse response, Reply reply, Fault fault) {
    switch (fault) {
      case Fault.Refuse _ -> send(response, reply);
      case Fault.Close _ -> response.reset();
      case Fault.Delay(var after) -> later(after, () -> send(response, reply));
      case Fault.Hang _ -> {
        // Nothing, on purpose: the client's own deadline must end this.
      }
      case Fault.Drip(var perByte) -> {
        var body = Buffer.buffer(reply.body());
        head(response, reply).putHeader("Content-Length", String.valueOf(body.length()));
        drip(response, body, 0, perByte);
      }
      case Fault.Cut _ -> cut(response, reply);
      case Fault.Endless _ -> {
        head(response, reply).setChunked(true);
        endless(response);
      }
      case Fault.Rewrite(var by) -> send(response, by.apply(reply));
    }
  }

  private static HttpServerResponse head(HttpServerResponse response, Reply reply) {
    response.setStatusCode(reply.status()).putHeader("Content-Type", reply.contentType());
    // Every real cloud says what time it takes it to be.
    var now = OffsetDateTime.now(ZoneOffset.UTC);
    response.putHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now));
    reply.headers().forEach(response::putHeader);
    return response;
  }

  private void cut(HttpServerResponse response, Reply reply) {
    var body = Buffer.buffer(reply.body());
    head(response, reply).putHeader("Content-Length", String.valueOf(body.length()));
    response.write(body.slice(0, body.length() / 2)).onComplete(_ -> response.reset());
  }

  private void drip(HttpServerResponse response, Buffer body, int at, Duration perByte) {
    if (response.closed()) {
      return;
    }
    if (at == body.length()) {
      response.end();
      return;
    }
    response.write(body.slice(at, at + 1));
    later(perByte, () -> drip(response, body, at + 1, perByte));
  }

  private void endless(HttpServerResponse response) {
    if (response.closed()) {
      return;
    }
    response
        .write(" ".repeat(16_384))
        .onSuccess(_ -> later(Duration.ofMillis(1), () -> endless(response)));
  }

  private void later(Duration after, Runnable action) {
    vertx.setTimer(Math.max(1, after.toMillis()), _ -> action.run());
  }
}
