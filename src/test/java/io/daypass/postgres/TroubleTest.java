package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators are told of a database that cannot be used. */
class TroubleTest {

  private static final String SAID = "Key (subject)=(alice) of host db-1 failed";

  private static PgException refusal(String state) {
    return new PgException(SAID, "FATAL", state, SAID);
  }

  @ParameterizedTest
  @CsvSource({
    "28P01, refuses the role",
    "28000, refuses the role",
    "08P01, pooler",
    "08004, look at its TLS",
    "08006, look at its TLS",
    "3D000, does not exist",
    "42P01, daypass migrate",
    "42883, daypass migrate",
    "3F000, daypass migrate",
    "42703, daypass migrate",
    "25006, takes no writes",
    "42501, does not let",
    "42704, a role",
    "53100, disk is full",
    "53300, no connection left",
    "57014, in time",
    "57P03, starting or stopping",
    "XX000, the database refuses"
  })
  void what_the_database_refuses_is_named_and_its_words_are_not_repeated(
      String state, String words) {
    for (var failure : new Exception[] {refusal(state), new SQLException(SAID, state)}) {
      var trouble = Trouble.of(new IllegalStateException(SAID, failure));
      assertThat(trouble.why())
          .contains(words)
          .endsWith("(SQLSTATE " + state + ")")
          .doesNotContain("alice", "db-1");
    }
  }

  @Test
  void a_database_that_cannot_be_reached_is_told_from_one_that_refuses() {
    assertThat(Trouble.of(new UnknownHostException("db-1")).why()).contains("no address");
    assertThat(Trouble.of(new ConnectException("db-1")).why()).contains("nobody listens");
    // The driver wraps what happened in a state of its own.
    for (var late :
        new Exception[] {
          new TimeoutException("db-1"),
          new ConnectTimeoutException("db-1"),
          new SQLException(SAID, "08001", new SocketTimeoutException("db-1"))
        }) {
      assertThat(Trouble.of(late).why()).isEqualTo("the database did not answer in time");
      assertThat(Trouble.of(late).isLate()).isTrue();
    }
    for (var standby :
        new Exception[] {new Primary.TakesNoWrites(), new SQLException(SAID, "08001")}) {
      assertThat(Trouble.of(standby).why()).isEqualTo("no server that is named takes writes");
      assertThat(Trouble.of(standby).isLate()).isFalse();
    }
    var wrapped = new SQLException(SAID, "08001", new ConnectException("db-1"));
    assertThat(Trouble.of(wrapped).why()).contains("nobody listens").doesNotContain("SQLSTATE");
  }

  @Test
  void of_what_nobody_knows_it_is_said_that_there_was_no_good_answer() {
    for (var failure : new Exception[] {new IOException(SAID), new SQLException(SAID)}) {
      var trouble = Trouble.of(failure);
      assertThat(trouble.why())
          .isEqualTo("the database did not answer, or not as its URL asks it to: look at its TLS");
      assertThat(trouble).hasCause(failure);
    }
  }
}
