package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.ledger.RecordedGrants;
import io.daypass.policy.Target;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The whole way to Azure, against a stand-in that takes only what Azure takes. */
class AzureCloudTest extends AzureMints {

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
  void b3_another_role_s_subject_gets_no_token() {
    var request = bench.request("alice", TEN);
    refused(Reason.CLOUD_REFUSED, bench.grant(request, "azure-Storage", AzureBench.assigned()));
    refused(Reason.CLOUD_REFUSED, bench.grant(request, "azure-reports", AzureBench.assigned()));
    var outcomes =
        bench.sandbox.calls().list("azure.entra", "token").stream().map(c -> c.outcome()).toList();
    assertThat(outcomes).containsOnly("AADSTS7002138", "AADSTS700213");
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
  void key_vault_s_tokens_name_it_by_its_client_id_and_nothing_else_s() throws Exception {
    var reports = AzureBench.accepted();
    var vault =
        new Target.Azure(
            reports.tenant(),
            reports.clientIds(),
            "https://vault.azure.net/.default",
            reports.assignment());
    var grant = bench.grant(bench.request("alice", TEN), "azure-reports", vault);
    assertThat(bench.mint(grant)).isNotNull();
    bench
        .sandbox
        .azure()
        .entraFaults()
        .always(lying(claims -> claims.put("aud", UUID.randomUUID().toString())));
    refused(
        Reason.CLOUD_ANSWER_WRONG,
        bench.grant(bench.request("alice", TEN), "azure-reports", vault));
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

  @Test
  void p2_a_role_that_accepts_tokens_which_outlive_it_accepts_none_that_live_for_a_day()
      throws Exception {
    reportsLiving(Duration.ofHours(24));
    refusedAfterToken(Reason.CLOUD_ANSWER_WRONG, bench.reports(bench.request("alice", TEN)));
    reportsLiving(Duration.ofMinutes(121));
    refusedAfterToken(Reason.CLOUD_ANSWER_WRONG, bench.reports(bench.request("alice", TEN)));
    reportsLiving(Duration.ofMinutes(119));
    assertThat(bench.mint(bench.reports(bench.request("alice", TEN))).outlives()).isTrue();
  }

  private void reportsLiving(Duration life) {
    var id = AzureStandIn.reportsIdentity();
    bench
        .sandbox
        .azure()
        .add(
            StandInApp.of(id, AzureStandIn.objectId(id))
                .trusting(bench.issuer(), "role:azure-reports")
                .withStandingAccess()
                .tokensLiving(life));
  }
}
