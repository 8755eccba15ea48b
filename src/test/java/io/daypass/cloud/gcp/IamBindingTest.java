package io.daypass.cloud.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.Credential.GoogleToken;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Target;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInAccount;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rights that are made for a grant, among those of others. */
class IamBindingTest {

  private static final String STORAGE = "roles/storage.objectAdmin";
  private static final String ACCOUNT = "daypass-gcp-storage@acme-prod.iam.gserviceaccount.com";
  private static final String SECOND = "daypass-second@acme-prod.iam.gserviceaccount.com";
  private static final String BINDER = "daypass-binder@acme-prod.iam.gserviceaccount.com";

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  private static Grants grant() {
    return grant(GcpStandIn.PROJECT, STORAGE, BINDER, ACCOUNT);
  }

  private static Grants grant(String resource, String role, String binder, String... accounts) {
    return Grants.standard()
        .called("gcp-storage")
        .to(
            new Target.Google(
                List.of(accounts),
                GcpStandIn.PROVIDER,
                List.of("https://www.googleapis.com/auth/devstorage.read_write"),
                new Target.Google.IamBinding(resource, role, binder)));
  }

  @Test
  void the_account_has_the_role_from_the_mint_to_the_end_of_the_grant() throws Exception {
    var token = mint(grant());
    assertThat(allowed(token)).isTrue();
    assertThat(bench.store.seen).containsExactly("hold", "made");
    assertThat(bench.store.tokensUntil).isEqualTo(token.expiresAt().plusSeconds(120));
    var line = lines().getJsonObject(1);
    assertThat(line.getString("role")).isEqualTo(STORAGE);
    assertThat(line.getJsonArray("members")).containsExactly("serviceAccount:" + ACCOUNT);
    var binding = Objects.requireNonNull(bench.store.binding);
    assertThat(line.getJsonObject("condition").getMap())
        .containsEntry("title", "daypass " + Grants.REQUEST + " " + binding.id())
        .containsEntry("expression", "request.time < timestamp(\"2026-11-21T18:00:00Z\")");
    assertThat(line.getJsonObject("condition").getString("description"))
        .contains(Grants.REQUEST.value());
  }

  @Test
  void the_line_itself_ends_with_the_grant_also_if_nobody_removes_it() throws Exception {
    var ends = Grants.NOW.plusSeconds(60).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    var token = mint(grant().ending(ends));
    assertThat(allowed(token)).isTrue();
    bench.time.set(ends);
    assertThat(bench.sandbox.gcp().policy(GcpStandIn.PROJECT).encode()).contains("daypass");
    assertThat(bench.sandbox.gcp().gives(GcpStandIn.PROJECT, STORAGE, ACCOUNT)).isFalse();
  }

  @Test
  void it_is_gone_when_it_is_removed_and_removing_it_again_does_no_harm() throws Exception {
    var token = mint(grant());
    var before = lines().getJsonObject(0);
    remove();
    assertThat(allowed(token)).isFalse();
    assertThat(lines()).containsExactly(before);
    remove();
    assertThat(lines()).containsExactly(before);
  }

  @Test
  void the_binder_is_another_subject_with_tokens_of_a_few_minutes() throws Exception {
    mint(grant());
    var call = bench.sandbox.calls().list("gcp.iamcredentials", "generateAccessToken").getFirst();
    assertThat(call.facts())
        .containsEntry("account", BINDER)
        .containsEntry("actor", "daypass:binder")
        .containsEntry("lifetime", 300L);
  }

  @Test
  void the_next_mint_of_the_grant_finds_its_line_and_writes_nothing() throws Exception {
    mint(grant());
    mint(grant());
    assertThat(lines()).hasSize(2);
    assertThat(bench.calls("gcp.resourcemanager", "setIamPolicy")).isEqualTo(1);
  }

  @Test
  void an_extension_prolongs_the_line_and_a_shorter_issuance_does_not_shorten_it()
      throws Exception {
    mint(grant().ending(Instant.parse("2026-11-21T12:00:00Z")));
    mint(grant().ending(Instant.parse("2026-11-21T14:00:00Z")));
    mint(grant().ending(Instant.parse("2026-11-21T13:00:00Z")));
    assertThat(lines()).hasSize(2);
    assertThat(lines().getJsonObject(1).getJsonObject("condition").getString("expression"))
        .isEqualTo("request.time < timestamp(\"2026-11-21T14:00:00Z\")");
  }

  @ParameterizedTest
  @ValueSource(strings = {STORAGE, "roles/logging.viewer"})
  void what_others_write_at_the_same_time_survives(String role) throws Exception {
    var edits = new AtomicInteger();
    var meanwhile =
        new Fault.Rewrite(reply -> {
          if (reply.body().contains("\"etag\"") && edits.get() < 3) {
            bench
                .sandbox
                .gcp()
                .editPolicy(GcpStandIn.PROJECT, others(role, edits.incrementAndGet()));
          }
          return reply;
        });
    bench.sandbox.gcp().resourceFaults().next(meanwhile, 1);
    mint(grant());
    assertThat(lines()).hasSize(3);
    bench.sandbox.gcp().resourceFaults().next(meanwhile, 1);
    remove();
    assertThat(edits).hasValueGreaterThanOrEqualTo(2);
    assertThat(lines()).hasSize(1 + edits.get());
    for (int i = 1; i <= edits.get(); i++) {
      assertThat(lines()).contains(others(role, i));
    }
    assertThat(bench.sandbox.gcp().policy(GcpStandIn.PROJECT).encode()).doesNotContain("daypass");
  }

  @Test
  void a_policy_that_others_never_leave_alone_is_given_up_and_nothing_is_handed_out() {
    var edits = new AtomicInteger();
    bench
        .sandbox
        .gcp()
        .resourceFaults()
        .always(
            new Fault.Rewrite(reply -> {
              bench
                  .sandbox
                  .gcp()
                  .editPolicy(GcpStandIn.PROJECT, others(STORAGE, edits.incrementAndGet()));
              return reply;
            }));
    refused(grant(), Reason.CLOUD_BUSY);
    assertThat(bench.store.seen).containsExactly("hold", "not made");
    assertThat(bench.calls("gcp.resourcemanager", "setIamPolicy")).isEqualTo(6);
    assertThat(bench.sandbox.gcp().policy(GcpStandIn.PROJECT).encode()).doesNotContain("daypass");
  }

  @Test
  void a_member_that_somebody_added_to_the_line_stays() throws Exception {
    mint(grant());
    var line = lines().getJsonObject(1);
    var policy = bench.sandbox.gcp().policy(GcpStandIn.PROJECT);
    var more = line.copy().put("members", new JsonArray().add("user:zoe@acme.example"));
    bench.sandbox.gcp().editPolicy(GcpStandIn.PROJECT, more);
    assertThat(policy.getString("etag"))
        .isNotEqualTo(bench.sandbox.gcp().policy(GcpStandIn.PROJECT).getString("etag"));
    remove();
    assertThat(lines()).hasSize(2).contains(more);
  }

  @Test
  void a_line_that_somebody_took_away_is_not_put_back() throws Exception {
    mint(grant());
    remove();
    refused(grant(), Reason.CLOUD_REFUSED);
    assertThat(lines()).hasSize(1);
  }

  @Test
  void a_line_that_is_there_after_an_attempt_nobody_knows_the_end_of_is_not_made_twice()
      throws Exception {
    bench.sandbox.gcp().resourceFaults().next(new Fault.Delay(Duration.ZERO), 1);
    bench.sandbox.gcp().resourceFaults().next(new Fault.Cut(), 1);
    refused(grant(), Reason.CLOUD_FAILED);
    assertThat(bench.store.seen).containsExactly("hold");
    assertThat(lines()).hasSize(2);
    mint(grant());
    assertThat(lines()).hasSize(2);
  }

  @Test
  void a_grant_that_ended_meanwhile_gets_no_token() {
    bench.store.over = IssueRefusal.GRANT_REVOKED;
    refused(grant(), Reason.GRANT_OVER);
    assertThat(bench.sandbox.calls().list()).isEmpty();
  }

  @Test
  void a_grant_that_ends_when_its_token_is_there_gets_none_and_the_ledger_will_not_deny_it() {
    bench.store.overOnceMade = IssueRefusal.GRANT_REVOKED;
    assertThatThrownBy(() -> mint(grant()))
        .isInstanceOfSatisfying(
            MintException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.GRANT_OVER);
              assertThat(e.mayExist()).isTrue();
            });
  }

  @Test
  void a_grant_too_short_for_a_token_has_nothing_made_for_it() {
    refused(grant().ending(Grants.NOW.plusSeconds(9)), Reason.GRANT_TOO_SHORT);
    assertThat(bench.store.seen).isEmpty();
  }

  @Test
  void an_account_that_serves_another_grant_is_taken_and_the_next_one_is_not() throws Exception {
    bench.store.place = 1;
    refused(grant(), Reason.ACCESS_TAKEN);
    bench.sandbox.gcp().add(StandInAccount.of(SECOND, GcpStandIn.principal("role:gcp-storage")));
    mint(grant(GcpStandIn.PROJECT, STORAGE, BINDER, ACCOUNT, SECOND));
    assertThat(lines().getJsonObject(1).getJsonArray("members"))
        .containsExactly("serviceAccount:" + SECOND);
  }

  @Test
  void a_binder_without_the_right_makes_nothing() {
    refused(
        grant(GcpStandIn.PROJECT, "roles/compute.admin", BINDER, ACCOUNT), Reason.CLOUD_REFUSED);
    refused(grant("projects/other-project", STORAGE, BINDER, ACCOUNT), Reason.CLOUD_REFUSED);
    refused(grant(GcpStandIn.PROJECT, STORAGE, Bench.LOGS, ACCOUNT), Reason.CLOUD_REFUSED);
    assertThat(lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"etag\":7}", "{\"etag\":\"\"}", "not json", ""})
  void f24_a_policy_that_is_none_is_not_written_back(String body) {
    bench.sandbox.gcp().resourceFaults().next(Fault.say("application/json", body), 1);
    refused(grant(), Reason.CLOUD_ANSWER_WRONG);
    assertThat(bench.calls("gcp.resourcemanager", "setIamPolicy")).isZero();
  }

  @Test
  void f24_a_policy_that_was_not_kept_as_it_was_written_gives_no_token() {
    bench
        .sandbox
        .gcp()
        .resourceFaults()
        .always(new Fault.Rewrite(reply -> reply.withBody(reply.body().replace("daypass", "x"))));
    refused(grant(), Reason.CLOUD_ANSWER_WRONG);
    assertThat(bench.store.seen).containsExactly("hold");
  }

  @Test
  void what_cannot_be_removed_is_said_to_be_there() throws Exception {
    mint(grant());
    bench.sandbox.gcp().resourceFaults().always(new Fault.Refuse(503, "UNAVAILABLE"));
    assertThatThrownBy(this::remove)
        .isInstanceOfSatisfying(
            MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_FAILED));
    bench.sandbox.gcp().resourceFaults().clear();
    remove();
    assertThat(lines()).hasSize(1);
  }

  private static JsonObject others(String role, int number) {
    return new JsonObject()
        .put("role", role)
        .put("members", new JsonArray().add("user:zoe" + number + "@acme.example"));
  }

  private JsonArray lines() {
    return bench.sandbox.gcp().policy(GcpStandIn.PROJECT).getJsonArray("bindings");
  }

  private GoogleToken mint(Grants grants) throws MintException {
    return (GoogleToken) bench.cloud.mint(grants.recorded());
  }

  private void remove() throws MintException {
    bench.cloud.remove(Objects.requireNonNull(bench.store.binding));
  }

  private void refused(Grants grants, Reason reason) {
    bench.store.seen.clear();
    assertThatThrownBy(() -> mint(grants))
        .isInstanceOfSatisfying(MintException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    if (!bench.store.made) {
      bench.store.binding = bench.store.seen.contains("not made") ? null : bench.store.binding;
    }
  }

  private boolean allowed(GoogleToken token) throws Exception {
    var page =
        bench.sandbox.url()
            + "/gcp/allowed?resource="
            + GcpStandIn.PROJECT
            + "&role="
            + STORAGE
            + "&token_sha256="
            + token.fingerprint();
    try (var http = HttpClient.newHttpClient()) {
      var answer =
          http.send(HttpRequest.newBuilder(URI.create(page)).build(), BodyHandlers.ofString());
      return new JsonObject(answer.body()).getBoolean("allowed");
    }
  }
}
