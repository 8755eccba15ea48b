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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
    var binder = module.resource("google_project_iam_member", "binder");
    assertThat(binder.raw("for_each")).isEqualTo("local.bindable");
    assertThat(binder.block("condition").raw("expression")).isEqualTo("local.only[each.key]");
    assertThat(module.block("only =").text())
        .contains("api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([%s])")
        .contains("for project, roles in local.bindable", "for role in ten");
  }

  @Test
  void a_condition_names_ten_roles_at_most_in_one_list() {
    assertThat(module.block("only =").text())
        .contains("for ten in chunklist(roles, 10)")
        .contains("join(\" || \"");
  }

  @Test
  void what_calls_an_api_waits_until_it_is_turned_on() {
    var called =
        Pattern.compile("(?m)^(?:resource|data) \"(\\w+)\" \"(\\w+)\"")
            .matcher(module.text())
            .results()
            .map(head -> head.group(1) + "." + head.group(2))
            .filter(address -> !address.equals("google_project_service.called"))
            .toList();
    assertThat(called).hasSizeGreaterThan(8);
    assertThat(called).allSatisfy(address -> assertThat(waits(address)).as(address).isTrue());
  }

  /** By itself, or by what it refers to. */
  private boolean waits(String address) {
    var at = address.split("\\.", 2);
    var text = module.block("\"" + at[0] + "\" \"" + at[1] + "\"").text();
    return text.matches("(?s).*depends_on\\s*=\\s*\\[google_project_service\\.called].*")
        || Pattern.compile("google_\\w+\\.\\w+")
            .matcher(text)
            .results()
            .map(MatchResult::group)
            .filter(other -> !other.equals(address))
            .anyMatch(this::waits);
  }

  @Test
  void every_pool_that_it_takes_gives_the_binder_an_id_that_google_takes() {
    var account = module.resource("google_service_account", "binder").text("account_id");
    var taken = pool();
    assertThat("daypass").matches(taken);
    for (var id : List.of("p".repeat(4), "p".repeat(23), "p-".repeat(11))) {
      assertThat(id).matches(taken);
      // IAM reference, serviceAccounts.create: accountId.
      assertThat(account.replace("${var.pool_id}", id))
          .hasSizeBetween(6, 30)
          .matches("[a-z]([-a-z0-9]*[a-z0-9])");
    }
    for (var id : List.of("p".repeat(3), "p".repeat(24), "1pool", "-pool", "Pool", "po_ol")) {
      assertThat(id).doesNotMatch(taken);
    }
  }

  private static Pattern pool() {
    var variable = TerraformText.ofFile("gcp", "variables.tf").block("variable \"pool_id\"").text();
    var regex = Pattern.compile("regex\\(\"([^\"]+)\", var\\.pool_id\\)").matcher(variable);
    assertThat(regex.find()).isTrue();
    return Pattern.compile(regex.group(1));
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
