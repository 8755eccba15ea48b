package io.daypass.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.ledger.IssueRefusal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {

  private static Refusal refusal(String code) {
    return new Refusal(403, code, "no", "ask", null, null, null);
  }

  @ParameterizedTest
  @EnumSource
  void ofEachOfTheBrokersNosItIsDecidedWhetherItTakesAccessAway(IssueRefusal why) {
    var withdraws =
        switch (why) {
          case APPROVAL_REQUIRED,
              DENIED_BY_POLICY,
              APPROVAL_LOST,
              GRANT_NOT_STARTED,
              GRANT_ENDED,
              GRANT_REVOKED,
              GRANT_RETURNED,
              REQUEST_DENIED,
              REQUEST_CANCELLED,
              REQUEST_LAPSED ->
              true;
          case CANNOT_WAIT_HERE,
              NOT_AT_THIS_DOOR,
              NO_SUCH_DESTINATION,
              TOKEN_ALREADY_USED,
              CLOUD_BUSY,
              STOPPED,
              CLOSED ->
              false;
        };
    assertThat(refusal(why.code()).withdraws()).isEqualTo(withdraws);
  }

  @ParameterizedTest
  @ValueSource(strings = {"grant_too_short", "unreadable", "suspended", "anything_new"})
  void whatIsNotOnTheListTakesNothingAway(String code) {
    assertThat(refusal(code).withdraws()).isFalse();
  }
}
