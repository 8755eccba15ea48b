package io.daypass.web;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening HTTP server: parses on event loops, works on virtual threads, answers on the event
 * loop. Starting and draining block the caller.
 */
public final class Server {

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration START = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final String deployment;
  private final Lanes lanes;
  private final int port;

  private Server(Vertx vertx, String deployment, Lanes lanes, int port) {
    this.vertx = vertx;
    this.deployment = deployment;
    this.lanes = lanes;
    this.port = port;
  }

  /**
   * Where to listen.
   *
   * @param port 0 for any that is free
   * @param loops on how many event loops
   */
  public record Place(String host, int port, int loops) {}

  /** The address cannot be listened on. */
  public static final class ListenException extends Exception {
    private static final long serialVersionUID = 1L;

    ListenException(Throwable cause) {
      super("the address cannot be listened on", cause);
    }
  }

  /** Returns once the port is open. */
  public static Server start(Vertx vertx, Place place, Face face, Surroundings around)
      throws ListenException {
    var lanes = new Lanes(face.limits(), around.threads(), around.urgentThreads());
    var capacity = new Capacity(face.limits(), face.peers());
    var port = new AtomicInteger(place.port());
    try {
      // Instances listen on one port and share its connections; with port 0 the first one picks it.
      var options = new DeploymentOptions().setInstances(place.loops());
      var deployed =
          vertx.deployVerticle(
              () -> new Listener(place, port, face, new Edge.Parts(face, around, lanes, capacity)),
              options);
      var deployment = wait(deployed, START);
      LOG.atInfo()
          .addKeyValue("host", place.host())
          .addKeyValue("port", port.get())
          .log("http.listening");
      return new Server(vertx, deployment, lanes, port.get());
    } catch (ExecutionException | TimeoutException e) {
      throw new ListenException(e);
    }
  }

  public int port() {
    return port;
  }

  /** Whether it has been told to stop; readiness says so to load balancers. */
  public boolean isDraining() {
    return lanes.isDraining();
  }

  /**
   * Stops: no new work begins, what is in flight is finished, health and public documents are
   * answered to the last; then the port is closed.
   *
   * @return false if something was still in flight when the time was over
   */
  public boolean drain(Duration atMost) {
    LOG.atInfo().log("http.draining");
    var finished = lanes.drain(atMost);
    try {
      wait(vertx.undeploy(deployment), CLOSE.plusSeconds(1));
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn().setCause(e).log("http.close_failed");
    }
    LOG.atInfo().addKeyValue("finished", finished).log("http.closed");
    return finished;
  }

  private static <T> T wait(Future<T> future, Duration atMost)
      throws ExecutionException, TimeoutException {
    var stage = future.toCompletionStage().toCompletableFuture();
    try {
      return stage.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }
}
