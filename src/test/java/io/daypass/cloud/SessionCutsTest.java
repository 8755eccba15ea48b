package io.daypass.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStore.Patience;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.SessionCuts.Pace;
import io.daypass.cloud.wire.Limits;
import io.daypass.lease.Here;
import io.daypass.request.RequestId;
import io.daypass.request.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionCutsTest {

  private static final RequestId ONE = new RequestId("0000000000000001");
  private static final RequestId TWO = new RequestId("0000000000000002");

  private final Due store = new Due();
  private int room = 2;
  private boolean lost;
  private @Nullable Exception failure;

  private void run() {
    var cutter =
        new SessionCutter() {
          @Override
          public String cloud() {
            return "aws";
          }

          @Override
          public Denied deny(CutStore.Claimed claimed) throws MintException {
            return switch (failure) {
              case MintException e -> throw e;
              case RuntimeException e -> throw e;
              case null, default -> new Denied(Math.min(room, claimed.requests().size()), lost);
            };
          }
        };
    new SessionCuts(store, cutter, Pace.STANDARD, Here.THREADS, new Random(1)).run();
  }

  @Test
  void nobody_else_writes_there_while_a_call_can_still_be_on_its_way() {
    var spans = Pace.STANDARD.spans();
    assertThat(spans.lease()).isGreaterThan(SessionCutter.LONGEST.plusSeconds(7));
    assertThat(spans.onItsWay()).isGreaterThan(SessionCutter.LONGEST);
    // A session first, then the document: each waits for its turn as long as it may take.
    assertThat(SessionCutter.LONGEST).isGreaterThan(Limits.STANDARD.total().multipliedBy(4));
  }

  @Test
  void what_the_cloud_denies_is_written_down() {
    run();
    assertThat(store.said).containsExactly("applied 2 of 2");
  }

  @Test
  void what_the_cloud_has_no_room_for_comes_again() {
    room = 1;
    run();
    assertThat(store.said).containsExactly("applied 1 of 2", "not applied no_room");
    assertThat(store.unknown).isFalse();
    lost = true;
    run();
    assertThat(store.unknown).isTrue();
  }

  @Test
  void what_the_cloud_refuses_comes_again_ever_later_but_does_come() {
    failure = new MintException(Reason.CLOUD_REFUSED);
    for (var tries : List.of(1, 7, 500)) {
      store.tries = tries;
      run();
    }
    assertThat(store.said).containsOnly("not applied cloud_refused");
    assertThat(store.unknown).isFalse();
    assertThat(store.pauses.getFirst()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(store.pauses.subList(1, 3))
        .allMatch(pause -> pause.compareTo(Duration.ofMinutes(1)) <= 0)
        .allMatch(pause -> pause.compareTo(Duration.ofSeconds(30)) >= 0);
  }

  @Test
  void a_call_whose_end_nobody_knows_may_still_be_on_its_way() {
    for (var unknown :
        List.of(new MintException(Reason.CLOUD_FAILED), new IllegalStateException("bug"))) {
      failure = unknown;
      run();
      assertThat(store.unknown).isTrue();
    }
    assertThat(store.said).containsExactly("not applied cloud_failed", "not applied fault");
  }

  @Test
  void what_cannot_be_written_down_is_left_to_come_again() {
    store.down = true;
    run();
    failure = new MintException(Reason.CLOUD_FAILED);
    run();
    assertThat(store.said)
        .as("and what is applied is not taken for what is not")
        .containsExactly("applied 2 of 2", "not applied cloud_failed");
  }

  /** Has one place to see to, and remembers what it is told of it. */
  private static final class Due extends UnusedCuts {
    final List<String> said = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    boolean unknown;
    int tries = 1;
    boolean down;

    @Override
    public List<Claimed> claimDue(String cloud, int limit, Spans spans) {
      return List.of(new Claimed(cloud, "place", new UUID(0, 1), List.of(ONE, TWO), 0, 0, tries));
    }

    private void reach() {
      if (down) {
        throw new StoreUnavailableException(new IllegalStateException("down"));
      }
    }

    @Override
    public boolean applied(Claimed claimed, List<RequestId> denied, Spans spans) {
      said.add("applied " + denied.size() + " of " + claimed.requests().size());
      reach();
      return true;
    }

    @Override
    public boolean notApplied(
        Claimed claimed,
        String code,
        Duration pause,
        boolean unknown,
        Spans spans,
        Patience patience) {
      said.add("not applied " + code);
      reach();
      pauses.add(pause);
      this.unknown = unknown;
      return claimed.tries() >= patience.tries();
    }
  }
}
