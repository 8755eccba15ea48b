package io.daypass.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.BindingStore.Claimed;
import io.daypass.cloud.BindingStore.Held;
import io.daypass.cloud.BindingStore.Patience;
import io.daypass.cloud.BindingStore.Standing;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.azure.AzureConfig;
import io.daypass.cloud.wire.Limits;
import io.daypass.lease.Here;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.request.RequestId;
import io.daypass.request.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SweeperTest {

  private static final Binding BINDING =
      new Binding(
          new UUID(0, 1), new RequestId("0123456789abcdef"), "role", "azure", Map.of("name", "x"));

  private final Due store = new Due();
  private final List<Binding> asked = new ArrayList<>();
  private @Nullable MintException failure;
  private @Nullable String why;
  private Runnable meanwhile = () -> {};

  private Sweeper sweeper(String cloud) {
    return sweeper(cloud, Here.THREADS);
  }

  private Sweeper sweeper(String cloud, ThreadFactory threads) {
    var remover =
        new Remover() {
          @Override
          public String cloud() {
            return cloud;
          }

          @Override
          public void remove(Binding binding) throws MintException {
            asked.add(binding);
            meanwhile.run();
            if (failure != null) {
              throw failure;
            }
          }

          @Override
          public String told(MintException failed) {
            return why == null ? Remover.super.told(failed) : why;
          }
        };
    return new Sweeper(store, List.of(remover), Sweeper.Pace.STANDARD, threads, new Random(1));
  }

  @Test
  void nobody_else_is_given_a_binding_while_its_removal_can_still_be_on_its_way() {
    // Two calls at most, each of which may wait for its turn as long as it may take.
    var longest = Limits.STANDARD.total().multipliedBy(4);
    assertThat(AzureConfig.LIMITS.total()).isLessThanOrEqualTo(Limits.STANDARD.total());
    assertThat(Sweeper.Pace.STANDARD.lease()).isGreaterThan(longest.plusSeconds(10));
  }

  @Test
  void what_is_due_is_removed_and_written_down() {
    store.due(1);
    sweeper("azure").run();
    assertThat(asked).containsExactly(BINDING);
    assertThat(store.said).containsExactly("removed");
  }

  @Test
  void f33_whoever_stops_leaves_nothing_half_removed_and_takes_on_no_more() throws Exception {
    var removing = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    meanwhile =
        () -> {
          removing.countDown();
          await(goOn);
        };
    var sweeper = sweeper("azure", Thread.ofVirtual().factory());
    store.due(1);
    sweeper.run();
    assertThat(removing.await(20, TimeUnit.SECONDS)).isTrue();
    sweeper.end(Duration.ofMillis(20));
    assertThat(store.said).as("it is still under way").isEmpty();
    goOn.countDown();
    sweeper.end(Duration.ofSeconds(20));
    assertThat(store.said).containsExactly("removed");
    store.due(1);
    sweeper.run();
    assertThat(asked).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_cannot_be_removed_comes_again_ever_later_but_does_come() {
    failure = new MintException(Reason.CLOUD_FAILED);
    for (var tries : List.of(1, 2, 7, 500)) {
      store.due(tries);
      sweeper("azure").run();
    }
    assertThat(store.said).containsOnly("kept cloud_failed");
    assertThat(store.pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(store.pauses.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(store.pauses.get(2)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    assertThat(store.pauses.get(3)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  @Test
  void a_cloud_that_is_no_longer_known_is_a_failure_and_not_a_removal() {
    store.due(1);
    sweeper("gcp").run();
    assertThat(asked).isEmpty();
    assertThat(store.said).containsExactly("kept cloud_refused");
  }

  @Test
  void why_something_may_still_be_there_is_for_its_cloud_to_say() {
    failure = new MintException(Reason.CLOUD_REFUSED);
    why = "scope_locked";
    store.due(1);
    sweeper("azure").run();
    assertThat(store.said).containsExactly("kept scope_locked");
  }

  @Test
  void a_bug_in_a_cloud_s_adapter_is_a_failure_and_not_a_removal() {
    store.due(1);
    meanwhile =
        () -> {
          throw new IllegalStateException("bug");
        };
    sweeper("azure").run();
    assertThat(store.said).containsExactly("kept fault");
  }

  @Test
  void a_removal_that_cannot_be_written_down_is_left_to_come_again() {
    store.due(1);
    store.down = true;
    sweeper("azure").run();
    assertThat(asked).containsExactly(BINDING);
    assertThat(store.said).isEmpty();
    failure = new MintException(Reason.CLOUD_FAILED);
    store.due(2);
    sweeper("azure").run();
    assertThat(store.said).isEmpty();
  }

  @Test
  void a_call_that_comes_while_another_looks_is_not_lost() {
    var sweeper = sweeper("azure");
    store.whileLooking =
        () -> {
          store.whileLooking = () -> {};
          sweeper.run();
        };
    sweeper.run();
    assertThat(store.looks).isEqualTo(2);
  }

  @Test
  void a_store_that_is_down_stops_nothing_but_this_turn() {
    var sweeper = sweeper("azure");
    store.whileLooking =
        () -> {
          store.whileLooking = () -> {};
          throw new StoreUnavailableException(new IllegalStateException("down"));
        };
    assertThatThrownBy(sweeper::run).isInstanceOf(StoreUnavailableException.class);
    store.due(1);
    sweeper.run();
    assertThat(store.said).containsExactly("removed");
  }

  /** Hands out what is due, and remembers what it is told of it. */
  private static final class Due implements BindingStore {
    final List<Claimed> due = new ArrayList<>();
    final List<String> said = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    Runnable whileLooking = () -> {};
    boolean down;
    int looks;

    void due(int tries) {
      due.add(new Claimed(BINDING, new UUID(0, tries), Instant.EPOCH, tries));
    }

    @Override
    public List<Claimed> claimDue(int limit, Duration lease, Duration lead) {
      looks++;
      whileLooking.run();
      var all = List.copyOf(due);
      due.clear();
      return all;
    }

    private void reach() {
      if (down) {
        throw new StoreUnavailableException(new IllegalStateException("down"));
      }
    }

    @Override
    public boolean removed(Claimed claimed) {
      reach();
      said.add("removed");
      return true;
    }

    @Override
    public boolean kept(Claimed claimed, String code, Duration pause, Patience patience) {
      reach();
      said.add("kept " + code);
      pauses.add(pause);
      return claimed.tries() >= patience.tries();
    }

    @Override
    public Held hold(RecordedGrant grant, WantedBinding wanted, Duration attempt) {
      throw new AssertionError("a sweeper holds nothing");
    }

    @Override
    public @Nullable IssueRefusal made(
        Binding binding, RecordedGrant grant, Instant tokensUntil, Duration settle) {
      throw new AssertionError("a sweeper makes nothing");
    }

    @Override
    public boolean servesUnbound(String holder, Instant tokensUntil) {
      throw new AssertionError("a sweeper hands nothing out");
    }

    @Override
    public void notMade(Binding binding, RecordedGrant grant) {
      throw new AssertionError("a sweeper makes nothing");
    }

    @Override
    public List<Standing> of(RequestId request) {
      return List.of();
    }

    @Override
    public Set<UUID> known(Set<UUID> bindings, Duration lately) {
      return Set.of();
    }

    @Override
    public int overdue(Duration grace) {
      return 0;
    }
  }
}
