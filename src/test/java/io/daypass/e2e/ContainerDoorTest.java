package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Container credentials as the SDKs fetch them. */
class ContainerDoorTest {

  private static final World WORLD = Shared.world();

  private final Api api = Shared.api();

  @Test
  void a22_the_container_door_takes_one_token_raw_or_as_a_bearers() {
    var path = "/aws/container-credentials/worker";
    var pod = WORLD.pod();
    assertThat(api.get(path, pod).status()).isIn(200, 503);
    for (var bad : List.of("Basic " + pod, "Bearer  " + pod, pod + " x")) {
      var answer =
          api.any(
              java.net.http.HttpRequest.newBuilder(java.net.URI.create(api.url() + path))
                  .header("Authorization", bad));
      assertThat(answer.is(401).text("code")).isEqualTo("authorization_malformed");
      assertThat(answer.text("message")).isNotBlank();
    }
    assertThat(api.get(path).is(401).text("code")).isEqualTo("credentials_missing");
  }

  @Test
  void every_refusal_is_a_code_and_a_message() {
    var spent = WORLD.run();
    Doorway.JSON.ask(api, "ci-deploy", spent).is(200);
    for (var refused :
        List.of(
            api.get("/aws/container-credentials/ci-deploy", "forged"),
            api.get("/aws/container-credentials/ci-deploy", spent),
            api.get("/aws/container-credentials/prod-admin", WORLD.pod()),
            api.get("/aws/container-credentials/no-such-role", WORLD.pod()),
            api.get("/aws/container-credentials/gcp-logs", WORLD.run()))) {
      assertThat(refused.status()).isBetween(400, 499);
      assertThat(refused.header("Content-Type")).startsWith("application/json");
      assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
      assertThat(refused.json().fieldNames()).containsExactlyInAnyOrder("code", "message");
      assertThat(refused.text("code")).matches("[a-z_]+");
      assertThat(refused.text("message")).isNotBlank();
    }
    var post =
        api.any(
            api.request("/aws/container-credentials/worker", WORLD.pod())
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.text("code")).isNotBlank();
  }
}
