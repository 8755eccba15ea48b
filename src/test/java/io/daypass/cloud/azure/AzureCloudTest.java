package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daypass.cloud.BindingStore;
import io.daypass.cloud.Credential.AzureToken;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.RecordedGrants;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole way to Azure, against a stand-in that takes only what Azure takes. */
class AzureCloudTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TEN = Duration.ofMinutes(10);
  private static final String FIRST = AzureStandIn.storageIdentities().get(0);
  private static final String SECOND = AzureStandIn.storageIdentities().get(1);

  private final AzureBench bench = new AzureBench();

  @AfterEach
  void close() {
    bench.close();
  }

  private AzureToken storage(String who) throws MintException {
    return bench.mint(bench.storage(bench.request(who, TEN)));
  }

  private void refused(Reason reason, RecordedGrant grant) {
    refused(reason, bench.cloud, grant);
  }

  private static void refused(Reason reason, AzureCloud cloud, RecordedGrant grant) {
    assertThatExceptionOfType(MintException.class)
        .isThrownBy(() -> cloud.mint(grant))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void p2_a_role_that_accepts_it_gives_a_token_that_says_how_long_it_truly_lives()
      throws Exception {
    var request = bench.request("alice", TEN);
    var grant = bench.reports(request);
    var token = bench.mint(grant);
    assertThat(token.expiresAt()).isEqualTo(grant.endsAt());
    assertThat(Duration.between(Instant.now(), token.livesUntil()))
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(90));
    assertThat(token.outlives()).isTrue();
    bench.revoke(request.id());
    bench.sweep();
    assertThat(bench.mayAct(token)).as("as it was accepted").isTrue();
    assertThat(bench.store.of(request.id())).isEmpty();
  }

  @Test
  void a_token_that_dies_before_its_grant_says_so() throws Exception {
    var token = bench.mint(bench.reports(bench.request("alice", Duration.ofHours(8))));
    assertThat(token.expiresAt()).isEqualTo(token.livesUntil());
  }

  @Test
  void d2_the_assertion_is_for_entra_alone_and_names_role_and_issuance() throws Exception {
    var grant = bench.reports(bench.request("alice", TEN));
    bench.mint(grant);
    var call = bench.sandbox.calls().list("azure.entra", "token").getFirst();
    assertThat(call.facts())
        .containsEntry("subject", "role:azure-reports")
        .containsEntry("jti", grant.issuance().toString())
        .containsEntry("client_id", AzureStandIn.reportsIdentity())
        .containsEntry("scope", "https://storage.azure.com/.default");
  }

  @Test
  void p2_what_a_token_may_do_begins_with_its_grant_and_ends_with_it() throws Exception {
    var request = bench.request("alice", TEN);
    var grant = bench.storage(request);
    var token = bench.mint(grant);
    assertThat(token.outlives()).isFalse();
    assertThat(token.expiresAt()).isEqualTo(grant.endsAt());
    assertThat(token.livesUntil()).isAfter(grant.endsAt());
    assertThat(bench.mayAct(token)).isTrue();
    bench.sweep();
    assertThat(bench.mayAct(token)).isTrue();
    bench.requests.age(request.id(), TEN);
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
    assertThat(bench.allowed(token).getString("why")).isEqualTo("no role is assigned");
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void p2_no_token_says_that_it_is_good_for_longer_than_its_grant() {
    var random = new Random(1);
    for (var i = 0; i < 10_000; i++) {
      var now = Grants.NOW.plusSeconds(random.nextLong(10_000_000));
      var ends = now.plusSeconds(1 + random.nextLong(40_000));
      var lives = now.plusSeconds(random.nextLong(90_000));
      var target = AzureBench.accepted();
      var grant = Grants.standard().to(target).at(now).ending(ends).recorded();
      var received = new ReceivedToken(new Secret("t"), Optional.empty(), Optional.empty(), lives);
      var token = AzureCloud.credential(grant, target, received, random.nextBoolean());
      assertThat(token.expiresAt()).isBeforeOrEqualTo(ends).isBeforeOrEqualTo(lives);
      assertThat(token.livesUntil()).isEqualTo(lives);
    }
  }

  @Test
  void p5_a_revoked_grant_takes_its_access_with_it_at_once() throws Exception {
    var request = bench.request("alice", HOUR);
    var token = bench.mint(bench.storage(request));
    bench.revoke(request.id());
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
    assertThat(bench.store.of(request.id()).getFirst().state())
        .isEqualTo(BindingStore.State.REMOVED);
  }

  @Test
  void what_is_assigned_says_in_azure_whose_it_is_and_is_named_as_it_was_written_down()
      throws Exception {
    var request = bench.request("alice", TEN);
    bench.mint(bench.storage(request));
    var binding = AzureBench.only(bench.store.of(request.id()));
    var call = bench.sandbox.calls().list("azure.arm", "put roleAssignment").getFirst();
    assertThat((String) call.facts().get("path"))
        .endsWith("/providers/Microsoft.Authorization/roleAssignments/" + binding.id());
    assertThat(call.facts())
        .containsEntry("client_id", AzureStandIn.BINDER)
        .containsEntry("principal_id", AzureStandIn.objectId(FIRST))
        .containsEntry("role", AzureStandIn.BLOB_READER);
  }

  @Test
  void no_token_is_kept_for_another_issuance() throws Exception {
    var request = bench.request("alice", TEN);
    var first = bench.mint(bench.storage(request));
    var second = bench.mint(bench.storage(request));
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.fingerprint()).isNotEqualTo(first.fingerprint());
    assertThat(bench.tokens(FIRST)).isEqualTo(2);
    assertThat(bench.puts()).as("the assignment of the first serves both").isEqualTo(1);
    assertThat(bench.mayAct(second)).isTrue();
  }

  @Test
  void an_identity_serves_one_grant_at_a_time() throws Exception {
    var alice = storage("alice");
    var bob = storage("bob");
    assertThat(bench.allowed(alice).getString("client_id")).isEqualTo(FIRST);
    assertThat(bench.allowed(bob).getString("client_id")).isEqualTo(SECOND);
    refused(Reason.ACCESS_TAKEN, bench.storage(bench.request("carol", TEN)));
    assertThat(bench.sandbox.azure().assignments()).isEqualTo(2);
  }

  @Test
  void p2_a_token_of_an_ended_grant_does_not_work_again_by_another_grant_s_assignment()
      throws Exception {
    var request = bench.request("alice", TEN);
    var old = bench.mint(bench.storage(request));
    bench.revoke(request.id());
    bench.sweep();
    var next = storage("alice");
    assertThat(bench.allowed(next).getString("client_id")).isEqualTo(SECOND);
    assertThat(bench.mayAct(old)).isFalse();
  }

  @Test
  void access_that_somebody_gave_by_hand_is_refused_because_it_would_stay() throws Exception {
    bench.sandbox.azure().assignedByHand(FIRST, AzureStandIn.BLOB_READER, AzureBench.SCOPE);
    var request = bench.request("alice", TEN);
    refused(Reason.CLOUD_REFUSED, bench.storage(request));
    assertThat(bench.store.of(request.id()).getFirst().state())
        .isEqualTo(BindingStore.State.RECORDED);
  }

  @Test
  void what_a_killed_replica_made_is_found_and_used() throws Exception {
    var request = bench.request("alice", TEN);
    bench.sandbox.azure().armFaults().next(new Fault.Hang(), 3);
    refused(Reason.CLOUD_FAILED, bench.storage(request));
    assertThat(bench.sandbox.azure().assignments()).isEqualTo(1);
    bench.sandbox.azure().armFaults().clear();
    var token = bench.mint(bench.storage(request));
    assertThat(bench.mayAct(token)).isTrue();
    assertThat(bench.sandbox.azure().assignments()).isEqualTo(1);
    bench.revoke(request.id());
    Thread.sleep(1_100); // the attempt that may still be on its way is over by then
    bench.sweep();
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void a_principal_that_has_not_arrived_everywhere_is_assigned_all_the_same() throws Exception {
    bench.sandbox.azure().principalsReplicate(false);
    assertThat(bench.mayAct(storage("alice"))).isTrue();
  }

  @Test
  void a_mint_waits_until_the_assignment_is_shown() throws Exception {
    bench.sandbox.azure().replication(Duration.ofMillis(600));
    bench.sandbox.azure().propagation(Duration.ofMillis(600));
    assertThat(bench.mayAct(storage("alice"))).isTrue();
  }

  @Test
  void an_assignment_that_does_not_show_in_time_is_come_back_for() throws Exception {
    bench.sandbox.azure().replication(Duration.ofMillis(2_600));
    var request = bench.request("alice", TEN);
    refused(Reason.ACCESS_NOT_READY, bench.storage(request));
    Thread.sleep(1_000);
    assertThat(bench.mayAct(bench.mint(bench.storage(request)))).isTrue();
  }

  @Test
  void without_somebody_to_assign_roles_nothing_is_minted() {
    try (var cloud = bench.cloud(null, Duration.ofSeconds(1))) {
      refused(Reason.CLOUD_REFUSED, cloud, bench.storage(bench.request("alice", TEN)));
    }
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void one_who_may_not_assign_this_role_assigns_nothing() {
    bench
        .sandbox
        .azure()
        .add(
            new StandInApp(
                AzureStandIn.BINDER,
                AzureStandIn.objectId(AzureStandIn.BINDER),
                List.of(),
                java.util.Set.of(),
                false,
                null));
    refused(Reason.CLOUD_REFUSED, bench.storage(bench.request("alice", TEN)));
  }

  @Test
  void b3_another_role_s_subject_gets_no_token() {
    var request = bench.request("alice", TEN);
    refused(Reason.CLOUD_REFUSED, bench.grant(request, "azure-Storage", AzureBench.assigned()));
    refused(Reason.CLOUD_REFUSED, bench.grant(request, "azure-reports", AzureBench.assigned()));
    var outcomes =
        bench.sandbox.calls().list("azure.entra", "token").stream().map(c -> c.outcome()).toList();
    assertThat(outcomes).containsOnly("AADSTS700213");
  }

  @Test
  void a_grant_with_nothing_left_is_not_minted_for() {
    var grant = bench.storage(bench.request("alice", TEN));
    var over =
        RecordedGrants.of(
            UUID.randomUUID(),
            grant.request(),
            grant.requester(),
            grant.role(),
            grant.endsAt().minusSeconds(3),
            grant.endsAt());
    refused(Reason.GRANT_TOO_SHORT, over);
    assertThat(bench.sandbox.calls().list()).isEmpty();
  }

  @Test
  void p5_a_grant_that_is_revoked_while_it_is_minted_for_leaves_nothing() {
    var request = bench.request("alice", TEN);
    bench
        .sandbox
        .azure()
        .armFaults()
        .next(
            new Fault.Rewrite(reply -> {
              bench.revoke(request.id());
              return reply;
            }),
            1);
    refused(Reason.GRANT_OVER, bench.storage(request));
    bench.sweep();
    assertThat(bench.sandbox.azure().assignments()).isZero();
    refused(Reason.GRANT_OVER, bench.storage(request));
  }

  @Test
  void other_clouds_targets_are_not_its_own() {
    assertThat(bench.cloud.serves(Grants.standard().target())).isFalse();
    assertThat(bench.cloud.serves(AzureBench.accepted())).isTrue();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> bench.cloud.turn(Grants.standard().target()));
    try (var turn = bench.cloud.turn(AzureBench.accepted()).orElseThrow()) {
      assertThat(turn).isNotNull();
    }
    assertThat(bench.cloud.heldBack()).isZero();
  }

  // What goes wrong at Entra.

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

  private static Fault lying(Consumer<JsonObject> lie) {
    return new Fault.Rewrite(reply -> {
      var body = new JsonObject(reply.body());
      if (!body.containsKey("access_token")) {
        return reply;
      }
      var parts = body.getString("access_token").split("\\.", -1);
      var claims =
          new JsonObject(
              new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
      lie.accept(claims);
      var payload =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(claims.encode().getBytes(StandardCharsets.UTF_8));
      body.put("access_token", parts[0] + "." + payload + "." + parts[2]);
      return new Reply(reply.status(), reply.contentType(), body.encode(), Map.of());
    });
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
  void a_token_that_does_not_say_whose_it_is_gets_nothing_assigned() {
    bench.sandbox.azure().entraFaults().always(lying(claims -> claims.remove("oid")));
    refused(Reason.CLOUD_ANSWER_WRONG, bench.storage(bench.request("alice", TEN)));
    assertThat(bench.puts()).isZero();
  }

  @Test
  void a_token_of_a_resource_s_own_making_is_taken_as_it_is() throws Exception {
    bench
        .sandbox
        .azure()
        .entraFaults()
        .always(
            new Fault.Rewrite(reply ->
                reply.withBody(
                    reply
                        .body()
                        .replaceAll(
                            "\"access_token\":\"[^\"]*",
                            "\"access_token\":\"opaque-" + "x".repeat(40)))));
    var grant = bench.reports(bench.request("alice", TEN));
    var token = bench.mint(grant);
    assertThat(token.id()).isEqualTo(grant.issuance().toString());
    assertThat(token.accessToken().reveal()).startsWith("opaque-");
  }

  @Test
  void a_version_2_token_names_its_resource_by_the_client_id() throws Exception {
    bench
        .sandbox
        .azure()
        .entraFaults()
        .always(
            lying(claims -> {
              claims.put("ver", "2.0");
              claims.put("aud", UUID.randomUUID().toString());
              claims.put("azp", claims.remove("appid"));
            }));
    assertThat(bench.mint(bench.reports(bench.request("alice", TEN)))).isNotNull();
  }

  @Test
  void a_credential_that_has_not_arrived_everywhere_is_tried_again() throws Exception {
    bench
        .sandbox
        .azure()
        .credentialsPropagating(AzureStandIn.reportsIdentity(), Duration.ofMillis(3));
    assertThat(bench.mint(bench.reports(bench.request("alice", TEN)))).isNotNull();
  }

  // What goes wrong at Resource Manager.

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

  @Test
  void what_cannot_be_removed_is_removed_later() throws Exception {
    var request = bench.request("alice", TEN);
    var token = bench.mint(bench.storage(request));
    bench.revoke(request.id());
    bench.sandbox.azure().armFaults().always(Fault.outage());
    for (var i = 0; i < 6; i++) {
      bench.sweep();
    }
    assertThat(bench.mayAct(token)).isTrue();
    assertThat(bench.store.of(request.id()).getFirst().stuck()).isTrue();
    bench.sandbox.azure().armFaults().clear();
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
  }

  @Test
  void what_must_be_removed_is_removed_while_entra_is_away() throws Exception {
    var request = bench.request("alice", TEN);
    var token = bench.mint(bench.storage(request));
    bench.sandbox.azure().entraFaults().always(Fault.outage());
    bench.revoke(request.id());
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
  }

  @Test
  void nothing_of_the_surroundings_is_looked_up() throws Exception {
    var names =
        Map.of(
            "AZURE_REGIONAL_AUTHORITY_NAME", "westeurope",
            "AZURE_AUTHORITY_HOST", "https://evil.example",
            "AZURE_TENANT_ID", "evil",
            "AZURE_CLIENT_ID", "evil",
            "AZURE_CLIENT_SECRET", "evil");
    names.forEach(System::setProperty);
    try {
      assertThat(bench.mayAct(storage("alice"))).isTrue();
    } finally {
      names.keySet().forEach(System::clearProperty);
    }
  }
}
