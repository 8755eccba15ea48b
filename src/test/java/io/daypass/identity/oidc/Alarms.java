package io.daypass.identity.oidc;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the keys of issuers log while it is open. */
final class Alarms implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger(IssuerKeys.class);
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  Alarms() {
    // Others go on logging while it is read.
    appender.list = Collections.synchronizedList(new ArrayList<>());
    appender.start();
    // Tests are silent unless somebody listens.
    logger.setLevel(Level.TRACE);
    logger.addAppender(appender);
  }

  List<String> events() {
    return List.copyOf(appender.list).stream().map(ILoggingEvent::getMessage).toList();
  }

  List<String> details() {
    return List.copyOf(appender.list).stream()
        .map(event -> String.valueOf(event.getKeyValuePairs()))
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(null);
  }
}
