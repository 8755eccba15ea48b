package io.daypass.e2e;

import static io.daypass.e2e.Yaml.at;
import static io.daypass.e2e.Yaml.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.daypass.document.Node;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs the service for others: a unit of systemd's, a manifest of Kubernetes'. */
class DeployTest {

  private static final Path UNIT = Path.of("deploy/daypass.service");
  private static final Path MANIFEST = Path.of("deploy/kubernetes.yaml");
  private static final Path IMAGE = Path.of("deploy/Containerfile");
  private static final Pattern MEGABYTES = Pattern.compile("(?:-Xmx|=)([0-9]+)m\\b");
  // Of everything that is neither heap, nor buffers, nor compiled code.
  private static final int BESIDE = 256;

  @TempDir private Path root;

  private static String line(Path file, String key) throws IOException {
    var lines = Files.readAllLines(file).stream().filter(line -> line.startsWith(key)).toList();
    assertThat(lines).as(key).hasSize(1);
    return lines.getFirst().substring(key.length());
  }

  /** Of the service, which is what the launcher starts first. */
  private static int ofTheJvm() throws IOException {
    var launcher = Files.readString(Path.of("src/main/launcher/bin/daypass"));
    return MEGABYTES
        .matcher(launcher.substring(launcher.indexOf("  serve |"), launcher.indexOf("    ;;\n")))
        .results()
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .sum();
  }

  private static int number(String text) {
    return Integer.parseInt(text.replaceAll("[^0-9]", ""));
  }

  @Test
  void the_unit_gives_the_broker_the_time_the_files_and_the_memory_that_it_needs()
      throws Exception {
    assertThat(line(UNIT, "ExecStart="))
        .isEqualTo("/opt/daypass/bin/daypass serve --config /etc/daypass/daypass.yaml");
    assertThat(number(line(UNIT, "TimeoutStopSec="))).isGreaterThanOrEqualTo(30);
    assertThat(line(UNIT, "SuccessExitStatus=")).isEqualTo("143");
    assertThat(number(line(UNIT, "LimitNOFILE="))).isGreaterThan(12_000);
    assertThat(ofTheJvm()).isEqualTo(192 + 64 + 64);
    assertThat(number(line(UNIT, "MemoryMax="))).isGreaterThanOrEqualTo(ofTheJvm() + BESIDE);
  }

  @Test
  void systemd_understands_the_unit() throws Exception {
    Needs.programs("systemd-analyze");
    // It looks whether the program is there.
    var here =
        Files.writeString(
            root.resolve("daypass.service"),
            Files.readString(UNIT).replace("/opt/daypass/bin/daypass", "/bin/true"));
    var verified =
        Replica.run(new ProcessBuilder("systemd-analyze", "verify", "--man=no", here.toString()));
    assertThat(verified.text()).isEmpty();
    assertThat(verified.code()).isZero();
  }

  private static List<Mapping> manifest() throws IOException {
    return Pattern.compile("(?m)^---$")
        .splitAsStream(Files.readString(MANIFEST))
        .map(Yaml::read)
        .toList();
  }

  private static Mapping pod() throws IOException {
    return (Mapping) at(manifest().getFirst(), "spec", "template", "spec");
  }

  /** Texts under {@code key}, by those under {@code name}. */
  private static Map<String, String> named(Node list, String name, String key) {
    return ((Sequence) list)
        .items().stream()
            .collect(
                Collectors.toMap(
                    item -> text(item, name), item -> text(item, key), (a, _) -> a, TreeMap::new));
  }

  @Test
  void the_manifest_s_probes_are_what_a_broker_answers_and_its_parts_fit_together()
      throws Exception {
    var container = at(pod(), "containers", 0);
    var api = Shared.api();
    for (var probe : List.of("readinessProbe", "livenessProbe")) {
      assertThat(text(container, probe, "httpGet", "port")).isEqualTo("http");
      api.get(text(container, probe, "httpGet", "path")).is(200);
    }
    assertThat(number(text(pod(), "terminationGracePeriodSeconds")))
        .isGreaterThanOrEqualTo(
            30 + number(text(container, "lifecycle", "preStop", "sleep", "seconds")));
    assertThat(number(text(container, "resources", "limits", "memory")))
        .isGreaterThanOrEqualTo(ofTheJvm() + BESIDE);
    var volumes = ((Sequence) at(pod(), "volumes")).items().stream().map(one -> text(one, "name"));
    assertThat(volumes)
        .containsExactlyInAnyOrderElementsOf(
            named(at(container, "volumeMounts"), "name", "mountPath").keySet());
    var ports = named(at(container, "ports"), "name", "containerPort");
    assertThat(ports).isEqualTo(Map.of("http", "8080", "metrics", "9090"));
    assertThat(settings(Map.of("secrets", "/x")))
        .contains("listen: 0.0.0.0:8080\n", "metrics: { listen: \"0.0.0.0:9090\" }");
    var label = text(manifest().getFirst(), "spec", "template", "metadata", "labels", "app");
    assertThat(
            List.of(
                text(manifest().get(0), "spec", "selector", "matchLabels", "app"),
                text(manifest().get(1), "spec", "selector", "app"),
                text(manifest().get(2), "spec", "selector", "matchLabels", "app")))
        .containsOnly(label);
    assertThat(text(manifest().get(1), "spec", "ports", 0, "targetPort")).isEqualTo("http");
  }

  /** As a kubelet does it: each file is a link by way of a folder that can be exchanged. */
  private Path mounted(String path, Map<String, String> files, String mode) throws IOException {
    var mount = Files.createDirectories(root.resolve(path.substring(1)));
    var version = Files.createDirectory(mount.resolve("..2026_11_01"));
    Files.createSymbolicLink(mount.resolve("..data"), version.getFileName());
    for (var file : files.entrySet()) {
      var written = Files.writeString(version.resolve(file.getKey()), file.getValue());
      Files.setPosixFilePermissions(written, PosixFilePermissions.fromString(mode));
      Files.createSymbolicLink(mount.resolve(file.getKey()), Path.of("..data", file.getKey()));
    }
    return mount;
  }

  /** The settings of the README's section on production, as the pod has them. */
  private String settings(Map<String, String> mounts) throws IOException {
    var readme = Files.readString(Path.of("README.md"));
    var begin = readme.indexOf("   public-url: https://daypass.example.com");
    return readme
            .substring(begin, readme.indexOf("   ```", begin))
            .replaceAll("(?m)^ {3}", "")
            .replace("policies: policies", "policies: ../policies")
            .replace("/run/secrets/", root + mounts.get("secrets") + "/")
        + "metrics: { listen: \"0.0.0.0:9090\" }\n";
  }

  /** Any that is at hand: only to be read. */
  private static String authority() throws GeneralSecurityException {
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init((KeyStore) null);
    var certificate = ((X509TrustManager) trusted.getTrustManagers()[0]).getAcceptedIssuers()[0];
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  @Test
  void what_the_manifest_mounts_is_what_the_service_reads() throws Exception {
    var container = at(pod(), "containers", 0);
    var mounts = named(at(container, "volumeMounts"), "name", "mountPath");
    mounted(
        mounts.get("policies"),
        Map.of(
            "prod-readonly.yaml",
            Files.readString(Path.of("policies/prod-readonly.yaml"))
                .replace("session-policy: aws/read-only.json", "session-policy: read-only.json"),
            "read-only.json",
            Files.readString(Path.of("policies/aws/read-only.json"))),
        "rw-r--r--");
    var mode = Integer.parseInt(text(pod(), "volumes", 2, "secret", "defaultMode"));
    assertThat(mode).isEqualTo(0440);
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    var secrets =
        Map.of(
            "db", "no-value",
            "web", "no-value",
            "master.key", Base64.getEncoder().encodeToString(key));
    mounted(mounts.get("secrets"), secrets, "r--r-----");
    mounted(
        mounts.get("settings"),
        Map.of("daypass.yaml", settings(mounts), "ca.pem", authority()),
        "rw-r--r--");
    assertThat(text(container, "args", 0)).isEqualTo("serve");
    assertThat(text(container, "args", 1)).isEqualTo("--config");
    var checked = Replica.run("check", "--config", root + text(container, "args", 2));
    assertThat(checked.text()).contains("settings and policies are good: 1 role");
    assertThat(checked.code()).isZero();
  }

  @Test
  void the_image_is_made_of_what_is_packed() throws Exception {
    assertThat(line(IMAGE, "ADD ")).isEqualTo("target/daypass.tar.gz /opt/");
    assertThat(Files.readString(Path.of("Makefile")))
        .contains("-czf target/daypass.tar.gz", "--mtime=@1793491200 daypass\n");
    assertThat(line(IMAGE, "ENTRYPOINT ")).isEqualTo("[\"/opt/daypass/bin/daypass\"]");
    var user = text(pod(), "securityContext", "runAsUser");
    assertThat(line(IMAGE, "USER ")).isEqualTo(user + ":" + user);
  }
}
