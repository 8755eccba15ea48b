package io.daypass.cloud.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daypass.cloud.DroppedAttempts;
import io.daypass.cloud.Finding;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.TerraformText;
import io.daypass.policy.Target;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInAccount;
import io.daypass.sandbox.gcp.StandInProvider;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Terraform's module for Google lays is what the broker needs, and no more. */
class TerraformGoogleTest {

  private static final String STORAGE = "roles/storage.objectAdmin";
  private static final String ACCOUNT = "daypass-tf@acme-prod.iam.gserviceaccount.com";
  private static final String BINDER = "daypass-tf-binder@acme-prod.iam.gserviceaccount.com";
  private static final String POOL =
      "projects/" + GcpStandIn.PROJECT_NUMBER + "/locations/global/workloadIdentityPools/daypass";

  private final TerraformText module = TerraformText.ofModule("gcp");
  private final TerraformText provider =
      module.resource("google_iam_workload_identity_pool_provider", "daypass");
  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  /** Makes in the stand-in what the module makes for the role {@code name}. */
  private void apply(String name) {
    var issuer = new JsonObject(bench.keys.discovery().body()).getString("issuer");
    assertThat(provider.block("oidc").raw("issuer_uri")).isEqualTo("var.issuer_url");
    assertThat(provider.block("oidc").has("allowed_audiences")).isFalse();
    bench
        .sandbox
        .gcp()
        .add(
            new StandInProvider(
                GcpStandIn.PROVIDER,
                issuer,
                List.of(),
                provider.block("attribute_mapping").map(),
                provider.text("attribute_condition")));
    bench.sandbox.gcp().add(StandInAccount.of(ACCOUNT, impersonator("impersonation", name)));
    bench
        .sandbox
        .gcp()
        .add(StandInAccount.of(BINDER, impersonator("binder", name)).granting(STORAGE));
  }

  private String impersonator(String member, String role) {
    var lets = module.resource("google_service_account_iam_member", member);
    assertThat(lets.text("role")).isEqualTo("roles/iam.workloadIdentityUser");
    return lets.text("member")
        .replace("${google_iam_workload_identity_pool.daypass.name}", POOL)
        .replace("${each.key}", role);
  }

  private static Grants grant() {
    return Grants.standard()
        .called("gcp-tf")
        .to(
            new Target.Google(
                List.of(ACCOUNT),
                GcpStandIn.PROVIDER,
                Bench.SCOPES,
                new Target.Google.IamBinding(GcpStandIn.PROJECT, STORAGE, BINDER)));
  }

  @Test
  void the_broker_mints_and_binds_under_what_it_lays() throws Exception {
    apply("gcp-tf");
    assertThat(bench.cloud.mint(grant().recorded())).isNotNull();
    assertThat(bench.sandbox.gcp().gives(GcpStandIn.PROJECT, STORAGE, ACCOUNT)).isTrue();
    var role = grant().recorded().role();
    var checkup =
        new GoogleCheckup(
            bench.cloud, "https://daypass.example", InstantSource.system(), UUID::randomUUID);
    assertThat(checkup.of(role, new DroppedAttempts(role, bench.time)))
        .extracting(Finding::code)
        .containsExactly("mints", "binder_edits");
  }

  @Test
  void another_role_s_account_is_not_the_broker_s_to_give() {
    apply("gcp-tg");
    assertThatExceptionOfType(MintException.class)
        .isThrownBy(() -> bench.cloud.mint(grant().recorded()))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED));
  }

  @Test
  void the_provider_takes_roles_and_the_binder_and_names_them_by_their_subject() {
    assertThat(provider.block("attribute_mapping").map())
        .containsEntry("google.subject", "assertion.sub");
    assertThat(provider.text("attribute_condition"))
        .isEqualTo(
            "assertion.sub.startsWith('role:') || assertion.sub == '" + PolicyEditor.SUBJECT + "'");
    assertThat(impersonator("impersonation", "gcp-tf"))
        .isEqualTo(GcpStandIn.principal("role:gcp-tf"));
    assertThat(impersonator("binder", "gcp-tf"))
        .isEqualTo(GcpStandIn.principal(PolicyEditor.SUBJECT));
  }

  @Test
  void each_role_may_have_a_provider_of_its_own_in_the_pool_and_all_take_the_broker_alone() {
    assertThat(provider.raw("for_each"))
        .isEqualTo("toset([for role in values(var.roles) : role.provider_id])");
    assertThat(provider.raw("workload_identity_pool_provider_id")).isEqualTo("each.value");
    assertThat(provider.raw("workload_identity_pool_id"))
        .isEqualTo("google_iam_workload_identity_pool.daypass.workload_identity_pool_id");
  }

  @Test
  void the_binder_may_edit_policies_and_only_the_roles_that_grants_give() {
    var custom = module.resource("google_project_iam_custom_role", "binder");
    assertThat(custom.texts("permissions"))
        .containsExactlyInAnyOrder(
            "resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy");
    var condition = module.resource("google_project_iam_member", "binder").block("condition");
    assertThat(condition.text())
        .contains("api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([%s])")
        .contains("for role in each.value");
  }

  @Test
  void the_page_says_the_same_as_the_module() throws Exception {
    var page = Files.readString(Path.of("docs/clouds.md"));
    assertThat(page)
        .contains("--attribute-mapping=google.subject=assertion.sub")
        .contains("--attribute-condition=\"" + provider.text("attribute_condition") + "\"")
        .contains("modifiedGrantsByRole', []).hasOnly(")
        .contains("roles/iam.workloadIdentityUser");
    for (var service : module.texts("services")) {
      assertThat(page).contains("`" + service + "`");
    }
  }

  @Test
  void the_services_that_the_broker_calls_are_turned_on() {
    assertThat(module.texts("services"))
        .contains(
            host(GoogleCall.Service.STS),
            host(GoogleCall.Service.IAM_CREDENTIALS),
            host(GoogleCall.Service.RESOURCE_MANAGER));
  }

  private static String host(GoogleCall.Service service) {
    return java.net.URI.create(service.usual()).getHost();
  }
}
