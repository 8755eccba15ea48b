package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daypass.cloud.DroppedAttempts;
import io.daypass.cloud.Finding;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.TerraformText;
import io.daypass.cloud.Waits;
import io.daypass.policy.Target;
import io.daypass.policy.Target.Azure.RoleAssignment;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Terraform's module for Azure lays is what the broker needs, and no more. */
class TerraformAzureTest {

  private static final String CREDENTIAL = "azuread_application_federated_identity_credential";
  private static final String CLIENT = "7e44af00-0000-4000-8000-000000000001";
  private static final String MICROSOFT = "Microsoft.Authorization/";
  private static final List<String> WHOLE =
      List.of(
          "roleAssignments/read",
          "roleAssignments/write",
          "roleAssignments/delete",
          "roleDefinitions/read",
          "permissions/read",
          "locks/read");

  private final TerraformText module = TerraformText.ofModule("azure");
  private final AzureBench bench = new AzureBench();

  @AfterEach
  void close() {
    bench.close();
  }

  /** What the credential of {@code name} says, for the role {@code role}. */
  private StandInApp trusting(StandInApp app, String name, String role) {
    var credential = module.resource(CREDENTIAL, name);
    assertThat(credential.raw("issuer")).isEqualTo("var.issuer_url");
    assertThat(credential.raw("audiences")).isEqualTo("[local.audience]");
    var subject = credential.text("subject").replace("${each.value.role}", role);
    return app.trusting(bench.issuer(), subject);
  }

  /** Makes in the stand-in what the module makes for the role {@code name}. */
  private void apply(String name) {
    var azure = bench.sandbox.azure();
    azure.add(trusting(StandInApp.of(CLIENT, AzureStandIn.objectId(CLIENT)), "identity", name));
    var given = module.resource("azurerm_role_definition", "binder").texts("actions");
    var lacks =
        WHOLE.stream().filter(action -> !given.contains(MICROSOFT + action)).toArray(String[]::new);
    var binder =
        StandInApp.of(AzureStandIn.BINDER, AzureStandIn.objectId(AzureStandIn.BINDER))
            .assigning(AzureStandIn.BLOB_READER)
            .onlyTo(AzureStandIn.objectId(CLIENT))
            .lacking(lacks);
    azure.add(trusting(binder, "binder", name));
  }

  private static Target.Azure target() {
    return new Target.Azure(
        AzureStandIn.TENANT,
        List.of(CLIENT),
        "https://storage.azure.com/.default",
        new RoleAssignment(AzureStandIn.BLOB_READER, AzureBench.SCOPE));
  }

  @Test
  void the_broker_mints_assigns_and_takes_away_under_what_it_lays() throws Exception {
    apply("azure-tf");
    var request = bench.request("alice", Duration.ofMinutes(10));
    var grant = bench.grant(request, "azure-tf", target());
    var token = bench.mint(grant);
    assertThat(bench.mayAct(token)).isTrue();
    bench.revoke(request.id());
    bench.sweep();
    assertThat(bench.mayAct(token)).isFalse();
    var clock = InstantSource.system();
    var checkup =
        new AzureCheckup(bench.cloud, bench.store, bench.issuer(), clock, UUID::randomUUID);
    assertThat(checkup.of(grant.role(), new DroppedAttempts(grant.role(), clock)))
        .extracting(Finding::code)
        .containsExactly("mints", "binder_assigns");
  }

  @Test
  void another_role_s_application_is_not_the_broker_s_to_give() {
    apply("azure-tg");
    var grant = bench.grant(bench.request("alice", Duration.ofMinutes(10)), "azure-tf", target());
    assertThatExceptionOfType(MintException.class)
        .isThrownBy(() -> bench.mint(grant))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED));
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @Test
  void an_identity_that_the_binder_s_condition_does_not_name_is_assigned_nothing() {
    apply("azure-tf");
    var second = "7e44af00-0000-4000-8000-000000000002";
    var app = StandInApp.of(second, AzureStandIn.objectId(second));
    bench.sandbox.azure().add(trusting(app, "identity", "azure-tf"));
    var known = target();
    var added =
        new Target.Azure(known.tenant(), List.of(second), known.scope(), known.assignment());
    var grant = bench.grant(bench.request("alice", Duration.ofMinutes(10)), "azure-tf", added);
    assertThatExceptionOfType(MintException.class)
        .isThrownBy(() -> bench.mint(grant))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED));
    assertThat(bench.sandbox.azure().assignments()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "public, https://login.microsoftonline.com",
    "usgovernment, https://login.microsoftonline.us",
    "china, https://login.partner.microsoftonline.cn",
  })
  void the_audience_is_the_assertion_s_in_each_of_azure_s_clouds(
      String environment, URI authority) {
    var asserted =
        new AzureConfig(
                authority, bench.resourceManager(), null, null, Waits.QUICK, Duration.ofSeconds(1))
            .assertionAudience();
    assertThat(module.block("audience = ").text(environment)).isEqualTo(asserted);
  }

  @Test
  void the_binder_may_assign_unassign_and_look_and_nothing_else() {
    assertThat(module.resource("azurerm_role_definition", "binder").texts("actions"))
        .containsExactlyInAnyOrderElementsOf(WHOLE.stream().map(MICROSOFT::concat).toList());
  }

  @Test
  void the_page_says_the_same_condition_as_the_module() throws Exception {
    var binder = module.resource("azurerm_role_assignment", "binder");
    assertThat(binder.text("condition_version")).isEqualTo("2.0");
    assertThat(binder.text("principal_type")).isEqualTo("ServicePrincipal");
    var condition =
        binder
            .document("condition")
            .replace("${join(\", \", each.value.roles)}", "<role>")
            .replaceAll("\\$\\{join\\(\", \", \\[for .*object_id]\\)}", "<identities>");
    assertThat(condition)
        .contains("roleAssignments/write", "roleAssignments/delete", "{<identities>}")
        .doesNotContain("$");
    assertThat(single(Files.readString(Path.of("docs/clouds.md")))).contains(single(condition));
  }

  private static String single(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
