package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which cloud's credentials go through which door: token exchange gives all of them, the two doors
 * of AWS nothing that is not AWS's.
 */
class DoorsOfCloudsTest {

  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String AZURE = World.AZURE_NIGHTLY;
  private static final World WORLD = Shared.world();

  private final Api api = Shared.api();
  private final Map<String, String> live = new LinkedHashMap<>();

  @AfterEach
  void returned() {
    live.forEach((id, token) -> api.on(id, "return", token));
  }

  private static String nightly() {
    return WORLD.sandbox.kubernetes().token(WORLD.url(), "reports", "nightly");
  }

  private Api.Answer exchange(String role, String token, String requested) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("audience", role);
    form.put("subject_token", token);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    form.put("requested_token_type", requested);
    return api.any(Doorway.form(api, "/oauth2/token", form));
  }

  private static boolean mayAct(String token) {
    var claims =
        new JsonObject(
            new String(
                Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
    return new Api(WORLD.sandbox.url())
        .get("/azure/allowed?uti=" + claims.getString("uti"))
        .json()
        .getBoolean("allowed");
  }

  private static List<String> kinds(String request) throws Exception {
    return WORLD.records.kinds(request);
  }

  @Test
  void p2_a_machine_s_role_is_assigned_through_the_exchange_and_taken_away_when_it_is_revoked()
      throws Exception {
    var answer = exchange(AZURE, nightly(), ACCESS_TOKEN).is(200);
    assertThat(answer.text("issued_token_type")).isEqualTo(ACCESS_TOKEN);
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    // RFC 8693, 2.2.1: none was asked for.
    assertThat(answer.text("scope")).isEqualTo("https://storage.azure.com/.default");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    // To the end of the grant, and not of the token, which Entra gives an hour at least.
    assertThat(answer.json().getInteger("expires_in")).isBetween(1_700, 1_800);
    var token = answer.text("access_token");
    assertThat(mayAct(token)).isTrue();
    var request = answer.header("Daypass-Request");
    assertThat(kinds(request))
        .containsSubsequence("intent", "binding_intended", "binding_made", "sealed");
    assertThat(WORLD.records.ledger()).doesNotContain(token);

    api.on(request, "revoke", WORLD.person("pat"), "reason", "enough of that").is(200);
    Until.holds("the token may do nothing", () -> !mayAct(token));
  }

  @Test
  void a_person_s_role_is_assigned_through_the_exchange_when_people_agreed_and_not_before()
      throws Exception {
    var alice = WORLD.person("alice");
    var id = api.ask(alice, "azure-storage", "1h", "look at the blobs");
    live.put(id, alice);
    var early = exchange("azure-storage", alice, ACCESS_TOKEN).is(400);
    assertThat(early.text("error")).isEqualTo("authorization_pending");
    assertThat(early.text("next")).contains("request_uri");
    assertThat(kinds(id)).doesNotContain("intent", "binding_intended");
    api.on(id, "approve", WORLD.person("bob")).is(200);
    var token = exchange("azure-storage", alice, ACCESS_TOKEN).is(200).text("access_token");
    assertThat(mayAct(token)).isTrue();
    api.on(id, "return", alice).is(200);
    Until.holds("the token may do nothing", () -> !mayAct(token));
  }

  @Test
  void nobody_else_has_it_through_the_exchange_and_nothing_is_assigned() throws Exception {
    var before = Recorded.now(AZURE);
    var other = WORLD.sandbox.kubernetes().token(WORLD.url(), "reports", "daily");
    for (var token : List.of(other, WORLD.run(), WORLD.person("alice"))) {
      var answer = exchange(AZURE, token, ACCESS_TOKEN).is(400);
      assertThat(answer.text("code")).isEqualTo("denied_by_policy");
      assertThat(answer.body()).doesNotContain("access_token");
    }
    assertThat(Recorded.now(AZURE)).isEqualTo(before);
  }

  @Test
  void another_type_of_token_than_azure_s_is_refused_before_anything_is_recorded()
      throws Exception {
    var before = Recorded.now(AZURE);
    for (var type :
        List.of(
            "urn:ietf:params:oauth:token-type:id_token",
            "urn:ietf:params:oauth:token-type:jwt",
            "urn:daypass:token-type:aws-credentials")) {
      assertThat(exchange(AZURE, nightly(), type).is(400).text("error"))
          .isEqualTo("invalid_target");
    }
    assertThat(Recorded.now(AZURE)).isEqualTo(before);
  }

  /** What the database has of a role: nothing of it may grow where a door does not fit. */
  private record Recorded(long requests, long intents, long bindings) {
    static Recorded now(String role) throws Exception {
      return new Recorded(
          WORLD.records.count("SELECT count(*) FROM daypass.access_request WHERE role = ?", role),
          WORLD.records.count(
              "SELECT count(*) FROM daypass.ledger_entry WHERE kind = 'intent' AND role = ?", role),
          WORLD.records.count(
              "SELECT count(*) FROM daypass.access_binding b JOIN daypass.access_request r"
                  + " ON r.id = b.request_id WHERE r.role = ?",
              role));
    }
  }

  /** A role of another cloud, and somebody who may have it at once. */
  record Other(String role, Supplier<String> token) {
    @Override
    public String toString() {
      return role;
    }
  }

  static Stream<Other> others() {
    return Stream.of(
        new Other(AZURE, DoorsOfCloudsTest::nightly),
        new Other("gcp-logs", DoorsOfCloudsTest::nightly),
        new Other("azure-reports", () -> WORLD.person("dave")),
        new Other("cluster-view", () -> WORLD.person("dave")));
  }

  /** A person has asked, so that it is the door alone that stands in the way. */
  private void askedFor(Other other) {
    if (other.role().equals("azure-reports") || other.role().equals("cluster-view")) {
      var dave = other.token().get();
      live.put(api.ask(dave, other.role(), "30m", "look"), dave);
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void the_container_door_gives_nothing_that_is_not_aws_s(Other other) throws Exception {
    askedFor(other);
    var before = Recorded.now(other.role());
    var calls = WORLD.sandbox.calls().count();
    var answer = Doorway.CONTAINER.ask(api, other.role(), other.token().get()).is(422);
    assertThat(answer.text("code")).isEqualTo("not_at_this_door");
    assertThat(answer.text("message")).isNotBlank();
    assertThat(Recorded.now(other.role())).isEqualTo(before);
    assertThat(toTheClouds(calls)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("others")
  void the_sts_door_gives_nothing_that_is_not_aws_s(Other other) throws Exception {
    askedFor(other);
    var before = Recorded.now(other.role());
    var calls = WORLD.sandbox.calls().count();
    // The STS API reference knows roles by their ARN only, and this is nobody's.
    var byArn = Doorway.STS.ask(api, other.role(), other.token().get()).is(403);
    assertThat(byArn.body()).contains("<Code>AccessDenied</Code>");
    var byName = api.any(named(other.role(), other.token().get())).is(400);
    assertThat(byName.body()).contains("<Code>ValidationError</Code>");
    assertThat(Recorded.now(other.role())).isEqualTo(before);
    assertThat(toTheClouds(calls)).isEmpty();
  }

  private HttpRequest.Builder named(String role, String token) {
    return Doorway.form(
        api,
        "/sts",
        Map.of(
            "Action",
            "AssumeRoleWithWebIdentity",
            "Version",
            "2011-06-15",
            "RoleArn",
            role,
            "RoleSessionName",
            "x",
            "WebIdentityToken",
            token));
  }

  private static List<String> toTheClouds(long since) {
    return WORLD.sandbox.calls().list().stream()
        .filter(call -> call.number() > since)
        .map(call -> call.service() + " " + call.action())
        // What an earlier test's revocation still has removed is not of this one.
        .filter(call -> !call.contains("delete") && !call.startsWith("gcp.resourcemanager"))
        .toList();
  }
}
