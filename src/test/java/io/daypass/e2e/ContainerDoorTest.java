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
}
