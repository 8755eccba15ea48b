package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.lease.Here;
import io.daypass.notice.Channel;
import io.daypass.notice.Composer;
import io.daypass.notice.Medium;
import io.daypass.notice.Message;
import io.daypass.notice.Messages;
import io.daypass.notice.NotDelivered;
import io.daypass.notice.NoticeKind;
import io.daypass.notice.Outbox;
import io.daypass.request.MemoryRequests;
import io.daypass.request.Roles;
import io.daypass.web.Metrics;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TellingTest {

  private final Metrics metrics = new Metrics();
  private final Due outbox = new Due();
  private final Telling telling =
      new Telling(
          List.of(
              new Channel("ops", Set.of(NoticeKind.STOPPED, NoticeKind.ORPHANED), new Gone()),
              new Channel("leads", Set.of(NoticeKind.WAITING), new Gone())),
          outbox,
          new Composer(
              new MemoryRequests(() -> Instant.EPOCH, 10),
              () -> Roles.policies(Roles.role("now").automatic().make()),
              URI.create("https://daypass.example.com"),
              () -> Instant.EPOCH),
          Here.THREADS,
          new Random(1));

  private Map<String, Double> counted() {
    return metrics.registry().find("daypass.notices").counters().stream()
        .collect(
            Collectors.toMap(
                counter ->
                    counter.getId().getTag("channel")
                        + " "
                        + counter.getId().getTag("kind")
                        + " "
                        + counter.getId().getTag("outcome"),
                counter -> counter.count()));
  }

  @Test
  void every_outcome_of_what_a_channel_tells_is_there_before_there_is_one() {
    telling.measuredBy(metrics);
    assertThat(counted())
        .containsOnlyKeys(
            "ops stopped delivered",
            "ops stopped failed",
            "ops stopped given_up",
            "ops orphaned delivered",
            "ops orphaned failed",
            "ops orphaned given_up",
            "leads waiting delivered",
            "leads waiting failed",
            "leads waiting given_up")
        .allSatisfy((_, count) -> assertThat(count).isZero());
    assertThat(metrics.scrape().body().toString())
        .contains(
            "daypass_notices_total{channel=\"ops\",kind=\"orphaned\",outcome=\"given_up\"} 0.0");
  }

  @Test
  void the_first_notice_that_is_given_up_raises_what_was_there() {
    telling.measuredBy(metrics);
    outbox.due.add(
        new Outbox.Claimed(
            Messages.of(NoticeKind.STOPPED).broker(Map.of()).notice(), "ops", new UUID(0, 1), 9));
    telling.run();
    assertThat(counted())
        .hasSize(9)
        .containsEntry("ops stopped given_up", 1.0)
        .containsEntry("ops stopped failed", 1.0)
        .containsEntry("ops stopped delivered", 0.0)
        .containsEntry("ops orphaned given_up", 0.0);
  }

  /** Nobody is there any more. */
  private static final class Gone implements Medium {
    @Override
    public void deliver(Message message) throws NotDelivered {
      throw new NotDelivered("http_410", null);
    }

    @Override
    public void close() {}
  }

  /** Hands out what is due, and gives up what is not delivered. */
  private static final class Due implements Outbox {
    final List<Claimed> due = new ArrayList<>();

    @Override
    public List<Claimed> claim(String channel, int limit, Duration lease) {
      var mine = due.stream().filter(one -> one.channel().equals(channel)).toList();
      due.removeAll(mine);
      return mine;
    }

    @Override
    public void delivered(Claimed claimed) {
      throw new AssertionError("nothing is delivered");
    }

    @Override
    public Fate notDelivered(Claimed claimed, String code, Duration pause, Duration patience) {
      return Fate.GIVEN_UP;
    }

    @Override
    public int noteLapses(Duration settle) {
      return 0;
    }

    @Override
    public int spread(Map<String, Set<NoticeKind>> channels, int limit) {
      return 0;
    }

    @Override
    public List<Backlog> backlog() {
      return List.of();
    }

    @Override
    public List<String> forget(Duration patience, Duration keep) {
      return List.of();
    }
  }
}
