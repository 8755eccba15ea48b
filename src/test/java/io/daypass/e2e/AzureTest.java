package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.EntraLies;
import io.daypass.sandbox.http.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Azure through the doors. */
class AzureTest {

  private static World world;
  private static Replica standing;

  @BeforeAll
  static void start() throws Exception {
    world = World.busy("info");
    standing = world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void good_again() {
    world.sandbox.azure().entraFaults().clear();
    world.sandbox.azure().armFaults().clear();
  }

  @Test
  void p2_access_begins_with_the_approval_and_ends_with_its_revocation() throws Exception {
    var api = standing.api();
    var alice = world.person("alice");
    var id = api.ask(alice, "azure-storage", "1h", "look");
    api.credentials("azure-storage", alice).is(202);
    var approved = api.on(id, "approve", world.person("bob")).is(200).json();
    assertThat(approved.getJsonObject("after_end").getString("by")).isEqualTo("role_assignment");
    var answer = api.credentials("azure-storage", alice).is(200);
    assertThat(answer.header("Daypass-Request")).isEqualTo(id);
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(answer.text("after_end")).isEqualTo("role_assignment");
    var ends = api.get("/v1/requests/" + id, alice).is(200).instant("grant_ends_at");
    assertThat(answer.instant("expires_at")).isBeforeOrEqualTo(ends);
    assertThat(answer.instant("lives_until")).isAfter(Instant.now().plusSeconds(3_500));
    var token = answer.text("access_token");
    assertThat(world.mayActInAzure(token)).isTrue();
    api.on(id, "revoke", world.person("bob"), "reason", "enough").is(200);
    Until.holds("the token may do nothing", () -> !world.mayActInAzure(token));
    api.credentials("azure-storage", alice).is(403, "grant_revoked");
    assertThat(world.records.bindings(id)).startsWith("binding_intended", "binding_made");
    assertThat(world.records.ledger()).doesNotContain(token);
  }

  @Test
  void a_role_that_accepts_it_says_until_when_its_tokens_outlive_the_approval() throws Exception {
    var api = standing.api();
    var alice = world.person("alice");
    var roles = api.get("/v1/roles", alice).is(200).list("roles");
    assertThat(roles)
        .filteredOn(role -> role.getString("name").equals("azure-reports"))
        .extracting(role -> role.getJsonObject("after_end").getString("by"))
        .containsExactly("outlives_approval");
    var explained = api.get("/v1/roles/azure-reports/explain", alice).is(200).json();
    assertThat(explained.getJsonObject("after_end").getString("detail")).contains("nobody can end");
    var id = api.ask(alice, "azure-reports", "10m", "look");
    var answer = api.credentials("azure-reports", alice).is(200);
    assertThat(answer.text("after_end")).isEqualTo("outlives_approval");
    assertThat(answer.instant("lives_until")).isAfter(answer.instant("expires_at"));
    assertThat(
            world.records.texts(
                "SELECT convert_from(canonical, 'UTF8')::jsonb #>> '{detail,lives_until}'"
                    + " FROM daypass.ledger_entry WHERE kind = 'sealed' AND request_id = ?",
                id))
        .containsExactly(answer.text("lives_until"));
    assertThat(world.records.bindings(id)).isEmpty();
  }

  @Test
  void f20_azure_is_down_and_the_other_clouds_go_on() throws Exception {
    var api = standing.api();
    var alice = world.person("alice");
    api.ask(alice, "azure-reports", "20m", "look");
    for (var fault :
        List.of(Fault.outage(), new Fault.Refuse(429, "TooManyRequests"), Fault.garbage())) {
      believedAgain(alice);
      world.sandbox.azure().entraFaults().always(fault);
      assertThat(api.credentials("azure-reports", alice).status()).isIn(502, 503);
      api.credentials("worker", world.pod()).is(200);
    }
    believedAgain(alice);
    var faults = world.sandbox.azure().entraFaults();
    faults.always(new Fault.Hang());
    var before = faults.shown();
    var slow = api.credentialsLater("azure-reports", alice);
    Until.holds("Entra keeps the call waiting", () -> faults.shown() > before);
    api.credentials("worker", world.pod()).is(200);
    assertThat(slow.isDone()).isFalse();
    assertThat(Api.wait(slow).status()).isIn(502, 503);
  }

  @Test
  void f24_an_azure_that_lies_releases_nothing_and_the_other_clouds_go_on() throws Exception {
    var api = standing.api();
    var dave = world.person("dave");
    var reports = api.ask(dave, "azure-reports", "25m", "look");
    var azure = world.sandbox.azure();
    var someone = "00000000-0000-4000-8000-00000000beef";
    var now = Instant.now().getEpochSecond();
    for (var lie :
        List.of(
            EntraLies.of(claims -> claims.put("tid", someone)),
            EntraLies.of(claims -> claims.put("appid", someone)),
            EntraLies.of(claims -> claims.put("aud", "https://vault.azure.net")),
            EntraLies.of(claims -> claims.put("exp", now + 2_000_000)),
            Fault.html(),
            new Fault.Drip(Duration.ofMillis(50)))) {
      believedAgain(dave);
      azure.entraFaults().always(lie);
      var before = world.records.kinds(reports).size();
      var answer = api.credentials("azure-reports", dave);
      assertThat(answer.status()).isIn(502, 503);
      assertThat(answer.text("code")).isIn("cloud_answer_wrong", "cloud_failed");
      assertThat(answer.body()).doesNotContain("eyJ");
      var kinds = world.records.kinds(reports);
      assertThat(kinds.subList(before, kinds.size())).contains("unknown").doesNotContain("sealed");
      api.credentials("worker", world.pod()).is(200);
    }
    believedAgain(dave);
    api.on(reports, "return", dave).is(200);
  }

  /** Until so much went well that the next call is sent there, whatever failed before. */
  private static void believedAgain(String person) throws Exception {
    world.sandbox.azure().entraFaults().clear();
    var row = new AtomicInteger();
    Until.holds(
        "Azure is believed again",
        () -> {
          var good = standing.api().credentials("azure-reports", person).status() == 200;
          row.set(good ? row.get() + 1 : 0);
          return row.get() == 3;
        });
  }
}
