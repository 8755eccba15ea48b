package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code daypass exec} and {@code env} as processes of their own, with real commands in them. */
class ExecTest {

  private static final String OLD_KEYS = "AKIAOLDKEYS";

  private final World world = Shared.world();
  private final Api api = Shared.api();

  @TempDir private Path home;

  @BeforeEach
  void grant() {
    api.ask(world.person("alice"), "staging-admin", "30m", "exec " + System.nanoTime());
  }

  private record Ran(int exit, String out, String err) {}

  private ProcessBuilder daypass(String... words) throws IOException {
    var builder = ServiceJar.command(words).redirectErrorStream(false);
    var environment = builder.environment();
    environment.keySet().removeIf(n -> n.startsWith("AWS_"));
    environment.put("HOME", home.toString());
    environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
    environment.put("XDG_CACHE_HOME", home.resolve("cache").toString());
    environment.put("DAYPASS_URL", world.url());
    environment.put("DAYPASS_TOKEN", world.person("alice"));
    // What would win over the role, if it were left.
    environment.put("AWS_ACCESS_KEY_ID", OLD_KEYS);
    environment.put("AWS_SECRET_ACCESS_KEY", "old");
    environment.put("AWS_PROFILE", "nowhere");
    environment.put("AWS_ENDPOINT_URL_STS", world.sandbox.awsEndpoints().get("sts"));
    environment.put("AWS_DEFAULT_REGION", "eu-central-1");
    return builder.redirectError(home.resolve("err").toFile());
  }

  private Ran run(String... words) throws Exception {
    var process = daypass(words).redirectInput(Redirect.PIPE).start();
    process.getOutputStream().close();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, Files.readString(home.resolve("err")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"exit 0|0", "exit 42|42", "kill -TERM $$|143", "kill -INT $$|130", "kill -9 $$|137"})
  void theExitCodeIsTheCommands(String script, int code) throws Exception {
    assertThat(run("exec", "staging-admin", "--", "sh", "-c", script).exit()).isEqualTo(code);
  }

  @Test
  void p7_no_key_stands_in_the_commands_environment() throws Exception {
    var ran = run("exec", "staging-admin", "--", "env");
    assertThat(ran.out())
        .contains("AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:", "AWS_DEFAULT_REGION=")
        .doesNotContain("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "ASIA");
    assertThat(ran.err())
        .containsPattern("daypass: access to staging-admin ends at .*, in \\d+ minutes");
  }

  @Test
  void onlyWhatIsAskedForStandsThereWithEnv() throws Exception {
    var ran = run("exec", "staging-admin", "--env", "--", "sh", "-c", "echo $AWS_ACCESS_KEY_ID");
    assertThat(ran.out()).startsWith("ASIA").doesNotContain(OLD_KEYS);
  }

  @Test
  void inputAndOutputPassUntouched() throws Exception {
    var process = daypass("exec", "staging-admin", "--", "cat").start();
    var bytes = new byte[100_000];
    new Random(4711).nextBytes(bytes);
    Thread.ofVirtual()
        .start(() -> {
          try (var in = process.getOutputStream()) {
            in.write(bytes);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    assertThat(process.getInputStream().readAllBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"TERM, 7", "INT, 8", "HUP, 9"})
  void aSignalIsTheCommands(String signal, int code) throws Exception {
    var script =
        "trap 'exit 7' TERM; trap 'exit 8' INT; trap 'exit 9' HUP; echo ready;"
            + " while :; do sleep 0.1; done";
    var process = daypass("exec", "staging-admin", "--", "sh", "-c", script).start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
  }

  @Test
  void withoutAGrantNothingRuns() throws Exception {
    var ran = run("exec", "prod-admin", "--", "touch", home.resolve("ran").toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("prod-admin", "daypass: hint: daypass request prod-admin");
    assertThat(home.resolve("ran")).doesNotExist();
  }

  @Test
  void whatIsNotThereIsSaidAsAShellWould() throws Exception {
    var ran = run("exec", "staging-admin", "--", "no-such-command");
    assertThat(ran.exit()).isEqualTo(127);
    assertThat(ran.err()).contains("error: no-such-command: there is no such command");
  }

  @Test
  void d10_keys_of_the_persons_default_profile_are_not_used() throws Exception {
    Needs.programs("aws");
    Files.createDirectories(home.resolve(".aws"));
    Files.writeString(
        home.resolve(".aws/credentials"),
        "[default]\naws_access_key_id = " + OLD_KEYS + "\naws_secret_access_key = old\n");
    Files.writeString(
        home.resolve(".boto"),
        "[Credentials]\naws_access_key_id = " + OLD_KEYS + "\naws_secret_access_key = old\n");
    var ran =
        run("exec", "staging-admin", "--", "aws", "sts", "get-caller-identity", "--output", "json");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(new JsonObject(ran.out()).getString("Arn"))
        .startsWith("arn:aws:sts::123456789012:assumed-role/daypass-staging-admin/");
    assertThat(ran.err()).contains("put aside for this command");
  }

  @Test
  void boto3TakesAndRenewsItsKeysThere() throws Exception {
    Needs.programs("python3");
    Needs.tool(hasBoto3(), "boto3");
    var script =
        "import boto3; s = boto3.Session(); c = s.get_credentials();"
            + " print(c.method, s.client('sts').get_caller_identity()['Arn']);"
            + " c._refresh(); print(c.get_frozen_credentials().access_key[:4])";
    var ran = run("exec", "staging-admin", "--", "python3", "-c", script);
    assertThat(ran.out())
        .as(ran.err())
        .startsWith("container-role arn:aws:sts::123456789012:assumed-role/daypass-staging-admin/")
        .endsWith("ASIA\n");
  }

  @Test
  void theLinesForAShellGiveItTheRole() throws Exception {
    var lines = run("env", "staging-admin", "--shell", "bash").out();
    assertThat(lines).startsWith("# keys of staging-admin, until ").contains("unset AWS_PROFILE");
    var shell = new ProcessBuilder("sh", "-c", lines + "env | grep AWS_");
    shell.environment().put("AWS_PROFILE", "nowhere");
    var out = new String(shell.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(out).contains("AWS_ACCESS_KEY_ID=ASIA").doesNotContain("AWS_PROFILE");
    assertThat(run("env", "staging-admin", "--shell", "fish").out())
        .contains("set -gx AWS_SESSION_TOKEN '");
    assertThat(run("env", "staging-admin", "--shell", "powershell").out())
        .contains("$env:AWS_SESSION_TOKEN = '");
    assertThat(run("env", "staging-admin", "--shell", "tcsh").exit()).isEqualTo(2);
    assertThat(
            new JsonObject(run("env", "staging-admin", "--json").out())
                .getJsonObject("variables")
                .getMap())
        .containsOnlyKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
  }

  private static boolean hasBoto3() throws Exception {
    return new ProcessBuilder("python3", "-c", "import boto3").start().waitFor() == 0;
  }
}
