package io.daypass.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CheckpointsTest {

  private static final String ORIGIN = "daypass.example.com/ledger";

  private Instant now = Instant.parse("2026-11-24T10:00:00Z");
  private final MemoryCheckpoints store = new MemoryCheckpoints(() -> now);
  private final Checkpoints checkpoints = replica();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Checkpoints.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  private Checkpoints replica() {
    return new Checkpoints(store, ORIGIN, text -> "signed " + text);
  }

  @BeforeEach
  void listen() {
    log.start();
    // Tests are silent unless somebody listens.
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  private void later(Duration by) {
    now = now.plus(by);
  }

  private static String root(List<String> entries) {
    var tree = new MerkleTree();
    entries.forEach(entry -> tree.add(MerkleTree.leaf(entry.getBytes(StandardCharsets.UTF_8))));
    return tree.root();
  }

  private long size() {
    return store.latest().orElseThrow().checkpoint().size();
  }

  private List<String> logged() {
    return log.list.stream().map(ILoggingEvent::getMessage).toList();
  }

  @Test
  void a_ledger_without_entries_has_none() {
    checkpoints.run();
    assertThat(store.kept).isEmpty();
  }

  @Test
  void a_checkpoint_is_over_all_entries_signed_and_told_to_the_log() {
    store.entries.addAll(List.of("a", "b", "c"));
    checkpoints.run();
    var kept = store.latest().orElseThrow();
    assertThat(kept.checkpoint())
        .isEqualTo(new Checkpoint(ORIGIN, 3, root(List.of("a", "b", "c"))));
    assertThat(kept.signed()).isEqualTo("signed " + kept.checkpoint().text());
    assertThat(logged()).containsExactly("ledger.checkpoint");
    assertThat(log.list.getFirst().getKeyValuePairs().toString())
        .contains("size=\"3\"", kept.checkpoint().root(), "signed " + ORIGIN);
  }

  @Test
  void it_goes_on_from_the_one_before_whichever_replica_made_that() {
    store.entries.addAll(List.of("a", "b", "c"));
    checkpoints.run();
    store.entries.add("d");
    later(Checkpoints.PACE);
    replica().run();
    assertThat(store.latest().orElseThrow().checkpoint().root())
        .isEqualTo(root(List.of("a", "b", "c", "d")));
    later(Checkpoints.PACE);
    store.entries.add("e");
    checkpoints.run();
    assertThat(size()).isEqualTo(5);
  }

  @Test
  void there_is_one_at_its_pace_and_without_entries_a_new_one_now_and_then() {
    store.entries.add("a");
    checkpoints.run();
    store.entries.add("b");
    later(Checkpoints.PACE.minusMillis(1));
    checkpoints.run();
    assertThat(size()).isEqualTo(1);
    assertThat(checkpoints.age()).isEqualTo(Checkpoints.PACE.minusMillis(1));
    later(Duration.ofMillis(1));
    checkpoints.run();
    assertThat(size()).isEqualTo(2);
    later(Checkpoints.RENEWAL.minusMillis(1));
    checkpoints.run();
    assertThat(store.kept).hasSize(2);
    later(Duration.ofMillis(1));
    checkpoints.run();
    assertThat(store.kept).hasSize(3);
    assertThat(size()).isEqualTo(2);
  }

  @Test
  void a_long_ledger_gets_there_at_once_in_pieces() {
    for (var entry = 0; entry < 45_000; entry++) {
      store.entries.add("entry " + entry);
    }
    checkpoints.run();
    assertThat(size()).isEqualTo(45_000);
    assertThat(store.kept).hasSize(3);
    assertThat(store.latest().orElseThrow().checkpoint().root()).isEqualTo(root(store.entries));
  }

  @Test
  void f16_f17_a_ledger_that_is_behind_what_was_seen_is_told_and_not_signed() {
    store.entries.addAll(List.of("a", "b"));
    checkpoints.run();
    var first = store.kept.getFirst();
    later(Checkpoints.PACE);
    store.entries.add("c");
    checkpoints.run();
    var before = List.copyOf(store.kept);
    // Put back to before "c", with something else in its place; then as if it had never been.
    store.entries.set(2, "d");
    for (var then : List.of(List.of(first), List.<CheckpointStore.Kept>of())) {
      store.kept.clear();
      store.kept.addAll(then);
      later(Checkpoints.PACE);
      checkpoints.run();
      assertThat(store.kept).isEqualTo(then);
      assertThat(logged()).last().isEqualTo("ledger.behind");
    }
    // A replica that starts now has seen nothing else, and goes on; this one holds to what it saw.
    replica().run();
    assertThat(store.kept).hasSize(1).doesNotContainAnyElementsOf(before);
    later(Checkpoints.PACE);
    checkpoints.run();
    assertThat(logged()).last().isEqualTo("ledger.behind");
  }

  @Test
  void whoever_comes_second_makes_none() {
    store.entries.add("a");
    var second =
        new Checkpoints(
            store,
            ORIGIN,
            text -> {
              checkpoints.run();
              return "signed second " + text;
            });
    second.run();
    assertThat(store.kept).hasSize(1);
    assertThat(store.kept.getFirst().signed()).startsWith("signed " + ORIGIN);
  }
}
