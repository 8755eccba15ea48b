package io.daypass.web;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One HTTP server instance on one event loop. */
final class Listener extends VerticleBase {

  private final Server.Place place;
  private final AtomicInteger port;
  private final Face face;
  private final Edge.Parts parts;
  private @Nullable HttpServer server;

  Listener(Server.Place place, AtomicInteger port, Face face, Edge.Parts parts) {
    this.place = place;
    this.port = port;
    this.face = face;
    this.parts = parts;
  }

  @Override
  public Future<?> start() {
    var connections = new Connections(vertx, face.limits(), parts.capacity(), place.loops());
    var edge = new Edge(vertx, connections, parts);
    var http = vertx.createHttpServer(options());
    server = http;
    return http.connectionHandler(connections::opened)
        .requestHandler(edge)
        .invalidRequestHandler(edge::unreadable)
        // A client that breaks off is no news.
        .exceptionHandler(_ -> {})
        .listen(place.port() == 0 ? sharedPort() : place.port(), place.host())
        .onSuccess(listening -> port.set(listening.actualPort()));
  }

  // Vert.x takes a negative port for "a random one, the same for all instances of a deployment".
  private static int sharedPort() {
    return -1;
  }

  @Override
  public Future<?> stop() {
    var http = server;
    return http == null ? Future.succeededFuture() : http.shutdown(2, TimeUnit.SECONDS);
  }

  private HttpServerOptions options() {
    var limits = face.limits();
    return new HttpServerOptions()
        .setMaxInitialLineLength(limits.uriBytes())
        .setMaxHeaderSize(limits.headerBytes())
        // One protocol, one parser: clear-text HTTP/2 has no client here.
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(false)
        .setCompressionSupported(false)
        .setDecompressionSupported(false)
        .setAcceptBacklog(1024)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        // A client that does not read its answer; what it does not send has deadlines of its own.
        .setWriteIdleTimeout(0)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) limits.idle().plus(limits.bodyWithin()).toMillis());
  }
}
