package io.daypass.app;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import org.slf4j.LoggerFactory;

/**
 * The service's event loops: on Linux with netty's own epoll, whose library waits and wakes for
 * less than the JDK's selectors, if that library loads (it is unpacked in {@code java.io.tmpdir}).
 * Where it does not, the JDK's serve, and that is told.
 */
final class EventLoops {

  /** So many, and no more: they parse and hand on. */
  static final int COUNT = 2;

  private EventLoops() {}

  static Vertx start() {
    return told(Vertx.vertx(options().setPreferNativeTransport(true)));
  }

  static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(COUNT)
        .setWorkerPoolSize(2)
        .setInternalBlockingPoolSize(2)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  static Vertx told(Vertx vertx) {
    if (!vertx.isNativeTransportEnabled()) {
      LoggerFactory.getLogger(EventLoops.class)
          .atInfo()
          .addKeyValue("failure", String.valueOf(vertx.unavailableNativeTransportCause()))
          .log("http.epoll_unavailable");
    }
    return vertx;
  }
}
