package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.web.api.RetryAfterTest.At;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody is told to try again with a token that was good once, and was spent. */
class SpentTokensTest extends ApiCalls {

  private static final String INSTEAD = "this token is spent: get a new one from the issuer";

  private HttpResponse<String> ask(At door, String token) {
    return world.running.send(door.request(world, token));
  }

  private static void spent(At door, HttpResponse<String> answer, String code) {
    // Where a status says whether a client tries again, it says that it should not.
    var status =
        switch (door) {
          case JSON, CONTAINER -> 503;
          case EXCHANGE -> 400;
          case STS -> 403;
        };
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    assertThat(answer.body()).contains(code, INSTEAD).doesNotContain("try again");
    if (door == At.EXCHANGE) {
      assertThat(json(answer).getString("error")).isEqualTo("invalid_grant");
    }
  }

  private static void passing(At door, HttpResponse<String> answer, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).contains(code, "try again").doesNotContain(INSTEAD);
    if (door == At.EXCHANGE) {
      assertThat(json(answer).getString("error")).isEqualTo("temporarily_unavailable");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_the_cloud_did_not_give_is_not_asked_for_again_with_it(At door) {
    world.cloud.mint =
        _ -> {
          throw new MintException(Reason.CLOUD_THROTTLED);
        };
    spent(door, ask(door, "run"), "cloud_throttled");
    passing(door, ask(door, "pod"), "cloud_throttled");
  }

  @ParameterizedTest
  @EnumSource
  void nor_what_the_ledger_did_not_take(At door) {
    world.cloud.mint =
        grant -> {
          world.stores.down = true;
          return GivingCloud.given(grant);
        };
    spent(door, ask(door, "run"), "ledger_unavailable");
    world.stores.down = false;
    passing(door, ask(door, "pod"), "ledger_unavailable");
  }

  @ParameterizedTest
  @EnumSource
  void what_was_refused_before_it_was_spent_may_be_asked_for_again(At door) {
    world.cloud.busy = true;
    passing(door, ask(door, "run"), "cloud_busy");
    world.cloud.busy = false;
    assertThat(ask(door, "run").statusCode()).isEqualTo(200);
  }

  @Test
  void who_leaves_the_container_door_is_told_whether_it_was_spent() {
    var go = new CountDownLatch(1);
    world.cloud.mint = grant -> waited(go, grant);
    spent(At.CONTAINER, ask(At.CONTAINER, "run"), "too_slow");
    passing(At.CONTAINER, ask(At.CONTAINER, "pod"), "too_slow");
    world.cloud.whileWaiting = () -> waited(go);
    passing(At.CONTAINER, ask(At.CONTAINER, "run"), "too_slow");
    go.countDown();
  }

  private static io.daypass.cloud.Credential waited(
      CountDownLatch go, io.daypass.ledger.RecordedGrant grant) {
    waited(go);
    return GivingCloud.given(grant);
  }

  private static void waited(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
