package io.daypass.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import io.daypass.document.Problem;
import io.daypass.policy.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class WatchedPoliciesTest {

  private static final String RULE = "- { name: %s, who: '\"e\" in groups', approval: automatic }";

  @TempDir Path temporary;
  private final List<Policies> announced = new ArrayList<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Directory directory;
  private Policies first;
  private WatchedPolicies watched;

  @BeforeEach
  void open() {
    directory = new Directory(temporary).withRules(RULE.formatted("one"));
    first = directory.policies();
    watched = new WatchedPolicies(temporary, Directory.STAFF, first, announced::add);
    watched.tell();
    announced.clear();
    log.start();
    logger().setLevel(Level.TRACE);
    logger().addAppender(log);
  }

  @AfterEach
  void close() {
    logger().detachAppender(log);
    logger().setLevel(null);
    watched.close();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(WatchedPolicies.class);
  }

  @Test
  void what_has_not_changed_is_not_announced() {
    watched.look();
    watched.look();
    assertThat(watched.reload()).isTrue();
    assertThat(watched.get()).isSameAs(first);
    assertThat(announced).isEmpty();
    assertThat(log.list).isEmpty();
  }

  @Test
  void a_change_comes_into_force_and_is_announced() {
    directory.withRules(RULE.formatted("two"));
    watched.look();
    assertThat(watched.get().role("r").orElseThrow().rule("two")).isPresent();
    assertThat(announced).containsExactly(watched.get());
    assertThat(log.list).extracting(ILoggingEvent::getMessage).containsExactly("policies.loaded");
    assertThat(watched.lastReloadFailed()).isFalse();
  }

  @Test
  void what_cannot_be_looked_at_beside_the_files_hides_no_change() throws IOException {
    // As the lost+found of a volume would, this ended the look at everything else.
    Files.createSymbolicLink(temporary.resolve("circle"), temporary);
    watched.look();
    directory.withRules(RULE.formatted("two"));
    watched.look();
    assertThat(watched.get().role("r").orElseThrow().rule("two")).isPresent();
  }

  @Test
  void f42_a_bad_change_keeps_the_last_good_set_and_says_so_loudly() {
    directory.withRules("- { name: x }\n- { nam: y }");
    watched.look();
    assertThat(watched.get()).isSameAs(first);
    assertThat(watched.lastReloadFailed()).isTrue();
    assertThat(watched.refusedFor()).hasSizeGreaterThan(2);
    assertThat(log.list)
        .hasSameSizeAs(watched.refusedFor())
        .allSatisfy(event -> {
          assertThat(event.getMessage()).isEqualTo("policies.refused");
          assertThat(event.getLevel()).isEqualTo(Level.ERROR);
          assertThat(event.getKeyValuePairs())
              .extracting(pair -> pair.key)
              .containsExactly("code", "place", "problem", "in_force");
        });
    assertThat(announced).isEmpty();
  }

  @Test
  void f42_every_problem_is_named_again_when_it_is_asked_for_again() {
    directory.withRules("- { name: x }");
    assertThat(watched.reload()).isFalse();
    assertThat(watched.reload()).isFalse();
    assertThat(watched.refusedFor())
        .extracting(Problem::code)
        .contains("rule_for_nobody", "missing_key");
    assertThat(log.list).hasSize(2 * watched.refusedFor().size());
  }

  @Test
  void a_bad_set_that_does_not_change_is_reported_once() {
    directory.withRules("- { name: x }");
    watched.look();
    var reported = log.list.size();
    watched.look();
    assertThat(log.list).hasSize(reported);
  }

  @Test
  void going_back_to_the_last_good_set_clears_the_failure() {
    directory.withRules("- { name: x }");
    watched.look();
    directory.withRules(RULE.formatted("one"));
    watched.look();
    assertThat(watched.lastReloadFailed()).isFalse();
    assertThat(watched.get()).isSameAs(first);
  }

  @Test
  void policies_that_vanish_stay_in_force() throws IOException {
    Files.delete(temporary.resolve("r.yaml"));
    watched.look();
    assertThat(watched.get()).isSameAs(first);
    assertThat(watched.refusedFor()).extracting(Problem::code).containsExactly("no_policies");
    Files.delete(temporary);
    watched.look();
    assertThat(watched.refusedFor())
        .extracting(Problem::code)
        .containsExactly("directory_unreadable");
  }

  @Test
  void a_swapped_link_is_a_change() throws IOException {
    var mount = new Directory(Files.createDirectory(temporary.resolve("mount")));
    mount.with("..1/r.yaml", Directory.role(RULE.formatted("one")));
    mount.with("..2/r.yaml", Directory.role(RULE.formatted("two")));
    var data = mount.path().resolve("..data");
    Files.createSymbolicLink(data, Path.of("..1"));
    Files.createSymbolicLink(mount.path().resolve("r.yaml"), Path.of("..data/r.yaml"));
    try (var mounted =
        new WatchedPolicies(mount.path(), Directory.STAFF, mount.policies(), announced::add)) {
      mounted.look();
      Files.delete(data);
      Files.createSymbolicLink(data, Path.of("..2"));
      mounted.look();
      assertThat(mounted.get().role("r").orElseThrow().rule("two")).isPresent();
    }
  }

  @Test
  void the_first_set_is_announced_when_it_is_asked_for_and_once() {
    watched.tell();
    assertThat(announced).isEmpty();
    try (var unasked = new WatchedPolicies(temporary, Directory.STAFF, first, announced::add)) {
      directory.withRules(RULE.formatted("two"));
      unasked.look();
      unasked.look();
      assertThat(announced).as("before anybody can write it down").isEmpty();
      unasked.tell();
      unasked.tell();
      unasked.look();
      assertThat(announced).containsExactly(unasked.get());
    }
  }

  @Test
  void a_listener_that_fails_holds_up_no_policies_and_is_told_again_until_it_takes_them() {
    var away = new AtomicBoolean();
    try (var failing =
        new WatchedPolicies(
            temporary,
            Directory.STAFF,
            first,
            policies -> {
              if (away.get()) {
                throw new IllegalStateException("no database");
              }
              announced.add(policies);
            })) {
      failing.tell();
      away.set(true);
      directory.withRules(RULE.formatted("two"));
      failing.look();
      failing.look();
      assertThat(failing.get()).isNotSameAs(first);
      assertThat(announced).containsExactly(first);
      assertThat(log.list)
          .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
          .extracting(ILoggingEvent::getMessage)
          .containsExactly("policies.loaded", "policies.unnoticed");
      away.set(false);
      failing.look();
      failing.look();
      assertThat(announced).containsExactly(first, failing.get());
    }
  }

  @Test
  void the_timer_looks_by_itself() throws InterruptedException {
    var changed = new CountDownLatch(2);
    try (var timed =
        new WatchedPolicies(temporary, Directory.STAFF, first, _ -> changed.countDown())) {
      timed.tell();
      directory.withRules(RULE.formatted("two"));
      timed.start(Duration.ofMillis(20));
      assertThat(changed.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  /** Breaks the thread that logs {@code event}, once. */
  private static AppenderBase<ILoggingEvent> breaksOnceAt(String event) {
    var broken = new AtomicBoolean();
    var breaks =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent logged) {
            if (logged.getMessage().equals(event) && broken.compareAndSet(false, true)) {
              throw new NoClassDefFoundError("gone");
            }
          }
        };
    breaks.start();
    return breaks;
  }

  @Test
  void f34_a_look_that_breaks_off_is_told_and_comes_again() {
    var breaks = breaksOnceAt("policies.loaded");
    logger().addAppender(breaks);
    try {
      directory.withRules(RULE.formatted("two"));
      watched.look();
      assertThat(watched.lastReloadFailed()).isTrue();
      assertThat(log.list).extracting(ILoggingEvent::getMessage).contains("policies.watch_failed");
      watched.look();
      assertThat(watched.lastReloadFailed()).isFalse();
      watched.look();
      assertThat(announced).containsExactly(watched.get());
    } finally {
      logger().detachAppender(breaks);
    }
  }

  @Test
  void f34_an_error_does_not_end_the_timer() throws InterruptedException {
    var again = new CountDownLatch(1);
    var told = new AtomicInteger();
    try (var timed =
        new WatchedPolicies(
            temporary,
            Directory.STAFF,
            first,
            _ -> {
              switch (told.getAndIncrement()) {
                case 0 -> {}
                case 1 -> throw new StackOverflowError();
                default -> again.countDown();
              }
            })) {
      timed.tell();
      directory.withRules(RULE.formatted("two"));
      timed.start(Duration.ofMillis(20));
      assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
