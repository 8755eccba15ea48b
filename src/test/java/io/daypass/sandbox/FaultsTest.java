package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The sandbox misbehaves exactly as told, and no more. */
class FaultsTest {

  private static Sandbox sandbox;

  @BeforeAll
  static void start() throws IOException {
    sandbox = Sandbox.start();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @AfterEach
  void clear() {
    sandbox.github().provider().keysFaults().clear();
  }

  @Test
  void an_outage_lasts_until_it_is_over() {
    sandbox.github().provider().keysFaults().always(Fault.outage());
    assertThat(Http.get(keys()).statusCode()).isEqualTo(503);
    assertThat(Http.get(keys()).statusCode()).isEqualTo(503);
    sandbox.github().provider().keysFaults().clear();
    assertThat(Http.get(keys()).statusCode()).isEqualTo(200);
  }

  @Test
  void a_closed_or_cut_answer_is_an_error_to_the_client() {
    for (var fault : new Fault[] {new Fault.Close(), new Fault.Cut()}) {
      // The client tries a closed connection again by itself.
      sandbox.github().provider().keysFaults().always(fault);
      assertThatThrownBy(() -> Http.get(keys())).hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void a_hanging_or_dripping_answer_does_not_come_in_time() {
    for (var fault : new Fault[] {new Fault.Hang(), new Fault.Drip(Duration.ofSeconds(1))}) {
      sandbox.github().provider().keysFaults().next(fault, 1);
      try (var client = HttpClient.newHttpClient()) {
        var answer =
            client.sendAsync(
                HttpRequest.newBuilder(URI.create(keys())).build(), BodyHandlers.ofString());
        assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
            .isInstanceOf(java.util.concurrent.TimeoutException.class);
        client.shutdownNow();
      }
    }
  }

  @Test
  void an_endless_answer_goes_on_until_the_client_has_enough() {
    sandbox.github().provider().keysFaults().next(new Fault.Endless(), 1);
    try (var client = HttpClient.newHttpClient()) {
      var limited = BodyHandlers.limiting(BodyHandlers.ofString(), 1_000_000);
      assertThatThrownBy(
              () -> client.send(HttpRequest.newBuilder(URI.create(keys())).build(), limited))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_key_set_can_be_poisoned() {
    var faults = sandbox.github().provider().keysFaults();
    faults.next(Fault.large(200_000), 1);
    faults.next(Fault.manyKeys(1_000), 1);
    faults.next(Fault.html(), 1);
    faults.next(Fault.redirect("http://localhost:1/"), 1);
    assertThat(Http.get(keys()).body()).hasSize(200_000);
    assertThat(new JsonObject(Http.get(keys()).body()).getJsonArray("keys")).hasSize(1_000);
    assertThat(Http.get(keys()).body()).startsWith("<!doctype html>");
    assertThat(Http.get(keys()).statusCode()).isEqualTo(302);
    assertThat(Http.get(keys()).statusCode()).isEqualTo(200);
  }

  @Test
  void a_late_answer_is_the_right_one() {
    sandbox.github().provider().keysFaults().next(new Fault.Delay(Duration.ofMillis(50)), 1);
    assertThat(Http.get(keys()).body()).isEqualTo(sandbox.github().provider().keys().jwks());
  }

  private static String keys() {
    return sandbox.url() + "/github/jwks";
  }
}
