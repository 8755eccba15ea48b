package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.daypass.cloud.Overheard;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

class EventLoopsTest {

  private static final String EVENT = "http.epoll_unavailable";

  @Test
  void on_linux_the_loops_use_epoll_and_say_nothing() {
    Needs.circumstance(System.getProperty("os.name").equals("Linux"), "epoll is Linux' own");
    try (var overheard = new Overheard()) {
      var vertx = EventLoops.start();
      try {
        assertThat(vertx.isNativeTransportEnabled()).isTrue();
        assertThat(overheard.texts()).noneMatch(text -> text.startsWith(EVENT));
      } finally {
        vertx.close().await();
      }
    }
  }

  @Test
  void loops_of_the_jdk_are_told_of() {
    try (var overheard = new Overheard()) {
      var vertx = EventLoops.told(Vertx.vertx(EventLoops.options()));
      try {
        assertThat(vertx.isNativeTransportEnabled()).isFalse();
        assertThat(overheard.texts()).anyMatch(text -> text.startsWith(EVENT));
      } finally {
        vertx.close().await();
      }
    }
  }
}
