package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Google access token: from the approval to a Google that holds everybody to its rules. */
class GoogleTargetTest {

  private static final String ROLE = "gcp-logs";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  private final World world = Shared.world();
  private final Api api = Shared.api();
  private final Map<String, String> live = new LinkedHashMap<>();

  /** A live grant, which does not outlast its test. */
  private String granted(String person, String duration) {
    var token = world.person(person);
    var id = api.ask(token, ROLE, duration, "look at the logs");
    live.put(id, token);
    return id;
  }

  @BeforeEach
  void nobodyHasAGrant() {
    Shared.forgetGrants();
  }

  @AfterEach
  void returned() {
    world.sandbox.gcp().stsFaults().clear();
    world.sandbox.gcp().iamFaults().clear();
    live.forEach((id, token) -> api.on(id, "return", token));
  }

  private String nightly() {
    return world.sandbox.kubernetes().token(world.url(), "reports", "nightly");
  }

  private JsonObject allowed(String token) {
    return api.any(
            HttpRequest.newBuilder(URI.create(world.sandbox.url() + "/gcp/allowed"))
                .header("Authorization", "Bearer " + token))
        .json();
  }

  private Api.Answer exchange(String audience, String token, String requested) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("audience", audience);
    form.put("scope", "https://www.googleapis.com/auth/cloud-platform");
    form.put("subject_token", token);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    form.put("requested_token_type", requested);
    return api.any(Doorway.form(api, "/oauth2/token", form));
  }

  @Test
  void google_lets_the_token_act_until_the_grant_ends_and_no_longer() {
    var alice = world.person("alice");
    var id = granted("alice", "5m");
    var answer = api.credentials(ROLE, alice).is(200);
    var ends = api.get("/v1/requests/" + id, alice).instant("grant_ends_at");
    assertThat(answer.json().fieldNames())
        .containsExactly("access_token", "token_type", "expires_in", "expires_at");
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(answer.header("Daypass-Request")).isEqualTo(id);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    var verdict = allowed(answer.text("access_token"));
    assertThat(verdict.getBoolean("allowed")).isTrue();
    assertThat(verdict.getString("account"))
        .isEqualTo("daypass-gcp-logs@acme-prod.iam.gserviceaccount.com");
    assertThat(verdict.getString("actor")).isEqualTo("role:" + ROLE);
    assertThat(verdict.getJsonArray("scopes"))
        .containsExactly(
            "https://www.googleapis.com/auth/logging.read",
            "https://www.googleapis.com/auth/cloud-platform.read-only");
    assertThat(Instant.parse(verdict.getString("until")))
        .isEqualTo(answer.instant("expires_at"))
        .isBeforeOrEqualTo(ends)
        .isAfter(Instant.now().plus(Duration.ofMinutes(4)));
  }

  @Test
  void what_is_left_is_reckoned_when_the_answer_comes_however_long_google_took() {
    granted("alice", "10m");
    world.sandbox.gcp().stsFaults().always(new Fault.Delay(Duration.ofSeconds(3)));
    var answer = api.credentials(ROLE, world.person("alice")).is(200);
    assertThat(secondsTooMany(answer, answer.instant("expires_at"))).isLessThan(2);
    var exchanged = exchange(ROLE, nightly(), ACCESS_TOKEN).is(200);
    var until = Instant.parse(allowed(exchanged.text("access_token")).getString("until"));
    assertThat(secondsTooMany(exchanged, until)).isLessThan(2);
  }

  /**
   * By how much an answer that has just come says that its credential lives longer than it does.
   */
  private static long secondsTooMany(Api.Answer answer, Instant until) {
    var told = Instant.now().plusSeconds(answer.json().getLong("expires_in"));
    return Duration.between(until, told).toSeconds();
  }

  @Test
  void google_is_told_whose_request_it_is() {
    var id = granted("bob", "30m");
    var issuance = api.credentials(ROLE, world.person("bob")).is(200).header("Daypass-Issuance");
    var call =
        world.sandbox.calls().list("gcp.sts", "token").stream()
            .filter(each -> issuance.equals(each.facts().get("jti")))
            .findFirst()
            .orElseThrow();
    assertThat(new JsonObject(asMap(call.facts().get("claims"))).getJsonObject("daypass").getMap())
        .containsEntry("request", id)
        .containsEntry("issuance", issuance)
        .containsEntry("role", ROLE)
        .containsEntry("requester", "staff=bob");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(Object claims) {
    return (Map<String, Object>) claims;
  }

  @Test
  void it_is_sealed_in_the_ledger_before_it_leaves_and_the_token_stands_nowhere() throws Exception {
    granted("bob", "30m");
    var answer = api.credentials(ROLE, world.person("bob")).is(200);
    assertThat(world.records.seals(answer.header("Daypass-Issuance"))).isEqualTo(1);
    var token = answer.text("access_token");
    assertThat(world.records.ledger()).doesNotContain(token).doesNotContain("ya29.");
    assertThat(world.replicas().getFirst().log()).doesNotContain("ya29.");
  }

  @Test
  void a_machine_gets_it_with_what_it_has() {
    var answer = exchange(ROLE, nightly(), ACCESS_TOKEN).is(200).json();
    assertThat(answer.getString("issued_token_type")).isEqualTo(ACCESS_TOKEN);
    assertThat(answer.getString("token_type")).isEqualTo("Bearer");
    assertThat(answer.getInteger("expires_in")).isBetween(800, 900);
    // RFC 8693, 2.2.1: another one was asked for.
    assertThat(answer.getString("scope"))
        .isEqualTo(
            "https://www.googleapis.com/auth/logging.read"
                + " https://www.googleapis.com/auth/cloud-platform.read-only");
    assertThat(allowed(answer.getString("access_token")).getBoolean("allowed")).isTrue();
  }

  @Test
  void a_provider_names_the_one_role_that_uses_it() {
    var answer = exchange(GcpStandIn.PROVIDER, nightly(), ACCESS_TOKEN).is(200);
    assertThat(allowed(answer.text("access_token")).getString("actor")).isEqualTo("role:" + ROLE);
    for (var provider : List.of(GcpStandIn.STORAGE_PROVIDER, GcpStandIn.PROVIDER + "-2")) {
      assertThat(exchange(provider, nightly(), ACCESS_TOKEN).is(400).text("code"))
          .isEqualTo("denied_by_policy");
    }
    var other = world.sandbox.kubernetes().token(world.url(), "reports", "daily");
    assertThat(exchange(GcpStandIn.PROVIDER, other, ACCESS_TOKEN).is(400).text("code"))
        .isEqualTo("denied_by_policy");
  }

  @Test
  void nobody_else_gets_it() {
    var other = world.sandbox.kubernetes().token(world.url(), "reports", "daily");
    assertThat(exchange(ROLE, other, ACCESS_TOKEN).is(400).text("code"))
        .isEqualTo("denied_by_policy");
    assertThat(exchange(ROLE, world.run(), ACCESS_TOKEN).is(400).text("code"))
        .isEqualTo("denied_by_policy");
    api.credentials(ROLE, world.person("carol")).is(403, "denied_by_policy");
    api.credentials(ROLE, world.person("alice")).is(403, "approval_required");
  }

  @Test
  void after_a_return_nothing_more_is_minted() {
    var dave = world.person("dave");
    var id = granted("dave", "30m");
    api.credentials(ROLE, dave).is(200);
    api.on(id, "return", dave).is(200);
    api.credentials(ROLE, dave).is(403, "approval_required");
  }

  @Test
  void a_type_it_is_not_and_doors_it_does_not_fit_are_refused() {
    var wrong = exchange(ROLE, nightly(), "urn:ietf:params:oauth:token-type:id_token");
    assertThat(wrong.status()).isEqualTo(400);
    granted("alice", "30m");
    assertThat(Doorway.CONTAINER.outcome(api, ROLE, world.person("alice")))
        .isEqualTo(new Doorway.Outcome(false, "not_at_this_door"));
    api.post("/v1/roles/" + ROLE + "/console", world.person("alice"))
        .is(422, "no_such_destination");
  }

  @Test
  void google_down_throttling_or_lying_releases_nothing_and_the_other_clouds_go_on()
      throws Exception {
    var alice = world.person("alice");
    granted("alice", "30m");
    var gcp = world.sandbox.gcp();
    var faults =
        Map.of(
            "cloud_failed", new Fault.Refuse(503, "UNAVAILABLE"),
            "cloud_throttled", new Fault.Refuse(429, "RESOURCE_EXHAUSTED"),
            "cloud_refused", new Fault.Refuse(403, "PERMISSION_DENIED"),
            "cloud_answer_wrong",
                new Fault.Rewrite(reply ->
                    reply.withBody(
                        reply.body().replaceAll("\"expireTime\":\"20", "\"expireTime\":\"30"))));
    for (var fault : faults.entrySet()) {
      gcp.iamFaults().always(fault.getValue());
      var answer = api.credentials(ROLE, alice);
      assertThat(answer.status()).isIn(502, 503);
      assertThat(answer.text("code")).isEqualTo(fault.getKey());
      assertThat(answer.body()).doesNotContain("ya29");
      assertThat(world.records.seals(answer.header("Daypass-Issuance"))).isZero();
      api.credentials("ci-deploy", world.run()).is(200);
    }
    gcp.iamFaults().clear();
    api.credentials(ROLE, alice).is(200);
  }

  @Test
  void google_slow_keeps_nobody_else_waiting() throws InterruptedException {
    var alice = world.person("alice");
    granted("alice", "30m");
    var faults = world.sandbox.gcp().stsFaults();
    faults.always(new Fault.Hang());
    var before = faults.shown();
    var slow = api.credentialsLater(ROLE, alice);
    Until.holds("Google keeps the call waiting", () -> faults.shown() > before);
    for (int i = 0; i < 3; i++) {
      api.credentials("ci-deploy", world.run()).is(200);
    }
    assertThat(slow).isNotDone();
    assertThat(Api.wait(slow).status()).isIn(502, 503);
  }

  @Test
  void rights_are_made_for_the_grant_and_taken_away_when_it_is_revoked()
      throws InterruptedException {
    var alice = world.person("alice");
    var gcp = world.sandbox.gcp();
    var others =
        new JsonObject()
            .put("role", "roles/browser")
            .put("members", new JsonArray().add("user:zoe@acme.example"));
    gcp.editPolicy(GcpStandIn.PROJECT, others);
    var id = api.ask(alice, "gcp-storage", "1h", "repair the objects");
    live.put(id, alice);
    api.on(id, "approve", world.person("bob")).is(200);
    assertThat(gcp.policy(GcpStandIn.PROJECT).encode()).doesNotContain(id);
    var token = api.credentials("gcp-storage", alice).is(200).text("access_token");
    var ends = api.get("/v1/requests/" + id, alice).instant("grant_ends_at");
    assertThat(gcp.policy(GcpStandIn.PROJECT).encode())
        .contains("daypass " + id)
        .contains("request.time < timestamp(\\\"" + ends + "\\\")");
    assertThat(mayChangeObjects(token)).isTrue();
    api.credentials("gcp-storage", alice).is(200);

    var dave = world.person("dave");
    var second = api.ask(dave, "gcp-storage", "1h", "repair more objects");
    live.put(second, dave);
    api.on(second, "approve", world.person("bob")).is(200);
    assertThat(api.credentials("gcp-storage", dave).text("code")).isEqualTo("access_taken");

    api.on(id, "revoke", world.person("pat"), "reason", "enough of that").is(200);
    Until.holds("the rights are gone", () -> !mayChangeObjects(token));
    assertThat(gcp.policy(GcpStandIn.PROJECT).encode()).doesNotContain("daypass");
    assertThat(gcp.policy(GcpStandIn.PROJECT).getJsonArray("bindings")).contains(others);
    api.credentials("gcp-storage", alice).is(403, "grant_revoked");
  }

  private boolean mayChangeObjects(String token) {
    return api.any(
            HttpRequest.newBuilder(
                    URI.create(
                        world.sandbox.url()
                            + "/gcp/allowed?role=roles/storage.objectAdmin&resource="
                            + GcpStandIn.PROJECT))
                .header("Authorization", "Bearer " + token))
        .json()
        .getBoolean("allowed");
  }
}
