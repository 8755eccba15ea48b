package io.daypass.cloud.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
    try (var trap = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> count(trap, lured));
      var place = "127.0.0.1:" + trap.getLocalPort();
      var config = Files.createDirectories(home.resolve(".config/gcloud"));
      var ambient = config.resolve("application_default_credentials.json");
      Files.writeString(
          ambient,
          "{\"type\":\"authorized_user\",\"client_id\":\"ambient\",\"client_secret\":\"ambient\","
              + "\"refresh_token\":\"ambient\",\"quota_project_id\":\"ambient\"}");
      var process = new ProcessBuilder(command(place));
      process.redirectErrorStream(true);
      var environment = process.environment();
      environment.put("HOME", home.toString());
      environment.put("CLOUDSDK_CONFIG", config.toString());
      environment.put("GOOGLE_APPLICATION_CREDENTIALS", ambient.toString());
      environment.put("GOOGLE_CLOUD_QUOTA_PROJECT", "ambient");
      environment.put("GOOGLE_CLOUD_PROJECT", "ambient");
      environment.put("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "ambient.example");
      environment.put("GCE_METADATA_HOST", place);
      environment.put("GOOGLE_API_USE_CLIENT_CERTIFICATE", "true");
      environment.put("GOOGLE_API_USE_MTLS_ENDPOINT", "always");
      environment.put("GOOGLE_SDK_JAVA_LOGGING", "true");
      environment.put("https_proxy", "http://" + place);
      environment.put("HTTPS_PROXY", "http://" + place);
      environment.put("http_proxy", "http://" + place);
      environment.put("no_proxy", "");
      var running = process.start();
      var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(running.waitFor()).as(said).isZero();
      assertThat(said)
          .contains("minted with nothing ambient")
          .doesNotContain("ya29.")
          .doesNotContain("eyJ");
    }
    assertThat(lured).hasValue(0);
  }

  private static void count(ServerSocket trap, AtomicInteger lured) {
    try {
      while (true) {
        trap.accept().close();
        lured.incrementAndGet();
      }
    } catch (java.io.IOException e) {
      // The test is over.
    }
  }

  private static List<String> command(String place) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "-Dcom.google.api.client.should_use_proxy=true",
        "-Dhttps.proxyHost=" + place.substring(0, place.indexOf(':')),
        "-Dhttps.proxyPort=" + place.substring(place.indexOf(':') + 1),
        "--enable-native-access=ALL-UNNAMED",
        Probe.class.getName());
  }

  /** Mints once, and looks at what Google got. */
  static final class Probe {

    private Probe() {}

    public static void main(String[] arguments) throws Exception {
      try (var bench = new Bench()) {
        bench.cloud.mint(Bench.grant().recorded());
        var calls = bench.sandbox.calls().reply().body();
        if (calls.contains("ambient")) {
          throw new AssertionError(calls);
        }
        System.out.println("minted with nothing ambient");
      }
      System.exit(0);
    }
  }
}
