package io.daypass.cloud;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.daypass.log.Logs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.LoggerFactory;

/** All that anybody logs while this is open, at every level that the broker lets them have. */
public final class Overheard implements AutoCloseable {

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final Level before = root.getLevel();

  public Overheard() {
    // Others go on logging while it is read.
    events.list = Collections.synchronizedList(new ArrayList<>());
    events.start();
    root.setLevel(Level.TRACE);
    Logs.mute(root.getLoggerContext());
    root.addAppender(events);
  }

  /** What the clouds' adapters said. */
  public List<ILoggingEvent> ofTheClouds() {
    return List.copyOf(events.list).stream()
        .filter(event -> event.getLoggerName().startsWith("io.daypass.cloud"))
        .toList();
  }

  /** Everything, one text each. */
  public List<String> texts() {
    return List.copyOf(events.list).stream()
        .map(event -> event.getFormattedMessage() + event.getKeyValuePairs())
        .toList();
  }

  @Override
  public void close() {
    root.detachAppender(events);
    root.setLevel(before);
  }
}
