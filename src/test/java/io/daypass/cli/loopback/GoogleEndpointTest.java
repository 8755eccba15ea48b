package io.daypass.cli.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.credential.Keys;
import io.daypass.cli.loopback.Supply.Answer;
import io.daypass.cloud.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoogleEndpointTest {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String GOOD = "grant_type=refresh_token&refresh_token=open-sesame";
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final Answer TOKEN =
      new Answer.Given(new Keys.Google(new Secret("hush")), NOW.plusSeconds(900));

  private final HttpClient client = HttpClient.newHttpClient();
  private Answer answer = TOKEN;
  private GoogleEndpoint endpoint;

  @BeforeEach
  void serve() throws IOException {
    endpoint =
        new GoogleEndpoint(() -> answer, new Secret("open-sesame"), InstantSource.fixed(NOW));
  }

  @AfterEach
  void stop() {
    endpoint.close();
    client.close();
  }

  private HttpResponse<String> post(String url, String type, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whoeverShowsTheRefreshTokenGetsTheAccessToken() throws Exception {
    var got = post(endpoint.url(), FORM + "; charset=UTF-8", GOOD);
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(got.body())
        .isEqualTo("{\"access_token\":\"hush\",\"token_type\":\"Bearer\",\"expires_in\":900}");
  }

  @Test
  void d7_without_the_refresh_token_and_elsewhere_there_is_nothing() throws Exception {
    for (var body :
        new String[] {
          "",
          "grant_type=refresh_token",
          "grant_type=refresh_token&refresh_token=open-sesamf",
          GOOD + "&refresh_token=open-sesame",
          "grant_type=client_credentials&refresh_token=open-sesame",
          "grant_type=refresh_token&refresh_token=%zz",
          GOOD + "&x=" + "y".repeat(100_000)
        }) {
      var refused = post(endpoint.url(), FORM, body);
      assertThat(refused.statusCode()).as(body).isIn(400, 401);
      assertThat(refused.body()).contains("\"error\":").doesNotContain("hush");
    }
    assertThat(post(endpoint.url(), "application/json", GOOD).statusCode()).isEqualTo(400);
    assertThat(post(endpoint.url() + "?x", FORM, GOOD).statusCode()).isEqualTo(404);
    assertThat(post(endpoint.url() + "s", FORM, GOOD).statusCode()).isEqualTo(404);
    var get = HttpRequest.newBuilder(URI.create(endpoint.url())).build();
    assertThat(client.send(get, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(405);
  }

  @Test
  void d7_a_page_whose_name_was_made_to_lead_here_does_not_get_in() throws Exception {
    assertThat(post(endpoint.url().replace("127.0.0.1", "localhost"), FORM, GOOD).statusCode())
        .isEqualTo(421);
  }

  @Test
  void aRefusalSaysWhyAndWhetherItMayPass() throws Exception {
    answer = new Answer.None("refused", "the grant has ended", false);
    var refused = post(endpoint.url(), FORM, GOOD);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .isEqualTo("{\"error\":\"invalid_grant\",\"error_description\":\"the grant has ended\"}");
    answer = new Answer.None("unavailable", "the broker cannot be reached", true);
    assertThat(post(endpoint.url(), FORM, GOOD).statusCode()).isEqualTo(503);
  }

  @Test
  void tokensOfAnotherCloudAreNoneOfGoogles() throws Exception {
    answer = new Answer.Given(new Keys.Oidc(new Secret("hush")), NOW.plusSeconds(900));
    var refused = post(endpoint.url(), FORM, GOOD);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).doesNotContain("hush");
  }
}
