package io.daypass.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class JsonLinesTest {

  private static final Logger LOG = LoggerFactory.getLogger("io.daypass.test");

  @AfterEach
  void silence() {
    Logs.stop();
  }

  @Test
  void an_event_is_one_object_on_one_line() {
    var line = written("plain", 7);
    assertThat(line).endsWith("}\n");
    var json = new JsonObject(line);
    assertThat(json.getString("event")).isEqualTo("test.happened");
    assertThat(json.getString("value")).isEqualTo("plain");
    assertThat(json.getInteger("count")).isEqualTo(7);
    assertThat(json.getString("level")).isEqualTo("INFO");
    assertThat(json.fieldNames()).contains("at", "logger");
  }

  @Test
  void e2_controls_line_ends_and_bidi_characters_are_escaped() {
    var nasty = "a\nb\r\u0000\u001b[31m\u202e\u2066\u2028\u0085\ud800 \"} {\"event\":\"forged\"\\";
    var line = written(nasty, 1);
    assertThat(line.substring(0, line.length() - 1)).matches("[ -~]*");
    assertThat(new JsonObject(line).getString("value")).isEqualTo(nasty);
    assertThat(new JsonObject(line).getString("event")).isEqualTo("test.happened");
  }

  @Test
  void e1_an_exceptions_words_are_left_out_and_its_class_is_not() {
    var out = new ByteArrayOutputStream();
    Logs.to(out, Logs.Threshold.INFO);
    var cause = new IllegalArgumentException("hunter2 is the cause");
    LOG.atError()
        .addKeyValue("event", "test.failed")
        .setCause(new IllegalStateException("hunter2", cause))
        .log();
    Logs.stop();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .doesNotContain("hunter2")
        .contains("java.lang.IllegalStateException", "java.lang.IllegalArgumentException")
        .contains("JsonLinesTest");
  }

  @Test
  void f39_a_blocked_output_blocks_nobody() throws Exception {
    var release = new CountDownLatch(1);
    var blocked =
        new OutputStream() {
          @Override
          public void write(int b) {
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    Logs.to(blocked, Logs.Threshold.INFO);
    // Far more than the queue holds: if this waited for the output, it would never end.
    for (int i = 0; i < 20_000; i++) {
      LOG.atInfo().addKeyValue("event", "test.flood").log();
    }
    release.countDown();
  }

  @Test
  void nothing_is_written_until_somebody_says_where() {
    assertThat(LOG.isErrorEnabled()).isFalse();
  }

  private static String written(String value, int count) {
    var out = new ByteArrayOutputStream();
    Logs.to(out, Logs.Threshold.INFO);
    LOG.atInfo()
        .addKeyValue("event", "test.happened")
        .addKeyValue("value", value)
        .addKeyValue("count", count)
        .log();
    Logs.stop();
    return out.toString(StandardCharsets.UTF_8);
  }
}
