package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.TerraformText;
import io.daypass.policy.yaml.HumanIssuers;
import io.daypass.policy.yaml.Installation;
import io.daypass.policy.yaml.PolicyDirectory;
import io.daypass.sandbox.aws.StandInRole;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The trust that Terraform lays, made by Terraform itself where it is installed. */
class TerraformTest {

  private static final Path MODULES = Path.of("terraform");
  private static final String ACCOUNT = "123456789012";
  private static final String ROLE = "staging-admin";
  private static final Duration HALF_A_DAY = Duration.ofHours(12);

  @TempDir private Path folder;

  @BeforeEach
  void terraformIsThere() {
    Terraform.assumed();
  }

  private Terraform.Ended terraform(Path in, String... arguments) throws Exception {
    return new Terraform(folder).run(in, arguments);
  }

  private Path copy(String module) throws IOException {
    var from = MODULES.resolve(module);
    var to = Files.createDirectories(folder.resolve("copy"));
    try (var files = Files.list(from)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
    return to;
  }

  /** What the AWS module writes into an account for {@code subject}, by applying it. */
  private JsonObject documents(String issuer, String subject) throws Exception {
    var module = copy("aws/documents");
    terraform(module, "init", "-no-color", "-input=false").good();
    apply(module, issuer, subject).good();
    return new Terraform(folder).outputs(module);
  }

  private Terraform.Ended apply(Path module, String issuer, String subject) throws Exception {
    return terraform(
        module,
        "apply",
        "-no-color",
        "-input=false",
        "-auto-approve",
        "-var=issuer_host=" + issuer,
        "-var=provider_arn=arn:aws:iam::" + ACCOUNT + ":oidc-provider/" + issuer,
        "-var=audience=daypass-aws-" + ACCOUNT,
        "-var=subjects={\"role\"=\"" + subject + "\"}",
        "-var=revocable_role_arns=[\"arn:aws:iam::" + ACCOUNT + ":role/daypass-" + ROLE + "\"]");
  }

  private static String trust(JsonObject documents) {
    return documents.getJsonObject("trust").getJsonObject("value").getString("role");
  }

  @Test
  void the_files_are_formatted() throws Exception {
    var ended = terraform(MODULES.toAbsolutePath(), "fmt", "-check", "-recursive", "-diff");
    assertThat(ended.code()).as(ended.out()).isZero();
  }

  @Test
  void with_the_trust_that_it_lays_the_broker_mints_and_with_another_role_s_it_does_not()
      throws Exception {
    var world = Shared.world();
    var api = Shared.api();
    var issuer = world.url().substring("http://".length());
    var ours = trust(documents(issuer, "role:" + ROLE));
    var others = ours.replace("role:" + ROLE, "role:prod-admin");
    var alice = world.person("alice");
    var id = api.ask(alice, ROLE, "30m", "terraform");
    try {
      world.sandbox.aws().add(role(others, issuer));
      api.credentials(ROLE, alice).is(502, "cloud_refused");
      world.sandbox.aws().add(role(ours, issuer));
      assertThat(api.credentials(ROLE, alice).is(200).text("AccountId")).isEqualTo(ACCOUNT);
    } finally {
      world.sandbox.aws().add(role(ours, issuer));
      api.on(id, "return", alice);
    }
  }

  private static StandInRole role(String trust, String issuer) {
    return StandInRole.trusting(ACCOUNT, "daypass-" + ROLE, HALF_A_DAY, trust, issuer);
  }

  @Test
  void whoever_cuts_sessions_may_touch_the_inline_policies_of_named_roles_and_nothing_else()
      throws Exception {
    var made = documents("daypass.example.com", "role:" + ROLE);
    var policy = new JsonObject(made.getJsonObject("revocation").getString("value"));
    assertThat(policy.getJsonArray("Statement")).hasSize(1);
    var statement = policy.getJsonArray("Statement").getJsonObject(0);
    assertThat(statement.getJsonArray("Resource"))
        .containsExactly("arn:aws:iam::" + ACCOUNT + ":role/daypass-" + ROLE);
    assertThat(statement.getJsonArray("Action"))
        .containsExactlyInAnyOrder(
            "iam:GetRole",
            "iam:ListRolePolicies",
            "iam:GetRolePolicy",
            "iam:PutRolePolicy",
            "iam:DeleteRolePolicy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"role:*", "*", "role:prod-?", "repo:acme/shop", "", "role:a b"})
  void a_subject_that_is_not_exactly_one_role_is_refused(String subject) throws Exception {
    var module = copy("aws/documents");
    terraform(module, "init", "-no-color", "-input=false").good();
    var ended = apply(module, "daypass.example.com", subject);
    assertThat(ended.code()).isEqualTo(1);
    // Terraform wraps the sentence into a box.
    assertThat(ended.err().replaceAll("[\\s│]+", " ")).contains("there are no wildcards");
  }

  private static final Map<String, String> MADE =
      Map.of(
          "${role_arn}", "arn:aws:iam::" + ACCOUNT + ":role/daypass-prod-readonly",
          "${service_account}", "daypass-gcp-logs@acme-prod.iam.gserviceaccount.com",
          "${workload_identity_provider}",
              "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools"
                  + "/daypass/providers/daypass",
          "${tenant}", "7d3c0a52-4f0e-4f5e-9a63-2b1f1f0c9a01",
          "${client_id}", "5a0f3b1c-0000-4000-8000-000000000001",
          "${spare_ids}",
              "5a0f3b1c-0000-4000-8000-000000000002, 5a0f3b1c-0000-4000-8000-000000000003",
          "${role_definition}", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
          "${scope}", "/subscriptions/5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002/resourceGroups/shop");

  @ParameterizedTest
  @ValueSource(strings = {"aws", "gcp", "azure"})
  void an_example_ends_in_a_role_file_that_the_broker_takes(String cloud) throws Exception {
    var filled = Files.readString(MODULES.resolve("examples/" + cloud + "/role.yaml.tftpl"));
    for (var value : MADE.entrySet()) {
      filled = filled.replace(value.getKey(), value.getValue());
    }
    assertThat(filled).doesNotContain("${");
    var policies = Files.createDirectories(folder.resolve("policies"));
    Files.writeString(policies.resolve("role.yaml"), filled);
    var staff = new HumanIssuers.Known(Set.of("staff"));
    var loaded = PolicyDirectory.load(policies, Installation.usual(staff));
    assertThat(loaded).isInstanceOf(PolicyDirectory.Loaded.Read.class);
    assertThat(((PolicyDirectory.Loaded.Read) loaded).warnings()).isEmpty();
  }

  /** What the variables alone make of {@code roles}; no provider is needed to refuse. */
  private Terraform.Ended variables(String module, String roles) throws Exception {
    var alone = Files.createDirectories(folder.resolve("variables"));
    Files.copy(MODULES.resolve(module + "/variables.tf"), alone.resolve("variables.tf"));
    terraform(alone, "init", "-no-color", "-input=false").good();
    var arguments =
        new ArrayList<>(
            List.of(
                "plan",
                "-no-color",
                "-input=false",
                "-var=issuer_url=https://daypass.example.com",
                "-var=roles=" + roles));
    if (module.equals("gcp")) {
      arguments.add("-var=project=acme-prod");
    }
    return terraform(alone, arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aws   | {a={policy_arns=[\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]}}",
        "gcp   | {a={account_id=\"daypass-a\",grants={acme-prod=[\"roles/logging.viewer\"]}}}",
        "gcp   | {a={account_id=\"daypass-a\",provider_id=\"daypass-a\"}}",
        "azure | {a={identities=2,assignment={role_definition=\"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1\",scope=\"/subscriptions/5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002\"}}}",
      })
  void the_variables_take_what_is_exact(String module, String roles) throws Exception {
    variables(module, roles).good();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aws   | {}",
        "aws   | {\"*\"={}}",
        "aws   | {a={max_session_duration=900}}",
        "aws   | {a={max_session_duration=43201}}",
        "gcp   | {\"*\"={account_id=\"daypass-a\"}}",
        "gcp   | {a={account_id=\"daypass-a\",provider_id=\"gcp-a\"}}",
        "gcp   | {a={account_id=\"daypass-a\"},b={account_id=\"daypass-a\"}}",
        "gcp   | {a={account_id=\"daypass-a\",grants={acme-prod=[\"roles/editor\"]}}}",
        "gcp   | {a={account_id=\"daypass-a\",binding={project=\"acme-prod\",role=\"roles/owner\"}}}",
        "azure | {\"a b\"={}}",
        "azure | {a={identities=2}}",
        "azure | {a={assignment={role_definition=\"Owner\",scope=\"/subscriptions/5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002\"}}}",
        "azure | {a={assignment={role_definition=\"8e3af657-a8ff-443c-a75c-2fe8c4bcb635\",scope=\"/subscriptions/5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002\"}}}",
        "azure | {a={assignment={role_definition=\"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1\",scope=\"/\"}}}",
      })
  void the_variables_refuse_what_is_too_wide(String module, String roles) throws Exception {
    var ended = variables(module, roles);
    assertThat(ended.code()).as(ended.out()).isEqualTo(1);
    assertThat(ended.err()).contains("Invalid value for variable");
  }

  @Test
  void all_of_it_is_formatted() throws Exception {
    terraform(MODULES.toAbsolutePath(), "fmt", "-check", "-recursive", "-no-color").good();
  }

  /** The modules leave that to who uses them, and validating says nothing of it. */
  @ParameterizedTest
  @CsvSource({
    "aws, aws, region",
    "gcp, google, project",
    "azure, azurerm, features",
    "azure, azurerm, subscription_id",
    "azure, azuread, ''",
  })
  void an_example_sets_up_the_providers_of_its_module(
      String module, String provider, String setting) {
    var example = TerraformText.ofModule("examples/" + module);
    assertThat(example.block("provider \"" + provider + "\"").text()).contains(setting);
    assertThat(TerraformText.ofModule(module).text()).doesNotContain("provider \"");
  }

  @Test
  void the_module_for_aws_wants_a_provider_that_needs_no_thumbprint() throws Exception {
    var provider = TerraformText.ofModule("aws");
    assertThat(provider.resource("aws_iam_openid_connect_provider", "daypass").text())
        .doesNotContain("thumbprint_list");
    assertThat(Files.readString(MODULES.resolve("aws/versions.tf"))).contains("\">= 5.81.0\"");
  }

  @ParameterizedTest
  @CsvSource({"aws, aws", "gcp, google", "azure, azurerm", "azure, azuread"})
  void a_module_is_valid_for_its_provider(String module, String provider) throws Exception {
    Terraform.assumed(provider);
    var copy = folder.resolve("terraform");
    try (var files = Files.walk(MODULES)) {
      for (var file : files.toList()) {
        Files.copy(file, copy.resolve(MODULES.relativize(file).toString()));
      }
    }
    for (var name : List.of(module, "examples/" + module)) {
      terraform(copy.resolve(name), "init", "-no-color", "-input=false", "-backend=false").good();
      terraform(copy.resolve(name), "validate", "-no-color").good();
    }
  }
}
