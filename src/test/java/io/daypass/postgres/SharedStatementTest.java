package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.request.StoreUnavailableException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedStatementTest {

  private static final String DIVIDE =
      "SELECT item, 100 / divisor AS quotient"
          + " FROM unnest($1::int[]) WITH ORDINALITY AS a (divisor, item)";
  private static final String WAIT_AND_DIVIDE =
      "SELECT item, 100 / divisor AS quotient FROM (SELECT pg_advisory_xact_lock(77)) AS l,"
          + " unnest($1::int[]) WITH ORDINALITY AS a (divisor, item)";

  private final TestDatabase of = TestDatabase.shared();
  private final Database database = of.open(4);
  private final List<Integer> companies = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    database.close();
    of.close();
  }

  private SharedStatement<Integer> statement(String text) {
    return new SharedStatement<>(
        database,
        asked -> {
          companies.add(asked.size());
          return new SharedStatement.Sql(text, Tuple.of(asked.toArray(Integer[]::new)));
        });
  }

  private static List<Future<Row>> atOnce(SharedStatement<Integer> statement, List<Integer> asked) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<Row>>();
      asked.forEach(divisor -> calls.add(() -> statement.ask(divisor)));
      return threads.invokeAll(calls);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int quotient(Future<Row> answer) throws Exception {
    return answer.get().getInteger("quotient");
  }

  @Test
  void whoever_asks_alone_is_answered_at_once() {
    assertThat(statement(DIVIDE).ask(5).getInteger("quotient")).isEqualTo(20);
    assertThat(companies).containsExactly(1);
  }

  @Test
  void everybody_gets_their_own_answer() throws Exception {
    var asked = new ArrayList<Integer>();
    for (var divisor = 1; divisor <= 100; divisor++) {
      asked.add(divisor);
    }
    var answers = atOnce(statement(DIVIDE), asked);
    for (var i = 0; i < answers.size(); i++) {
      assertThat(quotient(answers.get(i))).isEqualTo(100 / asked.get(i));
    }
    assertThat(companies.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    assertThat(companies).hasSizeLessThan(100).allMatch(together -> together <= 64);
  }

  @Test
  void one_that_fails_takes_nobody_along() throws Exception {
    var asked = new ArrayList<Integer>();
    for (var i = 0; i < 30; i++) {
      asked.add(i == 17 ? 0 : 10);
    }
    var answers = atOnce(statement(DIVIDE), asked);
    for (var i = 0; i < answers.size(); i++) {
      if (i == 17) {
        var failed = answers.get(i);
        assertThatThrownBy(failed::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(StoreUnavailableException.class)
            .hasRootCauseInstanceOf(PgException.class);
      } else {
        assertThat(quotient(answers.get(i))).isEqualTo(10);
      }
    }
  }

  @Test
  void one_that_fits_into_no_statement_takes_nobody_along() throws Exception {
    var picky =
        new SharedStatement<Integer>(
            database,
            asked -> {
              companies.add(asked.size());
              if (asked.contains(7)) {
                throw new IllegalArgumentException("not seven");
              }
              return new SharedStatement.Sql(DIVIDE, Tuple.of(asked.toArray(Integer[]::new)));
            });
    var asked = new ArrayList<Integer>();
    for (var i = 0; i < 30; i++) {
      asked.add(i == 17 ? 7 : 10);
    }
    var answers = atOnce(picky, asked);
    for (var i = 0; i < answers.size(); i++) {
      if (i == 17) {
        var failed = answers.get(i);
        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class);
      } else {
        assertThat(quotient(answers.get(i))).isEqualTo(10);
      }
    }
    assertThat(picky.ask(5).getInteger("quotient")).isEqualTo(20);
  }

  @Test
  void a_statement_that_is_held_up_does_not_hold_up_the_rest() throws Exception {
    try (var blocker = of.asSuperuser();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      blocker.createStatement().execute("SELECT pg_advisory_lock(77)");
      var shared =
          new SharedStatement<Integer>(
              database,
              asked ->
                  new SharedStatement.Sql(
                      asked.contains(4) ? WAIT_AND_DIVIDE : DIVIDE,
                      Tuple.of(asked.toArray(Integer[]::new))));
      var held = threads.submit(() -> shared.ask(4));
      while (of.count("pg_stat_activity WHERE wait_event = 'advisory'") == 0) {
        Thread.sleep(5);
      }
      assertThat(shared.ask(50).getInteger("quotient")).isEqualTo(2);
      assertThat(held).isNotDone();
      blocker.createStatement().execute("SELECT pg_advisory_unlock(77)");
      assertThat(held.get().getInteger("quotient")).isEqualTo(25);
    }
  }

  @Test
  void a_question_that_is_not_answered_is_not_known() {
    var nothing = statement(DIVIDE + " WHERE false");
    assertThatThrownBy(() -> nothing.ask(5)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void whoever_still_waits_when_the_database_is_closed_is_told_that_it_is_not_known()
      throws Exception {
    try (var blocker = of.asSuperuser();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      blocker.createStatement().execute("SELECT pg_advisory_lock(77)");
      var shared = statement(WAIT_AND_DIVIDE);
      var waiting = new ArrayList<Future<Row>>();
      // In more than one statement, and some of them in none yet.
      for (var i = 0; i < 20; i++) {
        waiting.add(threads.submit(() -> shared.ask(5)));
        Thread.sleep(20);
      }
      database.close();
      for (var one : waiting) {
        assertThatThrownBy(() -> one.get(2, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(StoreUnavailableException.class);
      }
    }
  }

  @Test
  void a_database_that_is_gone_is_not_known_either() {
    database.close();
    assertThatThrownBy(() -> statement(DIVIDE).ask(5))
        .isInstanceOf(StoreUnavailableException.class);
  }
}
