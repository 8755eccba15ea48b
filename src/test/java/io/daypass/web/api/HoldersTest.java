package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.web.api.RetryAfterTest.At;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever holds a credential may ask whose it is, as often as tools do; guessing is another thing.
 */
class HoldersTest extends ApiCalls {

  // Ten for each of the three failures a second that an address has.
  private static final int LOOKS = 30;

  enum Asked {
    WHO_AM_I {
      @Override
      HttpResponse<String> of(World world, String token) {
        return world.running.send(
            world
                .running
                .to("/sts")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Amz-Security-Token", token)
                .POST(BodyPublishers.ofString("Action=GetCallerIdentity&Version=2011-06-15")));
      }

      @Override
      boolean isKnown(HttpResponse<String> answer) {
        return answer.statusCode() == 200;
      }
    },
    INTROSPECTION {
      @Override
      HttpResponse<String> of(World world, String token) {
        return world.running.send(
            world
                .running
                .to("/oauth2/introspect")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("token=" + token)));
      }

      @Override
      boolean isKnown(HttpResponse<String> answer) {
        return answer.statusCode() == 200 && new JsonObject(answer.body()).getBoolean("active");
      }
    };

    abstract HttpResponse<String> of(World world, String token);

    abstract boolean isKnown(HttpResponse<String> answer);
  }

  private final String held = "a-token";

  @BeforeEach
  void somebody_holds_a_session() {
    assertThat(world.running.send(At.JSON.request(world, "run")).statusCode()).isEqualTo(200);
  }

  private int me() {
    return world.get("alice", "/v1/me").statusCode();
  }

  @ParameterizedTest
  @EnumSource
  void to_ask_of_what_one_holds_is_no_failed_sign_in(Asked asked) {
    for (int i = 0; i < LOOKS; i++) {
      assertThat(asked.isKnown(asked.of(world, held))).isTrue();
    }
    assertThat(me()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void to_ask_too_often_shuts_nobody_out_of_anything_else(Asked asked) {
    for (int i = 0; i < LOOKS; i++) {
      asked.of(world, held);
    }
    var refused = asked.of(world, held);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("too_many_requests");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(world.stores.looks).isEqualTo(LOOKS);
    assertThat(me()).isEqualTo(200);
    world.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(asked.isKnown(asked.of(world, held))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void who_guesses_too_often_is_not_looked_up_any_more(Asked asked) {
    for (int i = 0; i < 3; i++) {
      var guessed = asked.of(world, "guess-" + i);
      assertThat(asked.isKnown(guessed)).isFalse();
      assertThat(guessed.statusCode()).isNotEqualTo(429);
    }
    for (var token : new String[] {"guess-3", held}) {
      var refused = asked.of(world, token);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("too_many_failures");
    }
    assertThat(world.stores.looks).isEqualTo(3);
    assertThat(me()).isEqualTo(429);
  }

  @ParameterizedTest
  @EnumSource
  void a_ledger_that_cannot_be_asked_is_no_failure_of_the_caller(Asked asked) {
    world.stores.down = true;
    for (int i = 0; i < 5; i++) {
      var answer = asked.of(world, held);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("ledger_unavailable");
    }
  }
}
