package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.gcp.GcpStandIn;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Resource Manager: allow policies, with etags and conditions. */
class GcpPoliciesTest extends GcpStandIns {

  private static final String STORAGE = "roles/storage.objectAdmin";

  private static final String MEMBER =
      "serviceAccount:daypass-gcp-storage@acme-prod.iam.gserviceaccount.com";

  private String binder() {
    var federated = federated(with("sub", "daypass:binder"));
    return new JsonObject(generate(federated, BINDER, "300s", PLATFORM).body())
        .getString("accessToken");
  }

  private String storageToken() {
    var federated = federated(with("sub", "role:gcp-storage"));
    var account = "daypass-gcp-storage@acme-prod.iam.gserviceaccount.com";
    return new JsonObject(generate(federated, account, "3600s", PLATFORM).body())
        .getString("accessToken");
  }

  private JsonObject read(String binder) {
    var options = new JsonObject().put("requestedPolicyVersion", 3);
    return new JsonObject(
        rm(binder, "getIamPolicy", new JsonObject().put("options", options)).body());
  }

  private HttpResponse<String> write(String binder, JsonObject policy) {
    return rm(binder, "setIamPolicy", new JsonObject().put("policy", policy));
  }

  private void refusedPolicy(
      String binder, String status, JsonObject policy, String role, Instant end) {
    policy.getJsonArray("bindings").add(binding(role, end, "Daypass one more"));
    assertThat(status(write(binder, policy))).isEqualTo(status);
  }

  private static JsonObject binding(String role, Instant end, String title) {
    return new JsonObject()
        .put("role", role)
        .put("members", new JsonArray().add(MEMBER))
        .put(
            "condition",
            new JsonObject()
                .put("title", title)
                .put("expression", "request.time < timestamp(\"" + end + "\")"));
  }

  @Test
  void a_binding_holds_until_its_condition_does_not() {
    var binder = binder();
    var policy = read(binder);
    var end = clock.instant().plusSeconds(60).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    policy.put("version", 3).getJsonArray("bindings").add(binding(STORAGE, end, "Daypass 1"));
    assertThat(write(binder, policy).statusCode()).isEqualTo(200);
    var token = storageToken();
    assertThat(allowed(token, STORAGE).getBoolean("allowed")).isTrue();
    clock.forward(61);
    assertThat(allowed(token, STORAGE).getString("why")).startsWith("no binding in force");
  }

  @Test
  void a_binding_works_only_after_a_moment() {
    sandbox.gcp().propagation(Duration.ofSeconds(7));
    var binder = binder();
    var policy = read(binder);
    policy
        .put("version", 3)
        .getJsonArray("bindings")
        .add(binding(STORAGE, clock.instant().plusSeconds(600), "Daypass 1"));
    write(binder, policy);
    var token = storageToken();
    assertThat(allowed(token, STORAGE).getBoolean("allowed")).isFalse();
    clock.forward(8);
    assertThat(allowed(token, STORAGE).getBoolean("allowed")).isTrue();
  }

  @Test
  void a_policy_made_of_an_older_one_is_refused() {
    var binder = binder();
    var policy = read(binder);
    sandbox
        .gcp()
        .editPolicy(
            GcpStandIn.PROJECT,
            new JsonObject()
                .put("role", "roles/viewer")
                .put("members", new JsonArray().add("user:zoe@acme.example")));
    policy
        .put("version", 3)
        .getJsonArray("bindings")
        .add(binding(STORAGE, clock.instant().plusSeconds(600), "Daypass 1"));
    // What the older copy leaves out would be taken away, which this account may not do either.
    policy
        .getJsonArray("bindings")
        .add(
            new JsonObject()
                .put("role", "roles/viewer")
                .put("members", new JsonArray().add("user:zoe@acme.example")));
    var answer = write(binder, policy);
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(status(answer)).isEqualTo("ABORTED");
  }

  @Test
  void a_policy_that_iam_would_not_keep_is_refused() {
    var binder = binder();
    var end = clock.instant().plusSeconds(600);
    refusedPolicy(binder, "INVALID_ARGUMENT", read(binder).put("version", 1), STORAGE, end);
    var without = read(binder).put("version", 3);
    without.remove("etag");
    refusedPolicy(binder, "INVALID_ARGUMENT", without, STORAGE, end);
    refusedPolicy(binder, "INVALID_ARGUMENT", read(binder).put("version", 3), "roles/editor", end);
    refusedPolicy(
        binder, "PERMISSION_DENIED", read(binder).put("version", 3), "roles/compute.admin", end);
    var many = read(binder).put("version", 3);
    for (int i = 0; i < 20; i++) {
      many.getJsonArray("bindings").add(binding(STORAGE, end, "Daypass " + i));
    }
    refusedPolicy(binder, "INVALID_ARGUMENT", many, STORAGE, end);
  }

  @Test
  void conditions_are_read_only_by_those_who_ask_for_version_3() {
    var binder = binder();
    var policy = read(binder);
    policy
        .put("version", 3)
        .getJsonArray("bindings")
        .add(binding(STORAGE, clock.instant().plusSeconds(600), "Daypass 1"));
    write(binder, policy);
    var plain = new JsonObject(rm(binder, "getIamPolicy", new JsonObject()).body());
    assertThat(plain.encode()).contains("_withcond_").doesNotContain("condition\"");
    assertThat(read(binder).encode()).contains("condition\"");
  }

  @Test
  void only_an_account_with_the_right_reads_or_edits_policies() {
    var token =
        new JsonObject(generate(federated(claims()), LOGS, "300s", PLATFORM).body())
            .getString("accessToken");
    assertThat(status(rm(token, "getIamPolicy", new JsonObject()))).isEqualTo("PERMISSION_DENIED");
    assertThat(status(rm("ya29.x", "getIamPolicy", new JsonObject()))).isEqualTo("UNAUTHENTICATED");
    var project =
        Http.get(
            sandbox.url() + "/gcp/resourcemanager/v1/projects/acme-prod",
            "Authorization",
            "Bearer " + token);
    assertThat(new JsonObject(project.body()).getString("projectId")).isEqualTo("acme-prod");
  }
}
