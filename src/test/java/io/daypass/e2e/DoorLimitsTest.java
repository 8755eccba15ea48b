package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.e2e.Doorway.Outcome;
import io.daypass.sandbox.aws.StandInRole;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How often a repository and a subject may come, at every door; here, once a minute each. */
class DoorLimitsTest {

  private static final String ROLE = "limited";
  private static final Outcome TOO_MANY = new Outcome(false, "too_many_requests");

  private static World world;
  private static Api api;

  @BeforeAll
  static void start() throws Exception {
    world =
        World.with(
            """

            limits:
              issuances-per-token-and-minute: 1000
              issuances-per-workload-and-minute: 1
              issuances-per-repository-and-minute: 1
            """);
    var rules = new StringBuilder();
    for (int i = 0; i < 2 * Doorway.values().length; i++) {
      rules.append(
          """
            - name: repository %1$d
              workload: { github: { repository-id: %1$d, repository-owner-id: 42, ref: refs/heads/main } }
              approval: automatic
            - name: account %1$d
              workload: { kubernetes: { namespace: shop, serviceaccount: account-%1$d } }
              approval: automatic
          """
              .formatted(9_000 + i));
    }
    Files.writeString(
        world.policies.resolve("limited.yaml"),
        """
        role: limited
        description: To be asked for too often
        access: read-only
        sensitivity: low
        target:
          aws:
            role-arn: arn:aws:iam::123456789012:role/daypass-limited
        max-duration: 1h
        credential-lifetime: 1h
        rules:
        """
            + rules);
    world
        .sandbox
        .aws()
        .add(
            StandInRole.of(
                "123456789012", "daypass-limited", Duration.ofHours(12), "role:limited"));
    api = world.replica().awaitReady().api();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static String run(int repository, String branch) {
    return world
        .sandbox
        .github()
        .token(
            Map.of(
                "aud",
                world.url(),
                "repository_id",
                String.valueOf(repository),
                "repository",
                "acme/r" + repository,
                "ref",
                "refs/heads/" + branch));
  }

  private static String pod(int account) {
    return world.sandbox.kubernetes().token(world.url(), "shop", "account-" + account);
  }

  private static void limited(Doorway door, Api.Answer answer) {
    assertThat(door.outcome(answer)).isEqualTo(TOO_MANY);
    assertThat(answer.status()).isEqualTo(429);
    assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
    switch (door) {
      case JSON -> assertThat(answer.text("title")).isNotBlank();
      case EXCHANGE -> assertThat(answer.text("error")).isEqualTo("temporarily_unavailable");
      case STS -> assertThat(answer.body()).contains("<Code>Throttling</Code>");
      case CONTAINER -> assertThat(answer.text("message")).contains("too often");
    }
  }

  /** Not held back; what comes later than a door's clients wait is dropped, but was let in. */
  private static void letIn(Doorway door, String token) {
    assertThat(door.outcome(door.ask(api, ROLE, token)))
        .isIn(new Outcome(true, ""), new Outcome(false, "too_slow"));
  }

  private static int first(Doorway door) {
    return switch (door) {
      case JSON -> 9_000;
      case EXCHANGE -> 9_002;
      case STS -> 9_004;
      case CONTAINER -> 9_006;
    };
  }

  @ParameterizedTest
  @EnumSource
  void a_repository_that_comes_too_often_waits_and_another_does_not(Doorway door) {
    var one = first(door);
    letIn(door, run(one, "main"));
    // Another branch, and so another subject and another token: the same repository.
    limited(door, door.ask(api, ROLE, run(one, "other")));
    letIn(door, run(one + 1, "main"));
  }

  @ParameterizedTest
  @EnumSource
  void a_subject_that_comes_too_often_waits_whatever_its_token_and_another_does_not(Doorway door) {
    var one = first(door);
    letIn(door, pod(one));
    limited(door, door.ask(api, ROLE, pod(one)));
    letIn(door, pod(one + 1));
  }
}
