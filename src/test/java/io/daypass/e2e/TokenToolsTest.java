package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of Google Cloud and of OIDC audiences in the hands of the command line and its tools. */
class TokenToolsTest {

  private static final String CLUSTER = "cluster-view";
  private static final String LOGS = "gcp-logs";

  private final World world = Shared.world();
  private final Api api = Shared.api();

  @TempDir private Path folder;
  private Laptop laptop;
  private String cluster;
  private String logs;

  @BeforeEach
  void start() throws IOException {
    var dave = world.person("dave");
    laptop = new Laptop(folder);
    laptop.with("DAYPASS_URL", api.url()).with("DAYPASS_TOKEN", dave);
    cluster = api.ask(dave, CLUSTER, "30m", "tools");
    logs = api.ask(dave, LOGS, "30m", "tools");
  }

  @AfterEach
  void end() {
    var dave = world.person("dave");
    api.on(cluster, "return", dave);
    api.on(logs, "return", dave);
  }

  @Test
  void kubectl_comes_in_with_the_plugin_s_token_and_runs_it_once() throws Exception {
    Needs.programs("kubectl");
    try (var cluster = new ApiServer(api, "https://kubernetes.acme.example")) {
      var config = folder.resolve("kubeconfig");
      Files.writeString(config, cluster.kubeconfig("v1", laptop.launcher(), CLUSTER));
      laptop.with("KUBECONFIG", config.toString());
      var before = world.records.count(sealed(), CLUSTER);
      for (var time = 0; time < 2; time++) {
        var ran = laptop.run("kubectl", "get", "--raw", "/whoami");
        assertThat(ran.err()).isEmpty();
        assertThat(new JsonObject(ran.out()).getString("sub")).isEqualTo("role:" + CLUSTER);
        assertThat(new JsonObject(ran.out()).getString("groups")).contains("daypass:viewers");
      }
      assertThat(world.records.count(sealed(), CLUSTER) - before).isOne();
      Files.writeString(config, cluster.kubeconfig("v1beta1", laptop.launcher(), CLUSTER));
      assertThat(laptop.run("kubectl", "get", "--raw", "/whoami").err()).isEmpty();
    }
  }

  @Test
  void kubectl_is_told_why_there_is_no_token() throws Exception {
    Needs.programs("kubectl");
    api.on(cluster, "return", world.person("dave")).is(200);
    try (var cluster = new ApiServer(api, "https://kubernetes.acme.example")) {
      var config = folder.resolve("kubeconfig");
      Files.writeString(config, cluster.kubeconfig("v1", laptop.launcher(), CLUSTER));
      laptop.with("KUBECONFIG", config.toString());
      var ran = laptop.run("kubectl", "get", "--raw", "/whoami");
      assertThat(ran.exit()).isNotZero();
      assertThat(ran.err()).contains(CLUSTER + " is not approved for you").contains("hint: ");
    }
  }

  private static String sealed() {
    return "SELECT count(*) FROM daypass.ledger_entry WHERE kind = 'sealed' AND role = ?";
  }

  @Test
  void the_plugin_answers_in_the_version_that_it_is_asked_for_and_in_no_other() {
    for (var version : new String[] {"v1", "v1beta1"}) {
      laptop.with("KUBERNETES_EXEC_INFO", info(version));
      var answer = new JsonObject(laptop.daypass("kube", "credentials", CLUSTER).out());
      assertThat(answer.getString("kind")).isEqualTo("ExecCredential");
      assertThat(answer.getString("apiVersion"))
          .isEqualTo("client.authentication.k8s.io/" + version);
      var status = answer.getJsonObject("status");
      assertThat(status.getString("token")).startsWith("eyJ");
      assertThat(Instant.parse(status.getString("expirationTimestamp"))).isAfter(Instant.now());
    }
    laptop.with("KUBERNETES_EXEC_INFO", info("v2"));
    var other = laptop.daypass("kube", "credentials", CLUSTER);
    assertThat(other.exit()).isOne();
    assertThat(other.out()).isEmpty();
  }

  private static String info(String version) {
    return new JsonObject()
        .put("kind", "ExecCredential")
        .put("apiVersion", "client.authentication.k8s.io/" + version)
        .put("spec", new JsonObject().put("interactive", false))
        .encode();
  }

  @Test
  void tokens_come_by_themselves_and_only_for_roles_of_their_kind() {
    assertThat(laptop.daypass("token", CLUSTER).out()).startsWith("eyJ").hasLineCount(1);
    var token = laptop.daypass("gcp", "token", LOGS);
    assertThat(token.exit()).as(token.err()).isZero();
    assertThat(token.out()).hasLineCount(1).doesNotContain("{");
    for (var wrong : new String[][] {{"token", LOGS}, {"gcp", "token", CLUSTER}}) {
      var ran = laptop.daypass(wrong);
      assertThat(ran.exit()).isOne();
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).contains("is not a role of");
    }
  }

  @Test
  void googles_executable_says_no_with_exit_0_and_a_reason() throws Exception {
    var given = laptop.daypass("gcp", "credentials", LOGS);
    assertThat(given.exit()).isZero();
    var yes = new JsonObject(given.out());
    assertThat(yes.getInteger("version")).isOne();
    assertThat(yes.getBoolean("success")).isTrue();
    assertThat(yes.getString("token_type")).isEqualTo("urn:ietf:params:oauth:token-type:id_token");
    assertThat(yes.getLong("expiration_time")).isGreaterThan(Instant.now().getEpochSecond());
    api.on(logs, "return", world.person("dave")).is(200);
    var refused = laptop.daypass("gcp", "credentials", LOGS);
    assertThat(refused.exit()).isZero();
    var no = new JsonObject(refused.out());
    assertThat(no.getBoolean("success")).isFalse();
    assertThat(no.getString("code")).isEqualTo("403");
    assertThat(no.getString("message"))
        .contains("daypass request " + LOGS, world.url() + "/roles/" + LOGS);
  }

  @Test
  void googles_executable_says_where_people_decide() {
    var alice = world.person("alice");
    var id = api.ask(alice, "gcp-storage", "30m", "tools");
    var ran = laptop.with("DAYPASS_TOKEN", alice).daypass("gcp", "credentials", "gcp-storage");
    api.on(id, "cancel", alice).is(200);
    var no = new JsonObject(ran.out());
    assertThat(no.getBoolean("success")).isFalse();
    assertThat(no.getString("code")).isEqualTo("202");
    assertThat(no.getString("message"))
        .contains("people decide at " + world.url() + "/requests/" + id, "daypass wait " + id);
  }

  @Test
  void gcloud_signs_in_with_the_file_that_is_printed_and_shows_who_it_is_for() throws Exception {
    Needs.programs("gcloud");
    // Google's libraries cut the command at every space.
    assertThat(laptop.daypass("gcp", "config", LOGS).err()).contains("put a link to it");
    var link = Files.createSymbolicLink(folder.resolve("daypass"), laptop.launcher());
    var config = laptop.run(link.toString(), "gcp", "config", LOGS);
    assertThat(config.exit()).as(config.err()).isZero();
    var file = Files.writeString(folder.resolve("account.json"), config.out());
    laptop
        .with("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1")
        .with("CLOUDSDK_CONFIG", folder.resolve("gcloud").toString())
        .with("CLOUDSDK_CORE_DISABLE_PROMPTS", "1")
        .with("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "1")
        .with("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "1");
    var login = laptop.run("gcloud", "auth", "login", "--cred-file=" + file);
    assertThat(login.exit()).as(login.err()).isZero();
    assertThat(login.err()).contains("dave@acme.example");
    var token = laptop.run("gcloud", "auth", "print-access-token");
    assertThat(token.exit()).as(token.err()).isZero();
  }
}
