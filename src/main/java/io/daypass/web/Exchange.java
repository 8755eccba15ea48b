package io.daypass.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer, on the event loop: answered once, counted, logged. */
final class Exchange {

  private static final Logger LOG = LoggerFactory.getLogger("io.daypass.web.access");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final long LINGER_MILLIS = 500;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Connections connections;
  private final Metrics metrics;
  private final Function<Problem, Answer> strays;
  private final Surroundings around;
  private final String trace;
  private final long began;
  private String route = "unmatched";
  private Function<Problem, Answer> refusal = Problem::answer;
  private boolean closing;
  private boolean answered;

  Exchange(Vertx vertx, HttpServerRequest request, Connections connections, Edge.Parts parts) {
    this.vertx = vertx;
    this.request = request;
    this.connections = connections;
    this.metrics = parts.face().metrics();
    this.strays = parts.face().strays();
    this.around = parts.around();
    this.trace = around.traces().get();
    this.began = around.nanos().getAsLong();
  }

  HttpServerRequest request() {
    return request;
  }

  String trace() {
    return trace;
  }

  void matched(Route found) {
    route = found.template();
    refusal = found.refusal();
  }

  /** There is no route: a browser is told so in its own way. */
  Exchange strayed() {
    var accepts = request.getHeader("accept");
    if (accepts != null && accepts.contains("text/html")) {
      refusal = strays;
    }
    return this;
  }

  /** The connection ends with this answer if a body is on its way that nobody will read. */
  Exchange unread() {
    return Head.length(request) > 0 ? closing() : this;
  }

  /** The connection ends with this answer. */
  Exchange closing() {
    closing = true;
    return this;
  }

  void refuse(Problem problem) {
    answer(refused(problem));
  }

  Answer refused(Problem problem) {
    return refusal.apply(problem);
  }

  /** When {@code answer} has gone out, or there is nobody to have it. */
  Future<Void> answer(Answer answer) {
    if (answered) {
      return Future.succeededFuture();
    }
    answered = true;
    count(answer);
    var response = request.response();
    if (response.closed() || response.ended()) {
      connections.answered(request);
      return Future.succeededFuture();
    }
    response.setStatusCode(answer.status());
    SecurityHeaders.on(response.headers());
    response.putHeader("Daypass-Trace", trace);
    answer.headers().forEach(response::putHeader);
    if (answer.contentType() != null) {
      response.putHeader("Content-Type", answer.contentType());
    }
    if (closing) {
      connections.condemn(request.connection());
      response.putHeader("Connection", "close");
    }
    var sent = answer.status() == 304 ? response.end() : response.end(answer.body());
    sent.onComplete(_ -> connections.answered(request));
    if (closing) {
      linger();
    }
    return sent;
  }

  /**
   * Closes after a moment in which what still arrives is thrown away: closing at once would reset
   * the connection, and the client might never see the answer (RFC 9112, 9.6).
   */
  private void linger() {
    if (!request.isEnded()) {
      request.handler(_ -> {}).resume();
    }
    vertx.setTimer(LINGER_MILLIS, _ -> request.connection().close());
  }

  private void count(Answer answer) {
    var took = Duration.ofNanos(around.nanos().getAsLong() - began);
    var name = request.method() == null ? "" : request.method().name();
    var method = METHODS.contains(name) ? name : "other";
    metrics.answered(method, route, answer, took);
    LOG.atInfo()
        .addKeyValue("method", method)
        .addKeyValue("route", route)
        .addKeyValue("status", answer.status())
        .addKeyValue("code", answer.code())
        .addKeyValue("micros", took.toNanos() / 1000)
        .addKeyValue("trace", trace)
        .log("http.request");
  }
}
