package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.app.Readying.Failure;
import io.daypass.cloud.Overheard;
import io.daypass.issuer.WrongMasterKeys;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadyingTest {

  private final List<String> done = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final Overheard log = new Overheard();

  @AfterEach
  void close() {
    log.close();
  }

  private void ready(Readying.Step preparation, Runnable warmUp, Runnable upkeep) {
    new Readying(preparation, warmUp, upkeep, failures::add).run();
  }

  private static Runnable failing(Error error) {
    return () -> {
      throw error;
    };
  }

  private void logged(String event) {
    assertThat(log.texts()).anySatisfy(text -> assertThat(text).startsWith(event));
  }

  @Test
  void one_thing_is_done_after_the_other() {
    ready(() -> done.add("prepared"), () -> done.add("warm"), () -> done.add("looked after"));
    assertThat(done).containsExactly("prepared", "warm", "looked after");
    assertThat(failures).isEmpty();
  }

  @Test
  void a_first_mint_that_will_be_slow_keeps_no_replica_from_its_work() {
    for (var error : List.of(new NoClassDefFoundError("gone"), new StackOverflowError())) {
      ready(() -> {}, failing(error), () -> done.add("looked after"));
    }
    assertThat(done).containsExactly("looked after", "looked after");
    assertThat(failures).isEmpty();
    logged("broker.not_warmed_up");
  }

  @Test
  void a_preparation_that_breaks_off_ends_the_process_and_says_so() {
    ready(() -> failing(new StackOverflowError()).run(), () -> {}, () -> done.add("looked after"));
    assertThat(failures).containsExactly(Failure.BROKEN_OFF);
    assertThat(done).isEmpty();
    logged("broker.broken_off");
  }

  @Test
  void an_upkeep_that_cannot_begin_ends_the_process_and_says_so() {
    ready(() -> {}, () -> {}, failing(new NoClassDefFoundError("gone")));
    assertThat(failures).containsExactly(Failure.BROKEN_OFF);
    logged("broker.broken_off");
  }

  @Test
  void a_wrong_master_key_ends_it_with_words_of_its_own() {
    ready(
        () -> {
          throw WrongMasterKeys.found();
        },
        () -> {},
        () -> done.add("looked after"));
    assertThat(failures).containsExactly(Failure.WRONG_MASTER_KEY);
    assertThat(done).isEmpty();
    logged("broker.wrong_master_key");
  }

  @Test
  void whoever_is_told_to_stop_meanwhile_stops() {
    ready(
        () -> {
          throw new InterruptedException();
        },
        () -> {},
        () -> done.add("looked after"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failures).isEmpty();
    assertThat(done).isEmpty();
  }
}
