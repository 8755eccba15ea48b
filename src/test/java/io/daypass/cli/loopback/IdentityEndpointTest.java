package io.daypass.cli.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cli.credential.Keys;
import io.daypass.cli.loopback.Supply.Answer;
import io.daypass.cloud.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityEndpointTest {

  private static final String HEADER = "X-IDENTITY-HEADER";
  private static final String STORAGE =
      "?api-version=2019-08-01&resource=https://storage.azure.com";
  private static final Instant END = Instant.ofEpochSecond(1_772_456_000);

  private final HttpClient client = HttpClient.newHttpClient();
  private Answer answer = token("https://storage.azure.com/.default");
  private IdentityEndpoint endpoint;

  private static Answer token(String scope) {
    return new Answer.Given(new Keys.Azure(new Secret("hush"), scope), END);
  }

  @BeforeEach
  void serve() throws IOException {
    endpoint = new IdentityEndpoint(() -> answer, new Secret("open-sesame"));
  }

  @AfterEach
  void stop() {
    endpoint.close();
    client.close();
  }

  private HttpResponse<String> asked(String resource) throws Exception {
    return get(
        endpoint.url() + "?api-version=2019-08-01&resource=" + resource, HEADER, "open-sesame");
  }

  private HttpResponse<String> get(String url, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whoeverShowsTheHeaderGetsTheTokenAsInAnAppService() throws Exception {
    var got = get(endpoint.url() + STORAGE, HEADER, "open-sesame");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(got.body())
        .isEqualTo(
            "{\"access_token\":\"hush\",\"expires_on\":\"1772456000\","
                + "\"resource\":\"https://storage.azure.com\",\"token_type\":\"Bearer\"}");
  }

  @Test
  void d7_without_the_header_and_elsewhere_there_is_nothing() throws Exception {
    for (var refused :
        new HttpResponse<?>[] {
          get(endpoint.url() + STORAGE),
          get(endpoint.url() + STORAGE, HEADER, "open-sesamf"),
          get(endpoint.url() + STORAGE, HEADER, "open-sesame", HEADER, "open-sesame"),
          get(endpoint.url() + STORAGE, "Authorization", "open-sesame"),
          // What an attacker can have a metadata client send anywhere.
          get(endpoint.url() + STORAGE, "Metadata", "true")
        }) {
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body().toString()).doesNotContain("hush");
    }
    for (var odd :
        new String[] {
          "",
          "?resource=https://storage.azure.com",
          "?api-version=2019-08-01",
          "?api-version=2017-09-01&resource=https://storage.azure.com",
          STORAGE + "&resource=https://storage.azure.com"
        }) {
      assertThat(get(endpoint.url() + odd, HEADER, "open-sesame").statusCode()).isEqualTo(400);
    }
    assertThat(get(endpoint.url() + "/x" + STORAGE, HEADER, "open-sesame").statusCode())
        .isEqualTo(404);
  }

  @Test
  void d7_a_page_whose_name_was_made_to_lead_here_does_not_get_in() throws Exception {
    var url = endpoint.url().replace("127.0.0.1", "localhost");
    assertThat(get(url + STORAGE, HEADER, "open-sesame").statusCode()).isEqualTo(421);
  }

  @ParameterizedTest
  @CsvSource({
    "https://vault.azure.net/.default, https://vault.azure.net/, 200",
    "https://vault.azure.net/.default, https://vault.azure.net/.default, 200",
    "https://management.azure.com//.default, https://management.azure.com/, 200",
    "https://management.azure.com/.default, https://management.core.usgovcloudapi.net/, 400",
    "https://management.usgovcloudapi.net/.default, https://management.azure.com/, 400",
    "https://management.chinacloudapi.cn/.default, https://management.core.windows.net/, 400",
    "https://vault.azure.net/.default, https://storage.azure.com, 400",
    "https://storage.azure.com/.default, https://management.azure.com, 400",
    "https://storage.azure.com/.default, https://storage.azure.com.evil.example, 400",
    "https://storage.azure.com/.default, https://STORAGE.azure.com, 400"
  })
  void aTokenIsOnlyForWhatItIsFor(String scope, String resource, int status) throws Exception {
    answer = token(scope);
    var got = asked(resource);
    assertThat(got.statusCode()).isEqualTo(status);
    if (status != 200) {
      assertThat(got.body()).contains("the role's tokens are for").doesNotContain("hush");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://management.azure.com, https://management.core.windows.net",
    "https://management.usgovcloudapi.net, https://management.core.usgovcloudapi.net",
    "https://management.chinacloudapi.cn, https://management.core.chinacloudapi.cn"
  })
  void resourceManagerHasTwoNamesInEachOfAzuresClouds(String name, String older) throws Exception {
    for (var ours : new String[] {name, older}) {
      answer = token(ours + "/.default");
      for (var theirs : new String[] {name, older}) {
        assertThat(asked(theirs + "/").statusCode()).as(ours + " " + theirs).isEqualTo(200);
      }
    }
  }

  @Test
  void aRefusalSaysWhyAndWhetherItMayPass() throws Exception {
    answer = new Answer.None("refused", "the grant has ended", false);
    var refused = get(endpoint.url() + STORAGE, HEADER, "open-sesame");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("\"message\":\"the grant has ended\"");
    answer = new Answer.None("unavailable", "the broker cannot be reached", true);
    assertThat(get(endpoint.url() + STORAGE, HEADER, "open-sesame").statusCode()).isEqualTo(503);
    answer = new Answer.Given(new Keys.Google(new Secret("hush")), END);
    assertThat(get(endpoint.url() + STORAGE, HEADER, "open-sesame").statusCode()).isEqualTo(403);
  }

  @Test
  void onceItIsClosedNobodyAnswers() {
    endpoint.close();
    assertThatThrownBy(() -> get(endpoint.url() + STORAGE, HEADER, "open-sesame"))
        .isInstanceOf(ConnectException.class);
  }
}
