package io.daypass.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Where events go. Nowhere, until {@link #to} is called: a command on a terminal writes what its
 * user asked for and nothing else.
 */
public final class Logs {

  private static final int QUEUE = 8192;
  private static final int FLUSH_MILLIS = 1000;

  private Logs() {}

  /** From which level on events are written. */
  public enum Threshold {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /**
   * Writes events to {@code out}, on a thread of its own. When {@code out} blocks, events are
   * dropped once the queue is full: nobody ever waits for the log. What must not be lost is in the
   * ledger.
   */
  public static void to(OutputStream out, Threshold threshold) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      throw new IllegalStateException("logback is not on the class path");
    }
    var encoder = new JsonLines();
    encoder.setContext(context);
    encoder.start();
    var lines = new OutputStreamAppender<ILoggingEvent>();
    lines.setContext(context);
    lines.setEncoder(encoder);
    lines.setOutputStream(out);
    lines.start();
    var queue = new AsyncAppender();
    queue.setContext(context);
    queue.setQueueSize(QUEUE);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.setMaxFlushTime(FLUSH_MILLIS);
    queue.addAppender(lines);
    queue.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(queue);
    root.setLevel(Level.WARN);
    mute(context);
    // Libraries speak from warnings on; the broker from the threshold on.
    context
        .getLogger("io.daypass")
        .setLevel(Level.valueOf(threshold.name().toUpperCase(Locale.ROOT)));
  }

  /**
   * Silences, at every level, the libraries that log what was sent to a cloud or what it answered,
   * in full; the broker says itself what became of a mint.
   */
  public static void mute(LoggerContext context) {
    for (var library : List.of("com.azure", "com.microsoft.aad", "org.apache.hc")) {
      context.getLogger(library).setLevel(Level.OFF);
    }
  }

  /** Writes what is queued, for a moment, and then nothing more. */
  public static void stop() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      root.detachAndStopAllAppenders();
      root.setLevel(Level.OFF);
      context.getLogger("io.daypass").setLevel(null);
    }
  }
}
