package io.daypass.notice;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.lease.Here;
import io.daypass.notice.Courier.Outcome;
import io.daypass.notice.Courier.Pace;
import io.daypass.request.MemoryRequests;
import io.daypass.request.Roles;
import io.daypass.request.StoreUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CourierTest {

  private static final Notice NOTICE = Messages.of(NoticeKind.STOPPED).broker(Map.of()).notice();

  private final Due outbox = new Due();
  private final List<Message> delivered = new ArrayList<>();
  private final List<Outcome> counted = new ArrayList<>();
  private @Nullable NotDelivered failure;
  private @Nullable RuntimeException bug;
  private boolean closed;

  private final Medium medium =
      new Medium() {
        @Override
        public void deliver(Message message) throws NotDelivered {
          if (failure != null) {
            throw failure;
          }
          if (bug != null) {
            throw bug;
          }
          delivered.add(message);
        }

        @Override
        public void close() {
          closed = true;
        }
      };

  private final Courier courier =
      new Courier(
          new Channel("ops", Set.of(NoticeKind.STOPPED), medium),
          outbox,
          new Composer(
              new MemoryRequests(() -> Instant.EPOCH, 10),
              () -> Roles.policies(Roles.role("now").automatic().make()),
              URI.create("https://daypass.example.com"),
              () -> Instant.EPOCH),
          Pace.STANDARD,
          Here.THREADS,
          new Random(1),
          (channel, kind, outcome) -> {
            assertThat(channel).isEqualTo("ops");
            assertThat(kind).isEqualTo(NoticeKind.STOPPED);
            counted.add(outcome);
          });

  @Test
  void nobody_else_is_given_a_notice_while_it_can_still_be_on_its_way() {
    // What is read before and written after has deadlines of 6 s each.
    assertThat(Pace.STANDARD.lease())
        .isGreaterThan(Pace.STANDARD.within().plus(Duration.ofSeconds(30)));
  }

  @Test
  void what_is_due_is_delivered_and_written_down() {
    outbox.due(1);
    courier.run();
    assertThat(delivered).hasSize(1);
    assertThat(delivered.getFirst().page()).hasToString("https://daypass.example.com/");
    assertThat(outbox.said).containsExactly("delivered");
    assertThat(counted).containsExactly(Outcome.DELIVERED);
  }

  @Test
  void what_is_not_taken_comes_again_ever_later() {
    failure = new NotDelivered("http_500", null);
    for (var tries : List.of(1, 2, 50)) {
      outbox.due(tries);
      courier.run();
    }
    assertThat(outbox.said).containsOnly("http_500");
    assertThat(outbox.pauses.get(0)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
    assertThat(outbox.pauses.get(1)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    assertThat(outbox.pauses.get(2)).isBetween(Duration.ofMinutes(30), Duration.ofHours(1));
    assertThat(counted).containsOnly(Outcome.FAILED);
  }

  @Test
  void a_receiver_that_asks_for_patience_gets_it_within_reason() {
    for (var asked : List.of(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofDays(9))) {
      failure = new NotDelivered("http_429", asked, null);
      outbox.due(1);
      courier.run();
    }
    assertThat(outbox.pauses.get(0)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
    assertThat(outbox.pauses.get(1)).isEqualTo(Duration.ofMinutes(5));
    assertThat(outbox.pauses.get(2)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void what_is_given_up_is_counted_so() {
    failure = new NotDelivered("http_410", null);
    outbox.fate = Outbox.Fate.GIVEN_UP;
    outbox.due(99);
    courier.run();
    assertThat(counted).containsExactly(Outcome.FAILED, Outcome.GIVEN_UP);
  }

  @Test
  void a_bug_in_a_medium_is_a_failure_and_not_a_delivery() {
    bug = new IllegalStateException("bug");
    outbox.due(1);
    courier.run();
    assertThat(outbox.said).containsExactly("fault");
  }

  @Test
  void a_delivery_that_cannot_be_written_down_is_left_to_come_again() {
    outbox.down = true;
    outbox.due(1);
    courier.run();
    assertThat(delivered).hasSize(1);
    failure = new NotDelivered("http_500", null);
    outbox.due(2);
    courier.run();
    assertThat(outbox.said).isEmpty();
  }

  @Test
  void f33_at_the_end_nothing_more_is_taken_on_and_the_medium_is_closed() {
    courier.end(Duration.ofSeconds(20));
    outbox.due(1);
    courier.run();
    assertThat(delivered).isEmpty();
    assertThat(closed).isTrue();
  }

  /** Hands out what is due, and remembers what it is told of it. */
  private static final class Due implements Outbox {
    final List<Claimed> due = new ArrayList<>();
    final List<String> said = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    Fate fate = Fate.AGAIN;
    boolean down;

    void due(int tries) {
      due.add(new Claimed(NOTICE, "ops", new UUID(0, tries), tries));
    }

    private void reach() {
      if (down) {
        throw new StoreUnavailableException(new IllegalStateException("down"));
      }
    }

    @Override
    public List<Claimed> claim(String channel, int limit, Duration lease) {
      assertThat(channel).isEqualTo("ops");
      var all = List.copyOf(due);
      due.clear();
      return all;
    }

    @Override
    public void delivered(Claimed claimed) {
      reach();
      said.add("delivered");
    }

    @Override
    public Fate notDelivered(Claimed claimed, String code, Duration pause, Duration patience) {
      reach();
      said.add(code);
      pauses.add(pause);
      return fate;
    }

    @Override
    public int noteLapses(Duration settle) {
      throw new AssertionError("a courier looks for no lapses");
    }

    @Override
    public int spread(Map<String, Set<NoticeKind>> channels, int limit) {
      throw new AssertionError("a courier lays out nothing");
    }

    @Override
    public List<Backlog> backlog() {
      return List.of();
    }

    @Override
    public List<String> forget(Duration patience, Duration keep) {
      throw new AssertionError("a courier forgets nothing");
    }
  }
}
