package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStore;
import io.daypass.cloud.DroppedAttempts;
import io.daypass.cloud.Finding;
import io.daypass.cloud.Finding.Weight;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MemoryBindings;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.policy.Target.Azure.RoleAssignment;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that can be wrong with a role at Azure is found, named and left as it is. */
class AzureCheckupTest {

  private static final String FIRST = AzureStandIn.storageIdentities().get(0);
  private static final String SECOND = AzureStandIn.storageIdentities().get(1);
  private static final String STORAGE_SCOPE = "https://storage.azure.com/.default";
  private static final String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

  private final AzureBench bench = new AzureBench();

  @AfterEach
  void close() {
    bench.close();
  }

  private static Role role(String name, Target.Azure target) {
    return Grants.standard().called(name).to(target).recorded().role();
  }

  private static Role storage() {
    return role("azure-storage", AzureBench.assigned());
  }

  private static Role reports() {
    return role("azure-reports", AzureBench.accepted());
  }

  private static Role storage(String role, String scope) {
    return role(
        "azure-storage",
        new Target.Azure(
            AzureStandIn.TENANT, List.of(FIRST), STORAGE_SCOPE, new RoleAssignment(role, scope)));
  }

  private List<Finding> findings(AzureCloud cloud, Role role) {
    return findings(cloud, bench.store, role);
  }

  private static List<Finding> findings(AzureCloud cloud, BindingStore store, Role role) {
    var clock = InstantSource.system();
    var checkup =
        new AzureCheckup(cloud, store, "https://daypass.example", clock, UUID::randomUUID);
    assertThat(checkup.serves(role.target())).isTrue();
    return checkup.of(role, new DroppedAttempts(role, clock));
  }

  private List<Finding> findings(Role role) {
    return findings(bench.cloud, role);
  }

  private List<String> codes(Role role) {
    return findings(role).stream().map(Finding::code).toList();
  }

  private Finding only(Role role) {
    return only(findings(role));
  }

  private static Finding only(List<Finding> findings) {
    var wrong = findings.stream().filter(f -> f.weight() != Weight.GOOD).toList();
    assertThat(wrong).hasSize(1);
    return wrong.getFirst();
  }

  private static String mend(Finding finding) {
    return Objects.requireNonNull(finding.mend());
  }

  private void binder(StandInApp app) {
    bench.sandbox.azure().add(app.trusting(bench.issuer(), "daypass:binder"));
  }

  private static StandInApp app(String client) {
    return StandInApp.of(client, AzureStandIn.objectId(client));
  }

  private long writes() {
    return bench.puts() + bench.sandbox.calls().list("azure.arm", "delete roleAssignment").size();
  }

  @Test
  void a_role_that_works_is_good() {
    var findings = findings(reports());
    assertThat(findings).extracting(Finding::code).containsExactly("mints");
    assertThat(findings.getFirst().what()).contains(AzureStandIn.reportsIdentity());
  }

  @Test
  void access_that_is_assigned_for_each_grant_is_tried_up_to_the_assigning() {
    assertThat(codes(storage())).containsExactly("mints", "binder_assigns");
    assertThat(writes()).isZero();
    assertThat(bench.sandbox.azure().assignments()).isZero();
    assertThat(bench.tokens(FIRST)).isEqualTo(1);
    assertThat(bench.tokens(SECOND)).as("spare identities too").isEqualTo(1);
  }

  @Test
  void an_identity_that_is_not_there_is_named() {
    var nobody = "5a0f3b1c-0000-4000-8000-0000000000ff";
    var finding = only(role("azure-storage", AzureBench.assigned(List.of(FIRST, nobody))));
    assertThat(finding.code()).isEqualTo("identity_missing");
    assertThat(finding.what()).contains(nobody, AzureStandIn.TENANT).doesNotContain(FIRST);
    assertThat(finding.said()).contains("AADSTS700016");
  }

  @ParameterizedTest
  @CsvSource({
    "role:azure-storages, AADSTS700213, for this assertion",
    "role:azure-Storage, AADSTS7002138, differs in case",
    "'', AADSTS700211, with this issuer"
  })
  void an_identity_that_does_not_trust_the_role_is_told_what_to_trust(
      String subject, String code, String what) {
    var stranger = subject.isEmpty() ? app(FIRST) : app(FIRST).trusting(bench.issuer(), subject);
    bench.sandbox.azure().add(stranger);
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("subject_not_trusted");
    assertThat(finding.said()).contains(code + ":");
    assertThat(finding.what()).startsWith(FIRST).contains(what);
    assertThat(mend(finding))
        .contains(FIRST, "https://daypass.example", "role:azure-storage")
        .contains("api://AzureADTokenExchange");
  }

  @ParameterizedTest
  @CsvSource({"70021, assertion", "70025, assertion", "7002137, assertion", "700212, audience"})
  void whatever_else_entra_calls_a_credential_that_is_missing_is_known(int code, String what) {
    bench
        .sandbox
        .azure()
        .entraFaults()
        .always(new Fault.Rewrite(_ -> AzureFaultsTest.saying(code)));
    var finding = only(reports());
    assertThat(finding.code()).isEqualTo("subject_not_trusted");
    assertThat(finding.what()).endsWith("this " + what);
    assertThat(mend(finding)).contains("role:azure-reports");
  }

  @Test
  void a_resource_that_the_tenant_does_not_know_is_found() {
    var target =
        new Target.Azure(
            AzureStandIn.TENANT,
            List.of(AzureStandIn.reportsIdentity()),
            "https://unknown.example/.default",
            null);
    assertThat(codes(role("azure-reports", target))).containsExactly("mints");
    var refusal =
        "{\"error\":\"invalid_resource\",\"error_description\":\"AADSTS500011: not found\","
            + "\"error_codes\":[500011]}";
    bench
        .sandbox
        .azure()
        .entraFaults()
        .always(new Fault.Rewrite(reply -> new Reply(400, "application/json", refusal, Map.of())));
    var finding = only(role("azure-reports", target));
    assertThat(finding.code()).isEqualTo("resource_unknown");
    assertThat(finding.said()).contains("AADSTS500011");
  }

  @Test
  void settings_without_a_binder_are_found() {
    try (var cloud = bench.cloud(null, Duration.ofSeconds(1))) {
      var finding = only(findings(cloud, storage()));
      assertThat(finding.code()).isEqualTo("binder_missing");
      assertThat(mend(finding)).contains("clouds.azure.binder");
      assertThat(findings(cloud, reports())).extracting(Finding::code).containsExactly("mints");
    }
  }

  @Test
  void a_binder_that_does_not_trust_daypass_is_told_what_to_trust() {
    bench.sandbox.azure().add(app(AzureStandIn.BINDER).assigning(AzureStandIn.BLOB_READER));
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("subject_not_trusted");
    assertThat(mend(finding)).contains("the subject daypass:binder");
  }

  @Test
  void a_binder_that_may_nothing_at_the_scope_is_found() {
    binder(app(AzureStandIn.BINDER));
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("scope_refused");
    assertThat(finding.said()).contains("AuthorizationFailed", "roleAssignments/read");
    assertThat(mend(finding)).contains("custom role");
  }

  @Test
  void a_scope_that_is_not_there_is_found() {
    var elsewhere = "/subscriptions/00000000-0000-4000-8000-000000000000";
    assertThat(only(storage(AzureStandIn.BLOB_READER, elsewhere)).code())
        .isEqualTo("scope_refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "delete"})
  void a_binder_that_lacks_an_action_is_told_which(String action) {
    binder(
        app(AzureStandIn.BINDER)
            .assigning(AzureStandIn.BLOB_READER)
            .lacking("roleAssignments/" + action));
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("binder_may_not_assign");
    assertThat(finding.what())
        .contains("Microsoft.Authorization/roleAssignments/" + action)
        .doesNotContain("roleAssignments/read");
  }

  @Test
  void a_binder_that_may_assign_other_roles_only_is_found() {
    binder(app(AzureStandIn.BINDER).assigning(READER));
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("binder_role_not_named");
    assertThat(finding.what()).contains(AzureStandIn.BLOB_READER);
  }

  @Test
  void an_identity_to_whom_the_binder_may_not_assign_is_found() {
    var ids = AzureStandIn.storageIdentities().subList(0, 2);
    var both = role("azure-storage", AzureBench.assigned(ids));
    var one = AzureStandIn.objectId(ids.get(0));
    var other = AzureStandIn.objectId(ids.get(1));
    var named = app(AzureStandIn.BINDER).assigning(AzureStandIn.BLOB_READER);
    binder(named.onlyTo(one));
    var finding = only(both);
    assertThat(finding.code()).isEqualTo("binder_identity_not_named");
    assertThat(finding.what()).contains(ids.get(1)).doesNotContain(ids.get(0));
    assertThat(mend(finding)).contains(other).doesNotContain(one);
    binder(named.onlyTo(one, other));
    assertThat(codes(both)).contains("binder_assigns");
  }

  @Test
  void a_role_that_is_not_there_is_found() {
    var none = "00000000-0000-4000-8000-00000000dead";
    binder(app(AzureStandIn.BINDER).assigning(none));
    var finding = only(storage(none, AzureBench.SCOPE));
    assertThat(finding.code()).isEqualTo("role_missing");
    assertThat(finding.what()).contains(none, AzureBench.SCOPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"permissions/read", "roleDefinitions/read", "locks/read"})
  void what_the_binder_may_not_look_at_is_said_and_not_guessed(String action) {
    binder(app(AzureStandIn.BINDER).assigning(AzureStandIn.BLOB_READER).lacking(action));
    var finding = only(storage());
    assertThat(finding.weight()).isEqualTo(Weight.WARNING);
    assertThat(finding.code()).isEqualTo("not_seen");
    assertThat(mend(finding)).contains("Microsoft.Authorization/" + action);
  }

  @Test
  void permissions_that_are_not_found_are_not_known_and_no_lack_of_them() {
    var none = "{\"error\":{\"code\":\"NotFound\",\"message\":\"no\"}}";
    bench
        .sandbox
        .azure()
        .armFaults()
        .always(
            new Fault.Rewrite(reply ->
                reply.body().contains("notDataActions")
                    ? new Reply(404, "application/json", none, Map.of())
                    : reply));
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("not_seen");
    assertThat(finding.weight()).isEqualTo(Weight.WARNING);
    assertThat(finding.what()).contains("whether the binder may assign", "shown nothing");
    assertThat(mend(finding)).contains("permissions/read", "whether the scope is");
  }

  @Test
  void an_identity_that_has_the_role_without_a_grant_is_found_and_a_grant_s_is_not()
      throws Exception {
    bench.mint(bench.storage(bench.request("alice", Duration.ofMinutes(10))));
    assertThat(bench.sandbox.azure().assignments()).isEqualTo(1);
    assertThat(codes(storage())).containsExactly("mints", "binder_assigns");
    // Another role there, and this one at a place beside: neither reaches what a grant gives.
    bench.sandbox.azure().assignedByHand(SECOND, READER, AzureBench.SCOPE);
    bench
        .sandbox
        .azure()
        .assignedByHand(SECOND, AzureStandIn.BLOB_READER, AzureBench.SCOPE + "-other");
    assertThat(codes(storage())).containsExactly("mints", "binder_assigns");
    bench
        .sandbox
        .azure()
        .assignedByHand(
            SECOND, AzureStandIn.BLOB_READER, "/subscriptions/" + AzureStandIn.SUBSCRIPTION);
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("access_standing");
    assertThat(finding.what()).contains(SECOND).doesNotContain(FIRST);
  }

  @Test
  void what_an_identity_has_by_a_group_without_a_grant_is_found_too() {
    var inner = "96000000-0000-4000-8000-000000000001";
    var outer = "96000000-0000-4000-8000-000000000002";
    bench.sandbox.azure().group(inner, AzureStandIn.objectId(SECOND));
    bench.sandbox.azure().group(outer, inner);
    bench.sandbox.azure().assignedToGroup(outer, READER, AzureBench.SCOPE);
    assertThat(codes(storage())).containsExactly("mints", "binder_assigns");
    bench.sandbox.azure().assignedToGroup(outer, AzureStandIn.BLOB_READER, AzureBench.SCOPE);
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("access_standing");
    assertThat(finding.what()).contains(SECOND).doesNotContain(FIRST);
    assertThat(mend(finding)).contains("out of the group");
  }

  @Test
  void what_was_made_for_a_grant_that_the_database_has_forgotten_is_found_and_how_to_remove_it()
      throws Exception {
    var grant = bench.storage(bench.request("alice", Duration.ofMinutes(10)));
    bench.mint(grant);
    var name = AzureBench.only(bench.store.of(grant.request())).id();
    var restored = new MemoryBindings(bench.requests, InstantSource.system());
    var finding = only(findings(bench.cloud, restored, storage()));
    assertThat(finding.code()).isEqualTo("access_forgotten");
    assertThat(finding.weight()).isEqualTo(Weight.WRONG);
    assertThat(finding.what()).startsWith(FIRST).contains(name.toString());
    var path = "/providers/Microsoft.Authorization/roleAssignments/" + name + "'";
    assertThat(mend(finding))
        .contains("another deployment", "az role assignment delete --ids '/subscriptions/")
        .endsWith(path);
    assertThat(bench.sandbox.azure().assignments()).as("it only looks").isEqualTo(1);
  }

  @Test
  void what_was_removed_a_moment_ago_is_not_forgotten_although_azure_may_still_list_it()
      throws Exception {
    var request = bench.request("alice", Duration.ofMinutes(10));
    bench.mint(bench.storage(request));
    bench.revoke(request.id());
    for (var claimed : bench.store.claimDue(1, Duration.ofSeconds(30), Duration.ZERO)) {
      bench.store.removed(claimed);
    }
    assertThat(bench.sandbox.azure().assignments()).isEqualTo(1);
    assertThat(codes(storage())).containsExactly("mints", "binder_assigns");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not-an-id", "x' ; reboot '"})
  void a_marked_assignment_of_any_other_name_is_forgotten_and_its_name_is_no_command(String name)
      throws Exception {
    bench.mint(bench.storage(bench.request("alice", Duration.ofMinutes(10))));
    var renamed = "\"name\":\"" + name + "\",\"type\":\"Microsoft.Authorization/roleA";
    bench
        .sandbox
        .azure()
        .armFaults()
        .always(
            new Fault.Rewrite(reply ->
                reply.withBody(
                    reply
                        .body()
                        .replaceAll(
                            "\"name\":\"[^\"]*\",\"type\":\"Microsoft.Authorization/roleA",
                            renamed))));
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("access_forgotten");
    assertThat(finding.what() + mend(finding)).doesNotContain("reboot");
  }

  @Test
  void an_azure_that_is_down_or_asks_for_patience_is_told_from_one_that_refuses() {
    bench.sandbox.azure().entraFaults().always(Fault.outage());
    assertThat(only(reports()).code()).isEqualTo("cloud_failed");
    bench.sandbox.azure().entraFaults().always(new Fault.Refuse(429, "TooManyRequests"));
    assertThat(only(reports()).code()).isEqualTo("cloud_throttled");
    bench.sandbox.azure().entraFaults().clear();
    bench.sandbox.azure().armFaults().always(Fault.outage());
    assertThat(codes(storage())).containsExactly("mints", "cloud_failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"value\":{}}", "[]", "<html>", ""})
  void a_list_that_is_none_is_not_believed(String body) {
    bench.sandbox.azure().armFaults().always(Fault.say("application/json", body));
    assertThat(codes(storage())).containsExactly("mints", "cloud_answer_wrong");
  }

  @Test
  void a_clock_that_differs_from_entra_s_is_found_although_entra_still_says_yes() {
    var date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(3));
    bench
        .sandbox
        .azure()
        .entraFaults()
        .next(new Fault.Rewrite(reply -> reply.with("Date", date)), 1);
    var finding = only(reports());
    assertThat(finding.code()).isEqualTo("clock_differs");
    assertThat(finding.what()).startsWith("Entra's clock").contains("ahead of ours");
  }

  @Test
  void a_lock_that_would_keep_access_is_told_with_its_place() {
    bench.sandbox.azure().lock(AzureBench.SCOPE, "keep", "CanNotDelete");
    var finding = only(storage());
    assertThat(finding.code()).isEqualTo("scope_locked");
    assertThat(finding.weight()).isEqualTo(Weight.WRONG);
    assertThat(finding.what()).contains("/locks/keep", "CanNotDelete", AzureBench.SCOPE);
    assertThat(mend(finding)).contains("remove the lock");
    bench.sandbox.azure().unlock(AzureBench.SCOPE);
    assertThat(codes(storage())).containsExactly("mints", "binder_assigns");
  }

  @Test
  void a_token_that_outlives_its_approval_by_a_day_is_no_choice_of_the_role_s() {
    var app = app(AzureStandIn.reportsIdentity()).withStandingAccess();
    var day = app.trusting(bench.issuer(), "role:azure-reports").tokensLiving(Duration.ofDays(1));
    bench.sandbox.azure().add(day);
    var finding = only(reports());
    assertThat(finding.code()).isEqualTo("token_lives_too_long");
    assertThat(finding.what()).contains(AzureStandIn.reportsIdentity(), "1440 minutes");
    assertThat(mend(finding)).contains("managed identity", "role-assignment");
    bench.sandbox.azure().add(day.tokensLiving(Duration.ofMinutes(119)));
    assertThat(codes(reports())).containsExactly("mints");
  }
}
