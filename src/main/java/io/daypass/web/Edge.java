package io.daypass.web;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a parsed head to an answer: shape, route, body, and then the handler in its lane. */
final class Edge implements Handler<HttpServerRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

  private final Vertx vertx;
  private final Connections connections;
  private final Parts parts;
  private final Table table;

  Edge(Vertx vertx, Connections connections, Parts parts) {
    this.vertx = vertx;
    this.connections = connections;
    this.parts = parts;
    this.table = new Table(parts.face().routes());
  }

  /** What all edges of a server share. */
  record Parts(Face face, Surroundings around, Lanes lanes, Capacity capacity) {}

  /** What was found for a request, on its way to the handler. */
  private record Errand(
      Exchange exchange, Route route, Map<String, String> path, Query.Read query) {}

  @Override
  public void handle(HttpServerRequest request) {
    if (connections.isCondemned(request.connection())) {
      return;
    }
    connections.headRead(request);
    // Who went away gets no answer; whoever still waits for the body must not wait for it.
    request.exceptionHandler(_ -> {});
    var exchange = new Exchange(vertx, request, connections, parts);
    var broken = Head.broken(request, parts.face().limits());
    if (broken.isPresent()) {
      exchange.closing().refuse(broken.get());
      return;
    }
    var found = table.find(path(request.uri()));
    if (found.isEmpty()) {
      exchange
          .strayed()
          .closing()
          .refuse(Problem.of(Code.NOT_FOUND, "there is nothing here", "see /openapi.yaml"));
      return;
    }
    var route = found.get().methods().get(request.method().name());
    if (route == null) {
      exchange.strayed().unread().answer(wrongMethod(exchange, found.get()));
      return;
    }
    exchange.matched(route);
    var query = request.query() == null ? "" : request.query();
    switch (Query.of(query, route.known())) {
      case Query.Refused(var problem) -> exchange.unread().refuse(problem);
      case Query.Read read -> body(new Errand(exchange, route, found.get().values(), read));
    }
  }

  // Head has seen that the target begins with a path; nothing is normalised on the way.
  private static String path(String target) {
    var query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** What the HTTP parser could not make sense of. */
  void unreadable(HttpServerRequest request) {
    if (connections.isCondemned(request.connection())) {
      return;
    }
    connections.headRead(request);
    new Exchange(vertx, request, connections, parts)
        .closing()
        .refuse(Head.unreadable(request, parts.face().limits()));
  }

  private static Answer wrongMethod(Exchange exchange, Table.Found found) {
    var allowed = String.join(", ", new TreeSet<>(found.methods().keySet()));
    var problem =
        Problem.of(Code.METHOD_NOT_ALLOWED, "the path takes " + allowed, "see /openapi.yaml");
    return exchange.refused(problem).header("Allow", allowed);
  }

  private void body(Errand errand) {
    var request = errand.exchange().request();
    var length = Head.length(request);
    if (length == 0) {
      connections.bodyRead(request);
      dispatch(errand, "");
      return;
    }
    var wrong = ContentType.wrong(errand.route().body(), request.headers().getAll("content-type"));
    if (wrong.isPresent()) {
      errand.exchange().closing().refuse(wrong.get());
      return;
    }
    if (!connections.hasRoom(request)) {
      errand.exchange().closing().refuse(full());
      return;
    }
    if (Head.expectsContinue(request)) {
      request.response().writeContinue();
    }
    request.body().onSuccess(buffer -> read(errand, buffer));
  }

  private void read(Errand errand, Buffer buffer) {
    connections.bodyRead(errand.exchange().request());
    String text;
    try {
      // Strict: broken UTF-8 is refused, not mended.
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(java.nio.ByteBuffer.wrap(buffer.getBytes()))
              .toString();
    } catch (CharacterCodingException _) {
      errand
          .exchange()
          .refuse(Problem.of(Code.BAD_REQUEST, "the body is not UTF-8", "encode it as UTF-8"));
      return;
    }
    dispatch(errand, text);
  }

  private void dispatch(Errand errand, String body) {
    var exchange = errand.exchange();
    var route = errand.route();
    var gate = route.gate();
    var call = call(errand, body);
    switch (route.lane()) {
      case MEMORY ->
          exchange.answer(
              handled(route, call, () -> route.handler().handle(call), Function.identity()));
      case OPERATIONS -> work(errand, call);
      case URGENT, WORK -> {
        if (parts.lanes().isDraining()) {
          exchange.closing().refuse(stopping());
        } else if (route.lane() == Route.Lane.URGENT && gate != null) {
          enter(errand, call, gate);
        } else {
          work(errand, call);
        }
      }
    }
  }

  private void enter(Errand errand, Call call, Passage.Gate gate) {
    pass(errand, call, parts.lanes().entries(), () -> gate.of(call));
  }

  /** One step after the other, each in a place of its own: none is held while another is had. */
  private void pass(Errand errand, Call call, OffLoop places, Supplier<Passage> step) {
    run(places, errand, call, step, Passage.Out::new)
        .ifPresent(passed ->
            passed.onSuccess(passage -> {
              switch (passage) {
                case Passage.Out(var answer) -> errand.exchange().answer(answer);
                case Passage.Unknown(var look) ->
                    pass(errand, call, parts.lanes().of(Route.Lane.WORK), look);
                case Passage.In(var work) ->
                    finish(errand, call, parts.lanes().of(Route.Lane.URGENT), work);
              }
            }));
  }

  private void work(Errand errand, Call call) {
    var route = errand.route();
    finish(errand, call, parts.lanes().of(route.lane()), () -> route.handler().handle(call));
  }

  private void finish(Errand errand, Call call, OffLoop places, Supplier<Answer> work) {
    run(places, errand, call, work, Function.identity())
        .ifPresent(
            answer -> answer(errand.exchange(), errand.route().deadline(), call.waiter(), answer));
  }

  /** What {@code work} comes to; empty if it has no place, which is told then. */
  private <T> Optional<Future<T>> run(
      OffLoop places, Errand errand, Call call, Supplier<T> work, Function<Answer, T> fault) {
    var begun = places.run(vertx, call.peer(), () -> handled(errand.route(), call, work, fault));
    if (begun.isEmpty()) {
      errand.exchange().refuse(parts.lanes().isDraining() ? stopping() : overloaded());
    }
    return begun;
  }

  /** Answers when the work is done, or when the client waits no longer, whichever comes first. */
  private void answer(
      Exchange exchange, Route.@Nullable Deadline deadline, Waiter waiter, Future<Answer> answer) {
    if (deadline != null) {
      var timer =
          vertx.setTimer(
              deadline.atMost().toMillis(), _ -> exchange.answer(waiter.leaves(deadline.late())));
      answer.onComplete(_ -> vertx.cancelTimer(timer));
    }
    answer
        .onSuccess(given -> exchange.answer(given).onComplete(_ -> waiter.served()))
        .onFailure(_ -> waiter.served());
  }

  /** What {@code work} comes to, or what a caller is told of its exception: never its message. */
  private <T> T handled(Route route, Call call, Supplier<T> work, Function<Answer, T> fault) {
    try {
      return work.get();
    } catch (Throwable e) {
      var problem = parts.face().faults().apply(e).incident(call.trace());
      LOG.atError()
          .addKeyValue("route", route.template())
          .addKeyValue("code", problem.code().text())
          .addKeyValue("trace", call.trace())
          .setCause(e)
          .log("http.fault");
      return fault.apply(route.refusal().apply(problem));
    }
  }

  private Call call(Errand errand, String body) {
    var request = errand.exchange().request();
    var headers = new HashMap<String, List<String>>();
    for (var header : request.headers()) {
      headers
          .computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(header.getValue());
    }
    var connected = Connections.host(request.connection());
    return new Call(
        errand.route().method(),
        errand.route().template(),
        errand.path(),
        errand.query().values(),
        headers,
        body,
        parts.face().peers().caller(connected, headers.getOrDefault("x-forwarded-for", List.of())),
        errand.exchange().trace());
  }

  private static Problem overloaded() {
    return Problem.of(Code.OVERLOADED, "too much is being worked on", "try again in a moment")
        .after(Duration.ofSeconds(1));
  }

  private static Problem full() {
    return Problem.of(Code.OVERLOADED, "too much is being sent", "try again in a moment")
        .after(Duration.ofSeconds(1));
  }

  private static Problem stopping() {
    return Problem.of(Code.SHUTTING_DOWN, "this replica is stopping", "try again: another answers")
        .after(Duration.ofSeconds(1));
  }
}
