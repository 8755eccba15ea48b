package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.daypass.sandbox.aws.StandInRole;
import io.daypass.sandbox.http.FreePort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole module for AWS, applied by Terraform with AWS's own provider to an IAM that is not
 * AWS's (moto), and the broker minting under the trust that it finds there. What no stand-in does:
 * that account reading the broker's keys over https by the OIDC provider it was given.
 */
class TerraformAppliedTest {

  private static final String ACCOUNT = "123456789012";
  private static final String ROLE = "staging-admin";
  private static final String HOST = "daypass.example.com";

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process moto;
  private String iam = "";

  @BeforeEach
  void start() throws Exception {
    Terraform.assumed("aws");
    Needs.programs("python3");
    Needs.tool(hasMoto(), "moto of Python's, with its server,");
    var port = FreePort.find();
    var builder =
        new ProcessBuilder(
            "python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", String.valueOf(port));
    builder.environment().put("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
    moto =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("moto.log").toFile())
            .start();
    iam = "http://127.0.0.1:" + port;
    Until.holds("moto answers", Duration.ofMinutes(1), this::answers);
  }

  private static boolean hasMoto() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("python3", "-c", "import moto.server, flask")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
  }

  private boolean answers() throws InterruptedException {
    try {
      return get(iam + "/moto-api/").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void stop() {
    http.close();
    if (moto != null) {
      moto.destroyForcibly();
    }
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** What IAM answers, as its Query API has it. */
  private String asked(String action, String... parameters) throws Exception {
    var form = new StringBuilder("Version=2010-05-08&Action=" + action);
    for (int i = 0; i < parameters.length; i += 2) {
      form.append('&').append(parameters[i]).append('=').append(parameters[i + 1]);
    }
    var request =
        HttpRequest.newBuilder(URI.create(iam))
            .header("Content-Type", "application/x-www-form-urlencoded")
            // It tells services apart by the scope of a signature, which it does not verify.
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request,"
                    + " SignedHeaders=host, Signature=x")
            .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static String element(String xml, String name) {
    var found = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
    assertThat(found.find()).as(xml).isTrue();
    return URLDecoder.decode(found.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private Terraform.Ended terraform(String... arguments) throws Exception {
    var ended = new Terraform(folder).run(folder.resolve("work"), arguments);
    assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
    return ended;
  }

  private void written() throws IOException {
    var work = Files.createDirectories(folder.resolve("work"));
    var from = Path.of("terraform/aws");
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, work.resolve("module").resolve(from.relativize(file).toString()));
      }
    }
    Files.writeString(
        work.resolve("main.tf"),
        """
        provider "aws" {
          region                      = "us-east-1"
          access_key                  = "testing"
          secret_key                  = "testing"
          skip_credentials_validation = true
          skip_metadata_api_check     = true
          endpoints {
            iam = "%1$s"
            sts = "%1$s"
          }
        }
        module "daypass" {
          source     = "./module"
          issuer_url = "https://%2$s"
          roles = {
            %3$s = {
              max_session_duration = 7200
              policy_arns          = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
              inline_policy        = jsonencode({
                Version   = "2012-10-17"
                Statement = [{ Effect = "Deny", Action = "s3:DeleteBucket", Resource = "*" }]
              })
            }
            other = {}
          }
          tags = { team = "platform" }
        }
        output "role_arns" { value = module.daypass.role_arns }
        output "audience" { value = module.daypass.audience }
        output "provider_arn" { value = module.daypass.provider_arn }
        """
            .formatted(iam, HOST, ROLE));
  }

  @Test
  void the_whole_module_is_applied_and_the_broker_mints_under_what_it_made() throws Exception {
    written();
    terraform("init", "-no-color", "-input=false");
    terraform("apply", "-no-color", "-input=false", "-auto-approve");
    // Exit code 0 and not 2: what was made is what was asked for.
    terraform("plan", "-no-color", "-input=false", "-detailed-exitcode");
    var outputs = new JsonObject(terraform("output", "-json").out());
    var arns = outputs.getJsonObject("role_arns").getJsonObject("value");
    assertThat(arns.getString(ROLE)).isEqualTo("arn:aws:iam::" + ACCOUNT + ":role/daypass-" + ROLE);

    provider(outputs);
    permissions();
    mints();
    revoker();

    terraform("destroy", "-no-color", "-input=false", "-auto-approve");
    assertThat(asked("GetRole", "RoleName", "daypass-" + ROLE)).contains("NoSuchEntity");
  }

  private void provider(JsonObject outputs) throws Exception {
    var arn = outputs.getJsonObject("provider_arn").getString("value");
    assertThat(arn).isEqualTo("arn:aws:iam::" + ACCOUNT + ":oidc-provider/" + HOST);
    var provider = asked("GetOpenIDConnectProvider", "OpenIDConnectProviderArn", arn);
    assertThat(element(provider, "Url")).isEqualTo(HOST);
    // What the broker's settings say without being told otherwise.
    assertThat(provider).contains("<member>daypass-aws-" + ACCOUNT + "</member>");
    assertThat(outputs.getJsonObject("audience").getString("value"))
        .isEqualTo("daypass-aws-" + ACCOUNT);
  }

  private void permissions() throws Exception {
    assertThat(asked("ListAttachedRolePolicies", "RoleName", "daypass-" + ROLE))
        .contains("<PolicyArn>arn:aws:iam::aws:policy/ReadOnlyAccess</PolicyArn>");
    assertThat(asked("ListAttachedRolePolicies", "RoleName", "daypass-other"))
        .doesNotContain("<PolicyArn>");
    var inline =
        asked("GetRolePolicy", "RoleName", "daypass-" + ROLE, "PolicyName", "what-it-may-do");
    assertThat(element(inline, "PolicyDocument")).contains("s3:DeleteBucket");
  }

  /** The role as IAM has it now, in a sandbox whose issuer has another name. */
  private StandInRole found(String role) throws Exception {
    var made = asked("GetRole", "RoleName", "daypass-" + role);
    var issuer = Shared.world().url().substring("http://".length());
    var trust = element(made, "AssumeRolePolicyDocument").replace(HOST, issuer);
    var longest = Duration.ofSeconds(Long.parseLong(element(made, "MaxSessionDuration")));
    return StandInRole.trusting(ACCOUNT, "daypass-" + ROLE, longest, trust, issuer);
  }

  private void mints() throws Exception {
    var world = Shared.world();
    var api = Shared.api();
    var alice = world.person("alice");
    var before = StandInRole.of(ACCOUNT, "daypass-" + ROLE, Duration.ofHours(12), "role:" + ROLE);
    var id = api.ask(alice, ROLE, "30m", "applied");
    try {
      for (var stranger : List.of("other", "revoker")) {
        world.sandbox.aws().add(found(stranger));
        api.credentials(ROLE, alice).is(502, "cloud_refused");
      }
      world.sandbox.aws().add(found(ROLE));
      assertThat(api.credentials(ROLE, alice).is(200).text("AccountId")).isEqualTo(ACCOUNT);
    } finally {
      world.sandbox.aws().add(before);
      api.on(id, "return", alice);
    }
  }

  private void revoker() throws Exception {
    var policy =
        new JsonObject(
            element(
                asked("GetRolePolicy", "RoleName", "daypass-revoker", "PolicyName", "cut-sessions"),
                "PolicyDocument"));
    var statement = policy.getJsonArray("Statement").getJsonObject(0);
    assertThat(statement.getJsonArray("Resource"))
        .isEqualTo(
            new JsonArray()
                .add("arn:aws:iam::" + ACCOUNT + ":role/daypass-other")
                .add("arn:aws:iam::" + ACCOUNT + ":role/daypass-" + ROLE));
  }
}
