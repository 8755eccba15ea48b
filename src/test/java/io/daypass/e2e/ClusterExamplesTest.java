package io.daypass.e2e;

import static io.daypass.e2e.Yaml.at;
import static io.daypass.e2e.Yaml.read;
import static io.daypass.e2e.Yaml.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.daypass.document.Node;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that are no scripts: what a pod is given, and what Terraform is told. */
class ClusterExamplesTest {

  private static final Path POD = Path.of("ci/examples/kubernetes.yaml").toAbsolutePath();
  private static final Path TERRAFORM = Path.of("ci/examples/terraform.tf").toAbsolutePath();
  private static final String URL = "https://daypass.example.com";
  private static final String TOKEN = "/var/run/secrets/daypass/token";

  private final World world = Shared.world();

  @TempDir private Path home;

  @Test
  void the_kubernetes_example_is_under_thirty_lines_and_its_parts_fit_together()
      throws IOException {
    assertThat(Files.readAllLines(POD)).hasSizeLessThan(30);
    var pod = read(Files.readString(POD));
    var mounted = at(pod, "spec", "containers", 0, "volumeMounts", 0);
    var volume = at(pod, "spec", "volumes", 0);
    var projected = at(volume, "projected", "sources", 0, "serviceAccountToken");
    assertThat(text(mounted, "name")).isEqualTo(text(volume, "name"));
    assertThat(text(mounted, "mountPath") + "/" + text(projected, "path"))
        .isEqualTo(environment(pod).get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
        .isEqualTo(TOKEN);
    assertThat(environment(pod).get("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
        .startsWith(text(projected, "audience") + "/aws/container-credentials/");
  }

  private static Map<String, String> environment(Mapping pod) {
    var environment = new LinkedHashMap<String, String>();
    for (var entry : ((Sequence) at(pod, "spec", "containers", 0, "env")).items()) {
      environment.put(text(entry, "name"), text(entry, "value"));
    }
    return environment;
  }

  @Test
  void kubernetes_own_types_know_every_key_of_the_example() throws Exception {
    Needs.programs("kubectl");
    // Reads it into a Pod and writes that: what is no part of one would be gone.
    var typed =
        new Shell(home)
            .run(
                Map.of(),
                "kubectl",
                "set",
                "image",
                "--local",
                "-o",
                "yaml",
                "-f",
                POD.toString(),
                "app=registry.example.com/shop/other");
    assertThat(typed.code()).as(typed.out()).isZero();
    holds(read(typed.out()), read(Files.readString(POD)), "");
  }

  private static void holds(Node typed, Node ours, String where) {
    switch (ours) {
      case Mapping mapping ->
          mapping
              .entries()
              .forEach((key, entry) ->
                  holds(
                      ((Mapping) typed)
                          .entry(key)
                          .orElseThrow(() -> new AssertionError("unknown: " + where + key))
                          .value(),
                      entry.value(),
                      where + key + "."));
      case Sequence list -> {
        for (int i = 0; i < list.items().size(); i++) {
          holds(((Sequence) typed).items().get(i), list.items().get(i), where + i + ".");
        }
      }
      case Scalar scalar -> {
        if (!where.endsWith("image.")) {
          assertThat(((Scalar) typed).text()).as(where).isEqualTo(scalar.text());
        }
      }
    }
  }

  @Test
  void what_the_pod_is_given_is_all_that_the_aws_command_needs() throws Exception {
    Needs.programs("aws");
    var token = Files.writeString(home.resolve("token"), world.pod()).toString();
    var environment = new LinkedHashMap<String, String>();
    environment(read(Files.readString(POD)))
        .forEach((name, value) ->
            environment.put(
                name,
                value
                    .replace(URL, world.url())
                    .replace("ci-deploy", "worker")
                    .replace(TOKEN, token)));
    environment.put("AWS_ENDPOINT_URL_STS", world.sandbox.awsEndpoints().get("sts"));
    var who = new Shell(home).run(environment, "aws", "sts", "get-caller-identity");
    assertThat(who.code()).as(who.out()).isZero();
    assertThat(who.out()).contains("assumed-role/daypass-worker/");
  }

  @Test
  void the_terraform_example_is_formatted_and_under_thirty_lines() throws Exception {
    assertThat(Files.readAllLines(TERRAFORM)).hasSizeLessThan(30);
    Needs.programs("terraform");
    var formatted =
        new Shell(home).run(Map.of(), "terraform", "fmt", "-check", "-diff", TERRAFORM.toString());
    assertThat(formatted.code()).as(formatted.out()).isZero();
  }

  @Test
  void terraform_plans_with_credentials_that_the_example_fetched() throws Exception {
    Needs.programs("terraform");
    var mirror = System.getenv("TF_CLI_CONFIG_FILE");
    Needs.tool(
        mirror != null && Files.isReadable(Path.of(mirror)),
        "mirror of Terraform's AWS provider, by TF_CLI_CONFIG_FILE,");
    var token = Files.writeString(home.resolve("token"), world.pod() + "\n").toString();
    Files.writeString(
        home.resolve("main.tf"),
        Files.readString(TERRAFORM)
                .replace(URL, world.url())
                .replace("ci-deploy", "worker")
                .replace(TOKEN, token)
            + "\ndata \"aws_region\" \"here\" {}\n"
            + "output \"region\" { value = data.aws_region.here.name }\n");
    var shell = new Shell(home);
    var environment =
        Map.of("TF_CLI_CONFIG_FILE", Objects.requireNonNull(mirror), "CHECKPOINT_DISABLE", "1");
    var init = shell.run(environment, "terraform", "init", "-input=false", "-no-color");
    assertThat(init.code()).as(init.out()).isZero();
    var before = sealed();
    var plan = shell.run(environment, "terraform", "plan", "-input=false", "-no-color");
    assertThat(plan.code()).as(plan.out()).isZero();
    assertThat(plan.out()).contains("eu-central-1");
    assertThat(sealed()).isGreaterThan(before);
  }

  private long sealed() throws Exception {
    return world.records.count(
        "SELECT count(*) FROM daypass.ledger_entry WHERE kind = 'sealed' AND role = 'worker'");
  }
}
