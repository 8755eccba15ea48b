package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who waits for as long as Retry-After says is let in, at every door. */
class RetryAfterTest {

  private final World world = new World();

  @AfterEach
  void stop() {
    world.close();
  }

  /** The three doors and the JSON call, for a run that comes again and again. */
  enum At {
    JSON {
      @Override
      HttpRequest.Builder request(World world, String token) {
        return world
            .running
            .to("/v1/roles/ci-deploy/credentials")
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.noBody());
      }
    },
    EXCHANGE {
      @Override
      HttpRequest.Builder request(World world, String token) {
        return form(
            world,
            "/oauth2/token",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&audience=ci-deploy"
                + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt&subject_token="
                + token);
      }
    },
    STS {
      @Override
      HttpRequest.Builder request(World world, String token) {
        return form(
            world,
            "/sts",
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                + "&RoleArn=arn:aws:iam::123456789012:role/ci-deploy&WebIdentityToken="
                + token);
      }
    },
    CONTAINER {
      @Override
      HttpRequest.Builder request(World world, String token) {
        return world
            .running
            .to("/aws/container-credentials/ci-deploy")
            .header("Authorization", token)
            .GET();
      }
    };

    abstract HttpRequest.Builder request(World world, String token);

    private static HttpRequest.Builder form(World world, String path, String body) {
      return world
          .running
          .to(path)
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(BodyPublishers.ofString(body));
    }
  }

  private HttpResponse<String> ask(At door) {
    return world.running.send(door.request(world, "run"));
  }

  private static int seconds(HttpResponse<String> answer) {
    return Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void the_wait_that_is_told_is_enough_and_no_second_too_long(At door) {
    for (int times = 0; times < 3; times++) {
      var answer = ask(door);
      while (answer.statusCode() != 429) {
        answer = ask(door);
      }
      var wait = Duration.ofSeconds(seconds(answer));
      assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
      world.nanos.addAndGet(wait.minusSeconds(1).toNanos() - 1);
      assertThat(ask(door).statusCode()).isEqualTo(429);
      world.nanos.addAndGet(Duration.ofSeconds(1).toNanos() + 1);
      assertThat(ask(door).statusCode()).isNotEqualTo(429);
    }
  }

  @Test
  void what_a_caller_says_of_times_changes_nothing() {
    while (ask(At.JSON).statusCode() != 429) {
      // Until the limit is reached.
    }
    var told = seconds(ask(At.JSON));
    var lying =
        world.running.send(
            At.JSON
                .request(world, "run")
                .header("Retry-After", "0")
                .header("Date", "Fri, 01 Jan 2038 00:00:00 GMT"));
    assertThat(lying.statusCode()).isEqualTo(429);
    assertThat(seconds(lying)).isEqualTo(told);
  }
}
