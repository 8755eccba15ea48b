package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInAccount;
import io.daypass.sandbox.gcp.StandInProvider;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Google's STS: who gets a federated token. */
class GcpExchangeTest extends GcpStandIns {

  private void refusedForm(String code, String field, String value) {
    var form = form();
    form.put("subject_token", broker.es256(claims()));
    form.put(field, value);
    var answer = post(form);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(code);
  }

  @Test
  void a_good_assertion_of_either_algorithm_gets_a_federated_token() {
    for (var token : List.of(broker.es256(claims()), broker.rs256(claims()))) {
      var answer = exchange(Map.of("subject_token", token));
      assertThat(answer.statusCode()).isEqualTo(200);
      var body = new JsonObject(answer.body());
      assertThat(body.getString("access_token")).startsWith("ya29.d.");
      assertThat(body.getString("token_type")).isEqualTo("Bearer");
      assertThat(body.getString("issued_token_type"))
          .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
      assertThat(body.getInteger("expires_in")).isEqualTo(3599);
    }
    var call = sandbox.calls().list("gcp.sts", "token").getFirst();
    assertThat(call.facts()).containsEntry("subject", "role:gcp-logs");
    assertThat(sandbox.calls().reply().body()).doesNotContain("ya29.");
  }

  @Test
  void both_spellings_of_the_audience_are_the_providers_own_and_no_other() {
    assertThat(exchange(with("aud", "https:" + GcpStandIn.PROVIDER)).statusCode()).isEqualTo(200);
    refused("invalid_grant", with("aud", GcpStandIn.PROVIDER + "x"));
    refused("invalid_grant", with("aud", "daypass-aws-123456789012"));
    refused("invalid_grant", with("aud", List.of(GcpStandIn.PROVIDER, "elsewhere")));
  }

  @Test
  void a_provider_with_audiences_of_its_own_takes_no_other() {
    var own =
        new StandInProvider(
            GcpStandIn.PROVIDER,
            broker.url(),
            List.of("daypass-gcp"),
            Map.of("google.subject", "assertion.sub"),
            null);
    sandbox.gcp().add(own);
    assertThat(exchange(with("aud", "daypass-gcp")).statusCode()).isEqualTo(200);
    refused("invalid_grant", claims());
  }

  @Test
  void a_form_that_asks_for_something_else_is_refused() {
    refusedForm("unsupported_grant_type", "grant_type", "client_credentials");
    refusedForm("invalid_request", "requested_token_type", "urn:ietf:params:oauth:token-type:jwt");
    refusedForm("invalid_request", "subject_token_type", "urn:x");
    refusedForm("invalid_request", "audience", "daypass");
    refusedForm("invalid_target", "audience", GcpStandIn.PROVIDER + "-not");
    refusedForm("invalid_request", "scope", "");
    refusedForm("invalid_scope", "scope", "cloud-platform");
    refusedForm("invalid_grant", "subject_token", "abc");
  }

  @Test
  void an_issuer_or_a_key_of_somebody_else_is_refused() {
    refused("invalid_grant", with("iss", broker.url() + "/"));
    var other = TestBroker.newEc();
    var stolenId = TestBroker.sign(JWSAlgorithm.ES256, broker.key().getKeyID(), claims(), other);
    var unknownId = TestBroker.sign(JWSAlgorithm.ES256, other.getKeyID(), claims(), other);
    refusedForm("invalid_grant", "subject_token", stolenId);
    refusedForm("invalid_grant", "subject_token", unknownId);
    var parts = broker.es256(claims()).split("\\.", -1);
    var changed = broker.es256(with("sub", "role:gcp-storage")).split("\\.", -1);
    refusedForm("invalid_grant", "subject_token", parts[0] + "." + changed[1] + "." + parts[2]);
  }

  @Test
  void times_outside_their_limits_are_refused() {
    var now = clock.instant().getEpochSecond();
    refused("invalid_grant", with("exp", now - 1));
    refused("invalid_grant", with("exp", now + 90_000));
    refused("invalid_grant", with("iat", now + 40));
    refused("invalid_grant", with("iat", now + 2));
    refused("invalid_grant", with("nbf", now + 2));
    refused("invalid_grant", with("nbf", now + 1000));
    for (var name : List.of("iss", "aud", "exp", "iat", "sub")) {
      var claims = claims();
      claims.remove(name);
      refused("invalid_grant", claims);
    }
  }

  @Test
  void a_subject_of_more_than_127_bytes_is_refused() {
    assertThat(exchange(with("sub", "role:" + "x".repeat(122))).statusCode()).isEqualTo(200);
    refused("invalid_request", with("sub", "role:" + "x".repeat(123)));
  }

  @Test
  void the_providers_condition_decides_who_passes() {
    refused("unauthorized_client", with("sub", "alice"));
  }

  @Test
  void an_issuer_that_cannot_be_reached_vouches_for_nobody() {
    sandbox.gcp().trust("http://localhost:1");
    refused("invalid_grant", with("iss", "http://localhost:1"));
    assertThat(exchange(with("iss", "http://localhost:1")).body())
        .contains("Error connecting to the given credential's issuer.");
  }

  @Test
  void the_subject_may_be_mapped_so_that_the_trail_names_the_request() {
    var provider =
        new StandInProvider(
            GcpStandIn.PROVIDER,
            broker.url(),
            List.of(),
            Map.of(
                "google.subject", "assertion.daypass.session", "attribute.role", "assertion.sub"),
            "assertion.sub.startsWith('role:')");
    sandbox.gcp().add(provider);
    var account =
        StandInAccount.of(
            LOGS,
            GcpStandIn.principal("x")
                .replace("principal:", "principalSet:")
                .replace("/subject/x", "/attribute.role/role:gcp-logs"));
    sandbox.gcp().add(account);
    var claims = with("daypass", Map.of("session", "alice@acme.example-01J"));
    var answer = generate(federated(claims), LOGS, "600s", PLATFORM);
    assertThat(answer.statusCode()).isEqualTo(200);
    var allowed = allowed(new JsonObject(answer.body()).getString("accessToken"), "");
    assertThat(allowed.getString("actor")).isEqualTo("alice@acme.example-01J");
  }

  @Test
  void faults_show_at_every_service() {
    sandbox.gcp().stsFaults().next(new Fault.Refuse(429, "RESOURCE_EXHAUSTED"), 1);
    assertThat(exchange(claims()).statusCode()).isEqualTo(429);
    var token = federated(claims());
    sandbox.gcp().iamFaults().next(new Fault.Refuse(503, "UNAVAILABLE"), 1);
    assertThat(status(generate(token, LOGS, "300s", PLATFORM))).isEqualTo("UNAVAILABLE");
    sandbox.gcp().resourceFaults().next(new Fault.Refuse(500, "INTERNAL"), 1);
    assertThat(status(rm(token, "getIamPolicy", new JsonObject()))).isEqualTo("INTERNAL");
  }
}
