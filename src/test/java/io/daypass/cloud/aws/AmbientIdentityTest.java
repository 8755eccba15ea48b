package io.daypass.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Grants;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own, because an environment cannot be changed from within. */
@Timeout(120)
class AmbientIdentityTest {

  @Test
  void d10_nothing_in_the_brokers_surroundings_is_used_to_mint(@TempDir Path home)
      throws Exception {
    var lured = new AtomicInteger();
    try (var trap = new RawServer(_ -> lured.incrementAndGet())) {
      var profile =
          "[default]\nrole_arn = arn:aws:iam::999999999999:role/ambient\nregion = eu-west-3\n"
              + "credential_process = /bin/false\nendpoint_url = "
              + trap.at()
              + "\nservices = all\n[services all]\nsts =\n  endpoint_url = "
              + trap.at()
              + "\n";
      Files.writeString(home.resolve("config"), profile);
      var process = new ProcessBuilder(command(trap.at()));
      process.redirectErrorStream(true);
      var environment = process.environment();
      environment.put("HOME", home.toString());
      environment.put("AWS_CONFIG_FILE", home.resolve("config").toString());
      environment.put("AWS_SHARED_CREDENTIALS_FILE", home.resolve("config").toString());
      environment.put("AWS_ACCESS_KEY_ID", "ambient-key-id");
      environment.put("AWS_SECRET_ACCESS_KEY", "ambient-key");
      environment.put("AWS_SESSION_TOKEN", "ambient-token");
      environment.put("AWS_REGION", "eu-west-3");
      environment.put("AWS_ENDPOINT_URL", trap.at().toString());
      environment.put("AWS_ENDPOINT_URL_STS", trap.at().toString());
      environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", trap.at().toString());
      environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", trap.at().toString());
      environment.put("AWS_USE_FIPS_ENDPOINT", "true");
      environment.put("AWS_USE_DUALSTACK_ENDPOINT", "true");
      var running = process.start();
      var said =
          new String(
              running.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(running.waitFor()).as(said).isZero();
      assertThat(said).contains("minted without a signature");
    }
    assertThat(lured).hasValue(0);
  }

  private static List<String> command(URI trap) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "-Daws.accessKeyId=ambient-key-id",
        "-Daws.secretAccessKey=ambient-key",
        "-Daws.region=eu-west-3",
        "-Daws.endpointUrl=" + trap,
        "--enable-native-access=ALL-UNNAMED",
        Probe.class.getName());
  }

  /** Mints once, and says what the request was signed with. */
  static final class Probe {

    private Probe() {}

    public static void main(String[] arguments) throws Exception {
      try (var bench = new Bench()) {
        bench.cloud.mint(Grants.standard().recorded());
        var headers = bench.sts.calls().getFirst().headers();
        var text =
            headers.keySet().stream().map(String::toLowerCase).collect(Collectors.joining(" "))
                + headers;
        if (text.contains("authorization") || text.contains("x-amz-") || text.contains("ambient")) {
          throw new AssertionError(text);
        }
        System.out.println("minted without a signature");
      }
      System.exit(0);
    }
  }
}
