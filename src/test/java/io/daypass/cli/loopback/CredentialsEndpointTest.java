package io.daypass.cli.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.credential.Keys;
import io.daypass.cli.loopback.Supply.Answer;
import io.daypass.cloud.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CredentialsEndpointTest {

  private static final Instant END = Instant.parse("2026-03-02T12:55:00Z");
  private static final Answer KEYS =
      new Answer.Given(
          new Keys.Aws("ASIAEXAMPLE", new Secret("hush"), new Secret("token"), "1234"), END);

  private final HttpClient client = HttpClient.newHttpClient();
  private Answer answer = KEYS;
  private CredentialsEndpoint endpoint;

  @BeforeEach
  void serve() throws IOException {
    endpoint = new CredentialsEndpoint(() -> answer, new Secret("open-sesame"));
  }

  @AfterEach
  void stop() {
    endpoint.close();
    client.close();
  }

  private HttpResponse<String> get(String url, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whoeverShowsTheTokenGetsTheKeysAsAContainerWould() throws Exception {
    assertThat(endpoint.url()).startsWith("http://127.0.0.1:");
    var got = get(endpoint.url(), "Authorization", "open-sesame");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(got.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(got.body())
        .isEqualTo(
            "{\"AccessKeyId\":\"ASIAEXAMPLE\",\"SecretAccessKey\":\"hush\",\"Token\":\"token\","
                + "\"Expiration\":\"2026-03-02T12:55:00Z\",\"AccountId\":\"1234\"}");
  }

  @Test
  void d7_without_the_token_and_elsewhere_there_is_nothing() throws Exception {
    for (var refused :
        new HttpResponse<?>[] {
          get(endpoint.url()),
          get(endpoint.url(), "Authorization", "open-sesamf"),
          get(endpoint.url(), "Authorization", "Bearer open-sesame"),
          get(endpoint.url(), "Authorization", "open-sesame", "Authorization", "open-sesame")
        }) {
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body().toString()).doesNotContain("hush");
    }
    assertThat(get(endpoint.url() + "/", "Authorization", "open-sesame").statusCode())
        .isEqualTo(404);
    assertThat(get(endpoint.url() + "?x", "Authorization", "open-sesame").statusCode())
        .isEqualTo(404);
  }

  @Test
  void aRefusalSaysWhyAndWhetherItMayPass() throws Exception {
    answer = new Answer.None("grant_ended", "the grant has ended", false);
    var refused = get(endpoint.url(), "Authorization", "open-sesame");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .isEqualTo("{\"code\":\"grant_ended\",\"message\":\"the grant has ended\"}");
    answer = new Answer.None("unreachable", "the broker cannot be reached", true);
    assertThat(get(endpoint.url(), "Authorization", "open-sesame").statusCode()).isEqualTo(503);
  }

  @Test
  void keysOfAnotherCloudAreNoneOfItsOwn() throws Exception {
    answer = new Answer.Given(new Keys.Google(new Secret("hush")), END);
    var refused = get(endpoint.url(), "Authorization", "open-sesame");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).doesNotContain("hush");
  }
}
