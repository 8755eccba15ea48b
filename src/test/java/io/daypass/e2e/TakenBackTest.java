package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.daypass.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job of {@code ci/} that waits for people no longer takes its request back. */
class TakenBackTest {

  private static final String ASKED = "POST /v1/roles/ci-release/credentials Bearer job";
  private static final String POLLED = "POST /v1/roles/ci-release/credentials Bearer dpp_x";
  private static final String TAKEN_BACK = "POST /v1/requests/abcdef/cancel Bearer dpp_x";

  @TempDir private Path home;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private HttpServer broker;
  private volatile String decided = "";

  /** What a CI runs. */
  enum Job {
    SCRIPT {
      @Override
      String text() {
        return "exec sh '" + Path.of("ci/daypass.sh").toAbsolutePath() + "'";
      }
    },
    GITLAB {
      @Override
      String text() throws IOException {
        var script =
            ReadyMadeTest.script("gitlab/daypass.yml", ".daypass", "before_script", "0").text();
        return "set -e\n" + script;
      }
    },
    GITHUB {
      @Override
      String text() throws IOException {
        return ReadyMadeTest.script("github/action.yml", "runs", "steps", "0", "run").text();
      }
    };

    abstract String text() throws IOException;
  }

  @BeforeEach
  void start() throws Exception {
    Needs.programs("curl");
    broker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    broker.createContext("/", this::answer);
    broker.start();
    // So that nobody waits long here.
    var sleep = Files.createDirectories(home.resolve("bin")).resolve("sleep");
    Files.writeString(sleep, "#!/bin/sh\nexec /bin/sleep 0.1\n");
    Files.setPosixFilePermissions(sleep, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterEach
  void stop() {
    broker.stop(0);
  }

  private void answer(HttpExchange call) throws IOException {
    var path = call.getRequestURI().getPath();
    if (path.equals("/token")) {
      send(call, 200, "{\"value\": \"job\"}");
      return;
    }
    calls.add(
        call.getRequestMethod()
            + " "
            + path
            + " "
            + call.getRequestHeaders().getFirst("Authorization"));
    if (path.endsWith("/cancel")) {
      send(call, 401, "{\"code\":\"poll_token_unknown\",\"detail\":\"of no use to anybody\"}");
    } else if (decided.isEmpty()) {
      send(
          call,
          202,
          "{\"code\":\"authorization_pending\",\"request_id\":\"abcdef\","
              + "\"request_url\":\"https://x\",\"poll_token\":\"dpp_x\"}");
    } else {
      send(call, 403, "{\"code\":\"" + decided + "\"}");
    }
  }

  private static void send(HttpExchange call, int status, String body) throws IOException {
    call.sendResponseHeaders(status, body.length());
    call.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
    call.close();
  }

  private Process start(Job job, String minutes) throws IOException {
    var url = "http://127.0.0.1:" + broker.getAddress().getPort();
    var environment = new LinkedHashMap<String, String>();
    environment.put("DAYPASS_URL", url);
    environment.put("DAYPASS_ROLE", "ci-release");
    environment.put("DAYPASS_WAIT", minutes);
    environment.put("DAYPASS_TOKEN", "job");
    environment.put("PROFILE", "");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-runner");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_URL", url + "/token");
    environment.put("GITHUB_ACTION_PATH", Path.of("ci/github").toAbsolutePath().toString());
    environment.put("GITHUB_ENV", home.resolve("env").toString());
    environment.put("RUNNER_TEMP", home.toString());
    environment.put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    environment.putAll(Map.of("TMPDIR", Files.createDirectories(home.resolve("tmp")).toString()));
    var file = Files.writeString(home.resolve("job.sh"), job.text());
    return new Shell(home).start(environment, "sh", file.toString());
  }

  private static String said(Process process) throws IOException, InterruptedException {
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  @ParameterizedTest
  @EnumSource
  void who_gives_up_takes_the_request_back_and_says_nothing_of_it(Job job) throws Exception {
    var process = start(job, "0");
    var said = said(process);
    assertThat(process.exitValue()).as(said).isEqualTo(job == Job.GITLAB ? 1 : 3);
    assertThat(calls).containsExactly(ASKED, TAKEN_BACK);
    assertThat(said)
        .contains("nobody has approved within 0 minutes")
        .doesNotContain("of no use", "401", "dpp_x");
    try (var left = Files.list(home.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void who_is_stopped_takes_the_request_back(Job job) throws Exception {
    var process = start(job, "5");
    Until.holds("it polls", () -> calls.contains(POLLED));
    // Process.destroy would close what it says, too.
    process.toHandle().destroy();
    var said = said(process);
    assertThat(process.exitValue()).as(said).isEqualTo(143);
    assertThat(calls).endsWith(TAKEN_BACK);
    assertThat(calls).filteredOn(TAKEN_BACK::equals).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void what_people_decided_is_not_taken_back(Job job) throws Exception {
    var process = start(job, "5");
    Until.holds("it polls", () -> calls.contains(POLLED));
    decided = "request_denied";
    assertThat(said(process)).contains("403 request_denied");
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(calls).endsWith(POLLED).doesNotContain(TAKEN_BACK);
  }
}
