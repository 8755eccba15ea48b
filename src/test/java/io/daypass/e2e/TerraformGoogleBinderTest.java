package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.TerraformText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Google limits of the binder's account and its condition, as Terraform itself reckons it. */
class TerraformGoogleBinderTest {

  @TempDir private Path folder;

  @BeforeEach
  void variablesAlone() throws Exception {
    Terraform.assumed();
    Files.copy(Path.of("terraform/gcp/variables.tf"), folder.resolve("variables.tf"));
    new Terraform(folder).run(folder, "init", "-no-color", "-input=false").good();
  }

  private Terraform.Ended terraform(String command, String roles, String... more) throws Exception {
    var arguments =
        new ArrayList<>(
            List.of(
                command,
                "-no-color",
                "-input=false",
                "-var=issuer_url=https://daypass.example.com",
                "-var=project=acme-prod",
                "-var=roles=" + roles));
    arguments.addAll(List.of(more));
    return new Terraform(folder).run(folder, arguments.toArray(String[]::new));
  }

  private Terraform.Ended plan(String roles, String... more) throws Exception {
    return terraform("plan", roles, more);
  }

  private static final String ONE = "{a={account_id=\"daypass-a\"}}";

  @Test
  void a_pool_whose_name_the_binder_s_account_can_have_is_taken() throws Exception {
    plan(ONE, "-var=pool_id=" + "p".repeat(23)).good();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pppppppppppppppppppppppp", "gcp-pool", "1pool", "ppp", "Pool"})
  void a_pool_whose_name_it_cannot_have_is_refused_with_the_reason(String id) throws Exception {
    var ended = plan(ONE, "-var=pool_id=" + id);
    assertThat(ended.code()).as(ended.out()).isEqualTo(1);
    assertThat(ended.err().replaceAll("[\\s│]+", " ")).contains("it names the binder's account");
  }

  /** Roles whose bindings name so many of IAM's in one project, one in another, and one none. */
  private static String binding(int many) {
    var roles = new StringBuilder("{none={account_id=\"daypass-none\"},other={account_id=");
    roles.append("\"daypass-other\",binding={project=\"acme-test\",role=\"roles/other\"}}");
    for (int i = 0; i < many; i++) {
      roles.append(
          ",r%1$d={account_id=\"daypass-r%1$d\",binding={project=\"acme-prod\",role=\"roles/r%1$d\"}}"
              .formatted(i));
    }
    return roles.append('}').toString();
  }

  @Test
  void a_condition_has_room_for_130_roles_in_a_project_and_not_for_one_more() throws Exception {
    plan(binding(130)).good();
    var ended = plan(binding(131));
    assertThat(ended.code()).as(ended.out()).isEqualTo(1);
    assertThat(ended.err().replaceAll("[\\s│]+", " ")).contains("at most 130 IAM roles in one");
  }

  @Test
  void the_binder_s_condition_names_every_role_ten_at_a_time_and_no_other() throws Exception {
    Files.writeString(
        folder.resolve("main.tf"),
        "locals {"
            + TerraformText.ofModule("gcp").block("locals").text()
            + "}\noutput \"only\" { value = local.only }\n");
    terraform("apply", binding(23), "-auto-approve").good();
    var only = new Terraform(folder).outputs(folder).getJsonObject("only").getJsonObject("value");
    assertThat(only.fieldNames()).containsExactlyInAnyOrder("acme-prod", "acme-test");
    assertThat(only.getString("acme-test")).isEqualTo(HAS_ONLY + "(['roles/other'])");
    var lists = List.of(only.getString("acme-prod").split(" \\|\\| ", -1));
    assertThat(lists).hasSize(3).allSatisfy(list -> assertThat(named(list)).hasSizeBetween(1, 10));
    assertThat(lists.stream().flatMap(list -> named(list).stream()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 23).mapToObj(i -> "roles/r" + i).toList());
  }

  private static final String HAS_ONLY =
      "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly";

  private static List<String> named(String list) {
    assertThat(list).startsWith(HAS_ONLY + "([").endsWith("])");
    return Pattern.compile("'([^']+)'")
        .matcher(list.substring(HAS_ONLY.length()))
        .results()
        .map(name -> name.group(1))
        .toList();
  }
}
