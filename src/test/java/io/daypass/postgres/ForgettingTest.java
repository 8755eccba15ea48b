package io.daypass.postgres;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.TestCallers;
import io.daypass.request.RequestId;
import io.daypass.request.RequestIds;
import io.daypass.request.Roles;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is over goes at one turn, however much came since the last. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgettingTest {

  private static final Duration WEEK = Duration.ofDays(7);

  private final TestDatabase database = TestDatabase.shared();
  private final Replica replica =
      new Replica(database, 2, Roles.policies(role("now").automatic().make()), new RequestIds());
  private RequestId over;
  private RequestId live;

  @BeforeAll
  void two_requests() {
    var alice = TestCallers.human("alice");
    replica.requests.remember(alice.identity(), alice.token().issuedAt());
    over = replica.ask(alice, "now", "over").id();
    live = replica.ask(alice, "now", "live").id();
    database.age(over, WEEK);
  }

  @AfterAll
  void close() {
    replica.close();
    database.close();
  }

  @Test
  void tokens_that_are_dead() {
    database.run(
        """
        INSERT INTO seen_token
        SELECT 'token ' || i, '', '%s', now() + CASE i WHEN 1 THEN interval '1 minute'
            ELSE interval '-1 hour' END
          FROM generate_series(1, 12000) AS i
        """
            .formatted(live));
    new PostgresTokens(replica.database).forgetDead();
    assertThat(database.count("seen_token")).isEqualTo(1);
  }

  @Test
  void poll_tokens_of_requests_that_are_over() {
    database.run(
        """
        INSERT INTO poll_token
        SELECT encode(sha256(i::text::bytea), 'hex'), CASE i WHEN 1 THEN '%s' ELSE '%s' END
          FROM generate_series(1, 12000) AS i
        """
            .formatted(live, over));
    replica.polls.forgetDead();
    assertThat(database.count("poll_token")).isEqualTo(1);
  }

  @Test
  void notices_that_were_told_a_week_ago() {
    database.run(
        """
        INSERT INTO notice (kind, at, spread_at)
        SELECT 'waiting', now() - CASE i WHEN 1 THEN interval '6 days' ELSE interval '8 days' END,
            now()
          FROM generate_series(1, 3500) AS i
        """);
    new PostgresOutbox(replica.database).forget(Duration.ofDays(3), WEEK);
    assertThat(database.count("notice")).isEqualTo(1);
  }

  @Test
  void a_turn_comes_to_its_end_and_ends_at_once_when_it_is_told_to() {
    var bites = new AtomicInteger();
    Bites.take(
        1,
        () -> {
          bites.incrementAndGet();
          return 1;
        });
    assertThat(bites).hasValue(100);
    Thread.currentThread().interrupt();
    Bites.take(1, bites::incrementAndGet);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(bites).hasValue(100);
  }
}
