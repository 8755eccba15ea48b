package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.TerraformText;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the binder of Azure's module may assign, reckoned by Terraform itself without a provider.
 */
class TerraformAzureBinderTest {

  private static final String SHOP =
      "/subscriptions/5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002/resourceGroups/shop";
  private static final String BANK =
      "/subscriptions/5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002/resourceGroups/bank";
  private static final String READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
  private static final String WRITER = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
  private static final int AZURE_TAKES = 8 * 1024;

  @TempDir private Path folder;

  @BeforeEach
  void variablesAlone() throws Exception {
    Terraform.assumed();
    Files.copy(Path.of("terraform/azure/variables.tf"), folder.resolve("variables.tf"));
  }

  /** The module's own words, with made-up object ids where its provider would know them. */
  private JsonObject reckoned(String roles) throws Exception {
    var module = TerraformText.ofModule("azure");
    var binder = module.resource("azurerm_role_assignment", "binder");
    Files.writeString(
        folder.resolve("main.tf"),
        """
        locals {
        %s
        }
        locals {
          principals = { for key, identity in local.identities : key => { object_id = uuidv5("oid", key) } }
        }
        output "principals" {
          value = { for key, one in local.principals : key => one.object_id }
        }
        output "fits" {
          value = { for key, value in local.bindable : key => %s }
        }
        output "conditions" {
          value = { for key, value in local.bindable : key => <<-EOT
        %s
        EOT
          }
        }
        """
            .formatted(
                module.block("locals").text(),
                named(binder.block("precondition").raw("condition")),
                named(binder.document("condition"))));
    var terraform = new Terraform(folder);
    terraform.run(folder, "init", "-no-color", "-input=false").good();
    terraform
        .run(
            folder,
            "apply",
            "-no-color",
            "-input=false",
            "-auto-approve",
            "-var=issuer_url=https://daypass.example.com",
            "-var=roles=" + roles)
        .good();
    return terraform.outputs(folder);
  }

  private static String named(String expression) {
    return expression
        .replace("each.value", "value")
        .replace("azuread_service_principal.identity", "local.principals");
  }

  private static String role(String name, int identities, String definition, String scope) {
    return "%s={identities=%d,assignment={role_definition=\"%s\",scope=\"%s\"}}"
        .formatted(name, identities, definition, scope);
  }

  @Test
  void it_assigns_a_scope_s_roles_to_that_scope_s_identities_and_to_nobody_else() throws Exception {
    var made =
        reckoned(
            "{%s,%s,%s,reports={}}"
                .formatted(
                    role("read", 2, READER, SHOP),
                    role("write", 1, WRITER.toUpperCase(Locale.ROOT), SHOP),
                    role("till", 1, READER, BANK)));
    var conditions = made.getJsonObject("conditions").getJsonObject("value");
    var principals = made.getJsonObject("principals").getJsonObject("value");
    assertThat(conditions.fieldNames()).containsExactlyInAnyOrder(SHOP, BANK);
    assertThat(conditions.getString(SHOP))
        .contains(
            "RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + READER + ", " + WRITER + "} AND",
            "PrincipalId] ForAnyOfAnyValues:GuidEquals {"
                + String.join(
                    ", ",
                    principals.getString("read-01"),
                    principals.getString("read-02"),
                    principals.getString("write-01"))
                + "}))");
    assertThat(conditions.getString(BANK))
        .contains("{" + principals.getString("till-01") + "}")
        .doesNotContain(WRITER, principals.getString("read-01"));
    assertThat(principals.fieldNames()).contains("reports-01");
    assertThat(conditions.encode()).doesNotContain(principals.getString("reports-01"));
  }

  @Test
  void the_most_that_it_takes_fits_into_a_condition_and_one_more_is_refused() throws Exception {
    var most =
        IntStream.range(0, 3)
            .mapToObj(i -> role("r" + i, 50, READER.replaceFirst("^.", "" + i), SHOP))
            .collect(Collectors.joining(","));
    var last = role("r3", 22, READER.replaceFirst("^.", "3"), SHOP);
    var made = reckoned("{" + most + "," + last + "}");
    assertThat(made.getJsonObject("fits").getJsonObject("value").getBoolean(SHOP)).isTrue();
    var condition = made.getJsonObject("conditions").getJsonObject("value").getString(SHOP);
    assertThat(condition.length()).isBetween(AZURE_TAKES - 1024, AZURE_TAKES);
    var over = reckoned("{" + most + "," + last.replace("=22", "=23") + "}");
    assertThat(over.getJsonObject("fits").getJsonObject("value").getBoolean(SHOP)).isFalse();
  }
}
