package io.daypass.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object for each event, on one line, in ASCII: whatever a caller got into a value, it
 * ends no line and turns no text around. Of an exception only its class and where it was thrown are
 * written: messages of libraries may quote what they failed on.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

  private static final Set<String> OWN = Set.of("at", "level", "logger", "event", "error");
  private static final int FRAMES = 12;
  private static final int CAUSES = 5;
  private static final int LONGEST = 2000;

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new StringBuilder(256).append('{');
    member(line, "at", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    member(line.append(','), "level", String.valueOf(event.getLevel()));
    member(line.append(','), "logger", String.valueOf(event.getLoggerName()));
    values(line, event);
    if (event.getThrowableProxy() != null) {
      line.append(",\"error\":[");
      throwable(line, event.getThrowableProxy());
      line.append(']');
    }
    return line.append("}\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void values(StringBuilder line, ILoggingEvent event) {
    var name = event.getFormattedMessage();
    var written = new HashSet<>(OWN);
    var pairs = event.getKeyValuePairs();
    if (pairs != null) {
      for (var pair : pairs) {
        if (pair.key.equals("event")) {
          name = String.valueOf(pair.value);
        } else if (written.add(pair.key)) {
          value(line.append(','), pair.key, pair.value);
        }
      }
    }
    member(line.append(','), "event", name == null ? "" : name);
  }

  private static void value(StringBuilder line, String key, @Nullable Object value) {
    switch (value) {
      case Integer _, Long _, Boolean _ -> {
        text(line, key);
        line.append(':').append(value);
      }
      case null, default -> member(line, key, String.valueOf(value));
    }
  }

  private static void throwable(StringBuilder line, IThrowableProxy thrown) {
    IThrowableProxy cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES; depth++, cause = cause.getCause()) {
      if (depth > 0) {
        line.append(',');
      }
      line.append('{');
      member(line, "class", String.valueOf(cause.getClassName()));
      line.append(",\"at\":[");
      var frames = cause.getStackTraceElementProxyArray();
      for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
        if (i > 0) {
          line.append(',');
        }
        text(line, frames[i].getStackTraceElement().toString());
      }
      line.append("]}");
    }
  }

  private static void member(StringBuilder line, String name, String value) {
    text(line, name);
    line.append(':');
    text(line, value);
  }

  private static void text(StringBuilder line, String text) {
    line.append('"');
    for (int i = 0; i < Math.min(LONGEST, text.length()); i++) {
      var c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) {
        line.append(String.format("\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    line.append('"');
  }
}
