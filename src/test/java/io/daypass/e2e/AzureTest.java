package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Azure through the doors, at two replicas, one of which is killed. */
class AzureTest {

  private static final int ROUNDS = 100;
  private static final Duration LONG = Duration.ofMinutes(2);

  private static World world;
  private static Replica standing;
  private static Replica killed;

  @BeforeAll
  static void start() throws Exception {
    world = World.busy("info");
    role("azure-race", "10", ROUNDS + 20, "4h");
    role("azure-killed", "20", 8, "4h");
    standing = world.replica().awaitReady();
    killed = world.replica().awaitReady();
  }

  /** A role of so many identities that everybody has at once. */
  private static void role(String name, String prefix, int identities, String longest)
      throws Exception {
    var ids =
        IntStream.range(0, identities)
            .mapToObj(i -> prefix + "000000-0000-4000-8000-%012d".formatted(i))
            .toList();
    for (var id : ids) {
      world
          .sandbox
          .azure()
          .add(StandInApp.of(id, AzureStandIn.objectId(id)).trusting(world.url(), "role:" + name));
    }
    Files.writeString(
        world.policies.resolve(name + ".yaml"),
        """
        role: %s
        description: For a race
        access: read-only
        sensitivity: low
        target:
          azure:
            tenant: %s
            client-id: %s
            spare-client-ids: [%s]
            scope: https://storage.azure.com/.default
            role-assignment:
              role: %s
              scope: /subscriptions/%s/resourceGroups/%s
        max-duration: %s
        rules:
          - { name: at once, who: '"engineering" in groups', approval: automatic }
        """
            .formatted(
                name,
                AzureStandIn.TENANT,
                ids.getFirst(),
                ids.stream().skip(1).collect(Collectors.joining(", ")),
                AzureStandIn.BLOB_READER,
                AzureStandIn.SUBSCRIPTION,
                name,
                longest));
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void good_again() throws Exception {
    world.sandbox.azure().entraFaults().clear();
    world.sandbox.azure().armFaults().clear();
    killed.awaitReady();
  }

  private static JsonObject allowed(String token) {
    var claims =
        new JsonObject(
            new String(
                Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
    return new Api(world.sandbox.url()).get("/azure/allowed?uti=" + claims.getString("uti")).json();
  }

  private static boolean mayAct(String token) {
    return allowed(token).getBoolean("allowed");
  }

  private static List<String> bindings(String request) throws Exception {
    return world.records.kinds(request).stream().filter(k -> k.startsWith("binding")).toList();
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
    assertThat(mayAct(token)).isTrue();
    api.on(id, "revoke", world.person("bob"), "reason", "enough").is(200);
    Until.holds("the token may do nothing", () -> !mayAct(token));
    api.credentials("azure-storage", alice).is(403, "grant_revoked");
    assertThat(bindings(id)).startsWith("binding_intended", "binding_made");
    assertThat(world.records.ledger()).doesNotContain(token);
  }

  @Test
  void p2_access_ends_with_its_grant() throws Exception {
    var api = standing.api();
    var dave = world.person("dave");
    var id = api.ask(dave, "azure-killed", "1m", "look");
    var answer = api.credentials("azure-killed", dave).is(200);
    assertThat(mayAct(answer.text("access_token"))).isTrue();
    var ends = answer.instant("expires_at");
    Until.holds("the token may do nothing", LONG, () -> !mayAct(answer.text("access_token")));
    assertThat(Instant.now()).isBeforeOrEqualTo(ends.plusSeconds(5));
    assertThat(bindings(id)).startsWith("binding_intended", "binding_made");
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
    assertThat(bindings(id)).isEmpty();
  }

  @Test
  void f20_azure_is_down_and_the_other_clouds_go_on() throws Exception {
    var api = standing.api();
    var alice = world.person("alice");
    api.ask(alice, "azure-reports", "20m", "look");
    for (var fault :
        List.of(Fault.outage(), new Fault.Refuse(429, "TooManyRequests"), Fault.garbage())) {
      world.sandbox.azure().entraFaults().always(fault);
      assertThat(api.credentials("azure-reports", alice).status()).isIn(502, 503);
      api.credentials("worker", world.pod()).is(200);
    }
    world.sandbox.azure().entraFaults().always(new Fault.Hang());
    var slow = api.credentialsLater("azure-reports", alice);
    api.credentials("worker", world.pod()).is(200);
    assertThat(slow.isDone()).isFalse();
    world.sandbox.azure().entraFaults().clear();
    assertThat(Api.wait(slow).status()).isIn(502, 503);
  }

  @Test
  void f30_killed_between_the_record_and_the_making_nothing_stays() throws Exception {
    var dave = world.person("dave");
    var id = standing.api().ask(dave, "azure-killed", "1h", "one");
    world.sandbox.azure().entraFaults().always(new Fault.Hang());
    var inFlight = killed.api().credentialsLater("azure-killed", dave);
    Until.holds("it is written down", () -> bindings(id).contains("binding_intended"));
    kill(inFlight);
    world.sandbox.azure().entraFaults().clear();
    gone(id);
    assertThat(bindings(id)).containsExactly("binding_intended", "binding_removed");
  }

  @Test
  void f30_killed_between_the_making_and_the_seal_nothing_stays() throws Exception {
    var dave = world.person("dave");
    var id = standing.api().ask(dave, "azure-killed", "1h", "two");
    var before = world.sandbox.azure().assignments();
    world.sandbox.azure().armFaults().always(new Fault.Hang());
    var inFlight = killed.api().credentialsLater("azure-killed", dave);
    Until.holds("it is made", () -> world.sandbox.azure().assignments() == before + 1);
    kill(inFlight);
    world.sandbox.azure().armFaults().clear();
    gone(id);
    assertThat(world.sandbox.azure().assignments()).isEqualTo(before);
    assertThat(bindings(id)).containsExactly("binding_intended", "binding_removed");
  }

  private static void kill(CompletableFuture<Api.Answer> inFlight) throws Exception {
    killed.kill();
    inFlight.exceptionally(_ -> new Api.Answer(0, "", null)).join();
    killed.startAgain();
  }

  /** The grant is revoked, and the replica that stands removes what the other left. */
  private static void gone(String id) throws Exception {
    standing.api().on(id, "revoke", world.person("pat"), "reason", "enough").is(200);
    Until.holds("it is gone", LONG, () -> bindings(id).contains("binding_removed"));
  }

  @Test
  void p10_a_revocation_that_races_with_the_making_ends_with_nothing_there() throws Exception {
    var random = new Random(7);
    var dave = world.person("dave");
    var pat = world.person("pat");
    var tokens = new ArrayList<String>();
    for (var round = 0; round < ROUNDS; round++) {
      var id = standing.api().ask(dave, "azure-race", "1h", "round " + round);
      var asked = (round % 2 == 0 ? killed : standing).api().credentialsLater("azure-race", dave);
      Thread.sleep(random.nextLong(120));
      (round % 2 == 0 ? standing : killed).api().on(id, "revoke", pat, "reason", "race").is(200);
      var answer = Api.wait(asked);
      if (answer.status() == 200) {
        tokens.add(answer.text("access_token"));
      } else {
        // Not ready: it was removed before it could be seen.
        assertThat(answer.text("code"))
            .isIn(
                "grant_revoked",
                "grant_over",
                "approval_required",
                "closed",
                "access_taken",
                "access_not_ready");
      }
    }
    Until.holds(
        "every assignment of the race is gone",
        LONG,
        () ->
            world.records.count(
                    "SELECT count(*) FROM daypass.access_binding b WHERE b.state <> 'removed'"
                        + " AND b.place ->> 'scope' LIKE '%azure-race'")
                == 0);
    for (var token : tokens) {
      assertThat(mayAct(token)).isFalse();
    }
    assertThat(tokens).as("the race goes both ways").isNotEmpty();
  }
}
