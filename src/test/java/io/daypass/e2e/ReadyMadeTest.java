package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.daypass.Needs;
import io.daypass.document.Documents;
import io.daypass.document.Node;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code ci/}, each run as its CI would. */
class ReadyMadeTest {

  private static final String KEYS =
      "{\"Version\":1,\"AccessKeyId\":\"ASIASAMPLE\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\"}";

  private final World world = Shared.world();
  private final Api api = Shared.api();

  @TempDir private Path home;

  @BeforeEach
  void curl_is_there() {
    Needs.programs("curl");
  }

  private Shell.Ran run(Map<String, String> environment, String... command) throws Exception {
    return new Shell(home).run(environment, command);
  }

  static Scalar script(String file, String... path) throws IOException {
    var text = Files.readString(Path.of("ci", file));
    Node node =
        switch (Documents.parse(file, text)) {
          case Documents.Parsed.Read(var root) -> root;
          case Documents.Parsed.Broken(var problems) -> throw new AssertionError(problems);
        };
    for (var key : path) {
      node =
          node instanceof Sequence list
              ? list.items().get(Integer.parseInt(key))
              : ((Mapping) node).entry(key).orElseThrow().value();
    }
    return (Scalar) node;
  }

  @Test
  void every_file_is_under_thirty_lines() throws Exception {
    try (var files = Files.walk(Path.of("ci"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(30);
      }
    }
  }

  private Path written(Scalar script) throws IOException {
    return Files.writeString(home.resolve("script.sh"), script.text());
  }

  private Map<String, String> github(String role, String query) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("DAYPASS_URL", world.url());
    environment.put("DAYPASS_ROLE", role);
    environment.put("DAYPASS_WAIT", "2");
    environment.put("PROFILE", "");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-runner");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_URL", world.sandbox.url() + "/github/token?" + query);
    environment.put("GITHUB_ACTION_PATH", Path.of("ci/github").toAbsolutePath().toString());
    environment.put("GITHUB_ENV", home.resolve("env").toString());
    environment.put("RUNNER_TEMP", home.resolve("temp").toString());
    return environment;
  }

  @Test
  void the_github_action_masks_and_writes_the_environment() throws Exception {
    var script = written(script("github/action.yml", "runs", "steps", "0", "run"));
    var ran = run(github("ci-deploy", "run_id=9"), "sh", script.toString());
    assertThat(ran.code()).as(ran.out()).isZero();
    var written = Files.readString(home.resolve("env"));
    assertThat(written.lines())
        .hasSize(3)
        .allSatisfy(line ->
            assertThat(ran.out())
                .contains("::add-mask::" + line.substring(line.indexOf('=') + 1) + "\n"));
    assertThat(ran.out().lines()).allMatch(line -> line.startsWith("::add-mask::"));
    var refused = run(github("prod-admin", "run_id=9"), "sh", script.toString());
    assertThat(refused.code()).isNotZero();
    assertThat(refused.out()).contains("denied_by_policy");
  }

  @Test
  void the_github_action_waits_for_people_and_writes_a_profile() throws Exception {
    var script = written(script("github/action.yml", "runs", "steps", "0", "run"));
    var environment = github("ci-release", "environment=release&run_id=4711");
    environment.put("PROFILE", "release");
    var approval = approveWhenAsked("4711");
    var ran = run(environment, "sh", script.toString());
    assertThat(ran.code()).as(ran.out()).isZero();
    approval.join();
    assertThat(Files.readString(ofTheJob())).contains("[release]", "aws_session_token=");
    assertThat(ran.out()).contains("people must approve first: " + world.url() + "/requests/");
  }

  private Path ofTheJob() {
    return home.resolve("temp/daypass/credentials");
  }

  private void profile(String name, Map<String, String> more) throws Exception {
    var script = written(script("github/action.yml", "runs", "steps", "0", "run"));
    var environment = github("ci-deploy", "run_id=9");
    environment.put("PROFILE", name);
    environment.putAll(more);
    var ran = run(environment, "sh", script.toString());
    assertThat(ran.code()).as(ran.out()).isZero();
  }

  private static List<String> sections(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> line.startsWith("[")).toList();
  }

  private static List<String> values(Path file, String key) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> line.startsWith(key)).toList();
  }

  @Test
  void a_profile_that_is_written_again_is_replaced_in_a_file_of_the_job_s_own() throws Exception {
    profile("deploy", Map.of());
    var first = values(ofTheJob(), "aws_session_token=");
    profile("deploy", Map.of());
    // SDKs refuse a file with two sections of one name, whichever profile they want.
    assertThat(sections(ofTheJob())).containsExactly("[deploy]");
    assertThat(values(ofTheJob(), "aws_session_token=")).hasSize(1).isNotEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ofTheJob())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ofTheJob().getParent())))
        .isEqualTo("rwx------");
    assertThat(home.resolve(".aws")).doesNotExist();
    assertThat(Files.readAllLines(home.resolve("env")))
        .containsOnly("AWS_SHARED_CREDENTIALS_FILE=" + ofTheJob());
    try (var files = Files.list(home.resolve("temp/daypass"))) {
      assertThat(files).containsExactly(ofTheJob());
    }
  }

  @Test
  void other_profiles_stay_also_in_a_file_that_the_job_named_itself() throws Exception {
    profile("one", Map.of());
    profile("two", Map.of("AWS_SHARED_CREDENTIALS_FILE", ofTheJob().toString()));
    assertThat(sections(ofTheJob())).containsExactly("[one]", "[two]");
    var own =
        Files.writeString(
            home.resolve("own"),
            "[mine]\naws_access_key_id=AKIAMINE\n[one]\nregion=x\n[last]\na=b\n");
    profile("one", Map.of("AWS_SHARED_CREDENTIALS_FILE", own.toString()));
    assertThat(sections(own)).containsExactly("[mine]", "[last]", "[one]");
    assertThat(Files.readString(own)).contains("AKIAMINE", "a=b").doesNotContain("region=x");
    assertThat(Files.readAllLines(home.resolve("env")))
        .endsWith("AWS_SHARED_CREDENTIALS_FILE=" + own);
  }

  private CompletableFuture<Void> approveWhenAsked(String run) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            Until.holds("the run asks", () -> !waiting(run).isEmpty());
            api.on(waiting(run).getFirst(), "approve", world.person("bob")).is(200);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        Thread::startVirtualThread);
  }

  private List<String> waiting(String run) {
    return api
        .get("/v1/requests?to_decide=true&role=ci-release", world.person("bob"))
        .is(200)
        .list("requests")
        .stream()
        .filter(request -> request.encode().contains("/actions/runs/" + run + "/"))
        .map(request -> request.getString("id"))
        .toList();
  }

  @Test
  void the_gitlab_include_sets_the_jobs_environment() throws Exception {
    var script = written(script("gitlab/daypass.yml", ".daypass", "before_script", "0"));
    Files.writeString(
        script, "set -e\n" + Files.readString(script) + "\necho \"id=$AWS_ACCESS_KEY_ID\"\n");
    var environment =
        Map.of(
            "DAYPASS_URL",
            world.url(),
            "DAYPASS_ROLE",
            "ci-deploy",
            "DAYPASS_WAIT",
            "0",
            "DAYPASS_TOKEN",
            world.run());
    var ran = run(environment, "sh", script.toString());
    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out()).containsPattern("id=ASIA[A-Z0-9]+\n");
    var again = run(environment, "sh", script.toString());
    assertThat(again.code()).isNotZero();
    assertThat(again.out()).contains("token_already_used");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_broker_that_is_busy_is_asked_again_with_the_same_token(boolean gitlab) throws Exception {
    var script =
        gitlab
            ? script("gitlab/daypass.yml", ".daypass", "before_script", "0").text()
            : "creds=$(sh '"
                + Path.of("ci/daypass.sh").toAbsolutePath()
                + "') || exit; eval \"$creds\"\n";
    var file =
        Files.writeString(
            home.resolve("job.sh"), "set -e\n" + script + "\necho \"id=$AWS_ACCESS_KEY_ID\"\n");
    // So that nobody waits here; what it was asked for stands in a file.
    var bin = Files.createDirectories(home.resolve("bin"));
    program(bin.resolve("sleep"), "echo \"$1\" >> '" + home.resolve("slept") + "'");
    try (var busy = new Busy(2, "cloud_busy", KEYS)) {
      var ran = run(job(busy, bin), "sh", file.toString());
      assertThat(ran.code()).as(ran.out()).isZero();
      assertThat(ran.out()).contains("id=ASIASAMPLE\n");
      assertThat(busy.tokens).containsExactly("Bearer t", "Bearer t", "Bearer t");
    }
    try (var busy = new Busy(100, "cloud_busy", KEYS)) {
      var ran = run(job(busy, bin), "sh", file.toString());
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out()).contains("503 cloud_busy: all turns are taken");
      assertThat(busy.tokens).hasSize(4);
    }
    assertThat(Files.readAllLines(home.resolve("slept"))).startsWith("2", "4", "2", "4", "8");
    // A token may have been spent on it: asked again, the answer would hide what happened.
    try (var broken = new Busy(100, "ledger_unavailable", KEYS)) {
      var ran = run(job(broken, bin), "sh", file.toString());
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out()).contains("503 ledger_unavailable");
      assertThat(broken.tokens).hasSize(1);
    }
    // Without keys an SDK would go on as whoever the machine is.
    try (var another = new Busy(0, "", "{\"access_token\":\"x\"}")) {
      var ran = run(job(another, bin), "sh", file.toString());
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out()).contains("the answer holds no AWS keys").doesNotContain("id=");
    }
  }

  private static Map<String, String> job(Busy busy, Path bin) {
    return Map.of(
        "DAYPASS_URL",
        busy.url(),
        "DAYPASS_ROLE",
        "ci-deploy",
        "DAYPASS_WAIT",
        "0",
        "DAYPASS_TOKEN",
        "t",
        "PATH",
        bin + ":" + System.getenv("PATH"));
  }

  /** Says so often that it is busy before it gives credentials. */
  private static final class Busy implements AutoCloseable {
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Busy(int times, String code, String keys) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/v1/roles/ci-deploy/credentials",
          exchange -> {
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            var given = tokens.size() > times;
            var body =
                given ? keys : "{\"code\":\"" + code + "\",\"detail\":\"all turns are taken\"}";
            exchange.sendResponseHeaders(given ? 200 : 503, body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"buildkite", "circleci", "jenkins"})
  void the_examples_deploy_with_credentials(String ci) throws Exception {
    var script =
        switch (ci) {
          case "buildkite" ->
              script("examples/buildkite.yml", "steps", "0", "command").text().replace("$$", "$");
          case "circleci" ->
              script("examples/circleci.yml", "jobs", "deploy", "steps", "1", "run").text();
          default -> Files.readString(Path.of("ci/examples/Jenkinsfile")).split("'''", -1)[1];
        };
    var work = Files.createDirectories(home.resolve("work"));
    Files.createSymbolicLink(work.resolve("ci"), Path.of("ci").toAbsolutePath());
    program(work.resolve("deploy"), "echo \"id=$AWS_ACCESS_KEY_ID\"");
    var bin = Files.createDirectories(home.resolve("bin"));
    for (var tool : List.of("buildkite-agent", "circleci")) {
      program(bin.resolve(tool), "echo '" + world.run() + "'");
    }
    var file = Files.writeString(work.resolve("job.sh"), "cd '" + work + "'\n" + script);
    var environment =
        Map.of(
            "DAYPASS_URL",
            world.url(),
            "DAYPASS_ROLE",
            "ci-deploy",
            "DAYPASS_TOKEN",
            world.run(),
            "PATH",
            bin + ":" + System.getenv("PATH"));
    // Jenkins runs a step that names no program of its own as "sh -xe".
    var ran = run(environment, "sh", ci.equals("jenkins") ? "-xe" : "-e", file.toString());
    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out()).containsPattern("id=ASIA[A-Z0-9]+\n");
    assertThat(ran.out()).doesNotContain("AWS_SECRET_ACCESS_KEY=", "export AWS_");
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
