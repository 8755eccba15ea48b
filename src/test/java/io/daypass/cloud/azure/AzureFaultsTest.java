package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.MintException.Reason;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong at Entra and at Resource Manager. */
class AzureFaultsTest extends AzureMints {

  private void entra(Fault fault, Reason reason) {
    bench.sandbox.azure().entraFaults().always(fault);
    var request = bench.request("alice", TEN);
    refused(reason, bench.storage(request));
    refused(reason, bench.reports(bench.request("bob", TEN)));
    bench.sandbox.azure().entraFaults().clear();
    assertThat(bench.sandbox.azure().assignments()).isZero();
    bench.revoke(request.id());
    bench.sweep();
  }

  @Test
  void f20_entra_is_down() {
    entra(Fault.outage(), Reason.CLOUD_FAILED);
  }

  @Test
  void f22_a_moment_of_it_is_borne() throws Exception {
    bench.sandbox.azure().entraFaults().next(Fault.outage(), 2);
    assertThat(bench.mayAct(storage("alice"))).isTrue();
    bench.sandbox.azure().armFaults().next(Fault.outage(), 2);
    assertThat(bench.mayAct(storage("bob"))).isTrue();
  }

  @Test
  void f22_entra_asks_for_patience() throws Exception {
    entra(new Fault.Refuse(429, "TooManyRequests"), Reason.CLOUD_THROTTLED);
    bench.sandbox.azure().entraFaults().next(new Fault.Refuse(429, "TooManyRequests"), 1);
    assertThat(storage("carol")).as("after the second it asked for").isNotNull();
  }

  @Test
  void f21_entra_hangs() {
    entra(new Fault.Hang(), Reason.CLOUD_FAILED);
  }

  @Test
  void f24_entra_answers_something_else() {
    entra(Fault.garbage(), Reason.CLOUD_ANSWER_WRONG);
    entra(Fault.html(), Reason.CLOUD_ANSWER_WRONG);
    entra(Fault.say("application/json", "{}"), Reason.CLOUD_ANSWER_WRONG);
    entra(Fault.redirect("https://evil.example/"), Reason.CLOUD_ANSWER_WRONG);
    entra(new Fault.Endless(), Reason.CLOUD_FAILED);
  }

  @Test
  void f24_a_token_of_another_tenant_application_or_audience_is_dropped() {
    entra(
        lying(claims -> claims.put("tid", UUID.randomUUID().toString())),
        Reason.CLOUD_ANSWER_WRONG);
    entra(lying(claims -> claims.remove("tid")), Reason.CLOUD_ANSWER_WRONG);
    entra(lying(claims -> claims.put("appid", SECOND)), Reason.CLOUD_ANSWER_WRONG);
    entra(lying(claims -> claims.put("aud", "https://vault.azure.net")), Reason.CLOUD_ANSWER_WRONG);
    entra(
        lying(claims -> claims.put("aud", UUID.randomUUID().toString())),
        Reason.CLOUD_ANSWER_WRONG);
  }

  @Test
  void f24_a_token_that_lives_too_long_or_not_at_all_is_dropped() {
    var now = Instant.now().getEpochSecond();
    entra(lying(claims -> claims.put("exp", now + 200_000)), Reason.CLOUD_ANSWER_WRONG);
    entra(lying(claims -> claims.put("exp", Long.MAX_VALUE)), Reason.CLOUD_ANSWER_WRONG);
    entra(lying(claims -> claims.put("exp", now + 60)), Reason.CLOUD_ANSWER_WRONG);
    entra(
        new Fault.Rewrite(reply ->
            reply.withBody(
                reply.body().replaceAll("\"expires_in\":[0-9]+", "\"expires_in\":99999999"))),
        Reason.CLOUD_ANSWER_WRONG);
  }

  @Test
  void a_credential_that_has_not_arrived_everywhere_is_tried_again() throws Exception {
    bench
        .sandbox
        .azure()
        .credentialsPropagating(AzureStandIn.reportsIdentity(), Duration.ofMillis(3));
    assertThat(bench.mint(bench.reports(bench.request("alice", TEN)))).isNotNull();
  }

  /** Entra's refusal by {@code code}. */
  static Reply saying(int code) {
    return Reply.json(
        401,
        new JsonObject()
            .put("error", "invalid_client")
            .put("error_description", "AADSTS" + code + ": no")
            .put("error_codes", new JsonArray().add(code)));
  }

  @ParameterizedTest
  @CsvSource({
    "70021, true",
    "70025, true",
    "700211, true",
    "700212, true",
    "700213, true",
    "7002137, true",
    "7002138, false",
    "700016, false"
  })
  void a_credential_that_entra_does_not_know_yet_is_asked_for_again_and_a_wrong_one_is_not(
      int code, boolean again) throws Exception {
    var faults = bench.sandbox.azure().entraFaults();
    faults.next(new Fault.Rewrite(_ -> saying(code)), 1);
    var grant = bench.reports(bench.request("alice", TEN));
    if (again) {
      assertThat(bench.mint(grant)).isNotNull();
      faults.always(new Fault.Rewrite(_ -> saying(code)));
    }
    var before = asked();
    refused(Reason.CLOUD_REFUSED, grant);
    assertThat(asked() - before).isEqualTo(again ? 3 : 1);
  }

  private long asked() {
    return bench.sandbox.calls().list("azure.entra", "token").size();
  }

  @Test
  void f20_resource_manager_is_down_throttles_or_lies() {
    for (var fault :
        Map.of(
                Fault.outage(),
                Reason.CLOUD_FAILED,
                new Fault.Refuse(429, "TooManyRequests"),
                Reason.CLOUD_THROTTLED,
                Fault.garbage(),
                Reason.CLOUD_ANSWER_WRONG,
                new Fault.Refuse(403, "AuthorizationFailed"),
                Reason.CLOUD_REFUSED)
            .entrySet()) {
      var request = bench.request("alice", TEN);
      bench.sandbox.azure().armFaults().always(fault.getKey());
      var every = AzureBench.assigned(AzureStandIn.storageIdentities());
      refused(fault.getValue(), bench.grant(request, "azure-storage", every));
      bench.sandbox.azure().armFaults().clear();
      bench.revoke(request.id());
      bench.sweep();
      bench.sweep();
    }
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }
}
