package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.Needs;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.ProcessCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/** The command line in processes of its own, and the tools that run it, against a real broker. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandLineTest {

  private static final String ROLE = "staging-admin";

  private final World world = Shared.world();
  private final Api api = Shared.api();
  private final String sts = world.sandbox.awsEndpoints().get("sts");

  private static CompletableFuture<Watched> watched;

  @TempDir private Path folder;
  private Laptop laptop;

  @BeforeEach
  void start() throws IOException {
    laptop = new Laptop(folder);
    laptop.with("DAYPASS_URL", api.url()).with("AWS_ENDPOINT_URL_STS", sts);
  }

  @Test
  void aPersonSignsInAndTheirToolsHaveKeysOfOneMint() throws Exception {
    signIn("alice");
    assertThat(laptop.daypass("whoami").out()).startsWith("alice@acme.example");
    api.ask(world.person("alice"), ROLE, "1h", "a test");
    var before = intents();
    assertThat(laptop.daypass("aws", "configure", "--region", "eu-central-1").exit()).isZero();
    var config = laptop.home.resolve(".aws/config");
    assertThat(config)
        .content()
        .contains("[profile staging-admin]", "\"" + laptop.launcher() + "\"");
    sdkForJava(config);
    awsCommand();
    boto3();
    terraform();
    assertThat(intents() - before).isOne();
  }

  /** Each tool that is not on this machine is left out; the SDK for Java always is. */
  private void sdkForJava(Path config) throws IOException {
    // What it starts has this JVM's environment, so the laptop's home is named in the profile.
    var text =
        Files.readString(config)
            .replace(
                "= ",
                "= /usr/bin/env HOME="
                    + laptop.home
                    + " JAVA_HOME="
                    + System.getProperty("java.home")
                    + " ")
            .replaceAll("region = .*", "region = eu-central-1");
    var profiles =
        ProfileFile.builder()
            .content(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
            .type(ProfileFile.Type.CONFIGURATION)
            .build();
    try (var profile =
            ProfileCredentialsProvider.builder().profileFile(profiles).profileName(ROLE).build();
        var client =
            StsClient.builder()
                .region(Region.EU_CENTRAL_1)
                .endpointOverride(URI.create(sts))
                .credentialsProvider(profile)
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(settings ->
                    settings.defaultProfileFileSupplier(() -> profiles).defaultProfileName(ROLE))
                .build()) {
      assertThat(client.getCallerIdentity().arn()).contains("assumed-role/daypass-" + ROLE);
    }
    var command = profiles.profile(ROLE).orElseThrow().property("credential_process").orElseThrow();
    try (var process =
        ProcessCredentialsProvider.builder().command(List.of("sh", "-c", command)).build()) {
      assertThat(process.resolveCredentials().accessKeyId()).startsWith("ASIA");
    }
    var wrong = command.replace("aws credentials " + ROLE, "aws credentials prod-admin");
    try (var process =
        ProcessCredentialsProvider.builder().command(List.of("sh", "-c", wrong)).build()) {
      assertThatThrownBy(process::resolveCredentials)
          .hasStackTraceContaining("prod-admin is not approved for you");
    }
  }

  private void awsCommand() {
    if (!Needs.has(Needs.isInstalled("aws"), "aws")) {
      return;
    }
    var ran =
        laptop.run("aws", "sts", "get-caller-identity", "--profile", ROLE, "--output", "json");
    assertThat(ran.err()).isEmpty();
    assertThat(new JsonObject(ran.out()).getString("Arn")).contains("assumed-role/daypass-" + ROLE);
  }

  private void boto3() {
    if (!Needs.has(laptop.run("python3", "-c", "import boto3").exit() == 0, "boto3")) {
      return;
    }
    var ran =
        laptop.run(
            "python3",
            "-c",
            "import boto3; s = boto3.Session(profile_name='staging-admin');"
                + " print(s.client('sts').get_caller_identity()['Arn'])");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("assumed-role/daypass-" + ROLE);
  }

  private void terraform() throws IOException {
    var plugins = Path.of(System.getenv().getOrDefault("TF_PLUGINS", "/opt/tf-plugins"));
    var provider = plugins.resolve("registry.terraform.io/hashicorp/aws");
    if (!Needs.has(Needs.isInstalled("terraform"), "terraform")
        || !Needs.has(Files.isDirectory(provider), "Terraform's AWS provider in TF_PLUGINS")) {
      return;
    }
    var module = Files.createDirectories(laptop.home.resolve("module"));
    Files.writeString(
        module.resolve("main.tf"),
        """
        terraform {
          required_providers {
            aws = { source = "hashicorp/aws" }
          }
        }
        provider "aws" {
          profile                     = "staging-admin"
          skip_metadata_api_check     = true
          skip_region_validation      = true
          endpoints {
            sts = "%s"
          }
        }
        data "aws_caller_identity" "me" {}
        output "arn" {
          value = data.aws_caller_identity.me.arn
        }
        """
            .formatted(sts));
    var here = "-chdir=" + module;
    var init = laptop.run("terraform", here, "init", "-no-color", "-plugin-dir=" + plugins);
    assertThat(init.exit()).as(init.err()).isZero();
    var plan = laptop.run("terraform", here, "plan", "-no-color");
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("assumed-role/daypass-" + ROLE);
  }

  @Test
  void e5_auditorsFindWhatTheOwnerOfTheTablesChanged() throws Exception {
    laptop.with("DAYPASS_TOKEN", world.person("erin"));
    Until.holds("there is a checkpoint", () -> laptop.daypass("audit", "checkpoint").exit() == 0);
    var first = laptop.daypass("audit", "verify");
    assertThat(first.exit()).as(first.out() + first.err()).isZero();
    var second = laptop.daypass("audit", "verify");
    assertThat(second.exit()).as(second.out() + second.err()).isZero();
    assertThat(second.out()).contains("are whole", "are there still");
    // The bytes of one entry and their digest, so that the entry by itself is as it should be.
    var change =
        """
        UPDATE daypass.ledger_entry SET canonical = convert_to(replace(convert_from(canonical, 'UTF8'),
            '%1$s', '%2$s'), 'UTF8'), sha256 = sha256(convert_to(replace(convert_from(canonical, 'UTF8'),
            '%1$s', '%2$s'), 'UTF8')) WHERE number = 1
        """;
    try (var owner = world.records.superuser();
        var statement = owner.createStatement()) {
      statement.execute(change.formatted("\"detail\": {", "\"detail\": {\"x\": 1, "));
      var changed = laptop.daypass("audit", "verify");
      statement.execute(change.formatted("\"detail\": {\"x\": 1, ", "\"detail\": {"));
      assertThat(changed.exit()).isEqualTo(1);
      assertThat(changed.out().lines())
          .hasSize(2)
          .anyMatch(line -> line.contains("are not those that the checkpoint of"))
          .anyMatch(line -> line.contains("are not those that were there at"));
    }
    assertThat(laptop.daypass("audit", "verify").exit()).isZero();
  }

  @Test
  void twentyProcessesAtOnceAreOneMint() throws Exception {
    laptop.with("DAYPASS_TOKEN", world.person("dave"));
    api.ask(world.person("dave"), ROLE, "1h", "twenty at once");
    var before = intents();
    var calls = new ArrayList<Callable<Laptop.Ran>>();
    for (var i = 0; i < 20; i++) {
      calls.add(() -> laptop.daypass("aws", "credentials", ROLE));
    }
    try (var threads = Executors.newFixedThreadPool(20)) {
      var outputs = new ArrayList<String>();
      for (var ran : threads.invokeAll(calls)) {
        assertThat(ran.get().exit()).as(ran.get().err()).isZero();
        outputs.add(ran.get().out());
      }
      assertThat(outputs.stream().distinct()).hasSize(1);
    }
    assertThat(intents() - before).isOne();
  }

  /** Bob's grant of a minute, watched on a laptop of his own while the other tests run. */
  @BeforeAll
  static void watch(@TempDir Path home) throws Exception {
    var bob = Shared.world().person("bob");
    var his = new Laptop(home).with("DAYPASS_URL", Shared.api().url()).with("DAYPASS_TOKEN", bob);
    var ends =
        Shared.api()
            .post("/v1/requests", bob, "role", ROLE, "duration", "1m", "reason", "a short one")
            .is(201)
            .instant("grant_ends_at");
    // The one mint, before others count theirs.
    var first = new Look(Instant.now(), his.daypass("aws", "credentials", ROLE));
    // In a thread of its own: the common pool may have a single one, and HTTP clients need it too.
    watched =
        CompletableFuture.supplyAsync(
            () -> watched(his, first, ends), task -> Thread.ofPlatform().daemon().start(task));
  }

  /** What the command said, and when it was started. */
  private record Look(Instant begun, Laptop.Ran ran) {}

  private record Watched(Instant ends, List<Look> looks) {}

  private static Watched watched(Laptop his, Look first, Instant ends) {
    var looks = new ArrayList<>(List.of(first));
    while (looks.getLast().ran().exit() == 0) {
      if (Instant.now().isBefore(ends.minusSeconds(20))) {
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
      }
      looks.add(new Look(Instant.now(), his.daypass("aws", "credentials", ROLE)));
    }
    return new Watched(ends, looks);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void anEndingGrantIsHandedBackToItsLastSecondAndNotALittleLonger() throws Exception {
    var ends = watched.get().ends();
    var looks = watched.get().looks();
    for (var look : looks.subList(0, looks.size() - 1)) {
      // An SDK that is given keys which have expired stops; begun is before it looked at the clock.
      assertThat(Instant.parse(new JsonObject(look.ran().out()).getString("Expiration")))
          .isAfter(look.begun())
          .isBeforeOrEqualTo(ends);
    }
    var none = looks.getLast().ran();
    assertThat(none.out()).isEmpty();
    assertThat(none.err().lines()).hasSize(1);
    assertThat(none.err()).contains("is not approved for you", "daypass request " + ROLE);
    assertThat(looks.get(looks.size() - 2).begun()).isAfter(ends.minusSeconds(20));
    // That it ended before its time would show here.
    assertThat(Instant.now()).isAfterOrEqualTo(ends);
  }

  @Test
  void aFullDiskIsSaidAndTheKeysComeAllTheSame() throws Exception {
    var dave = world.person("dave");
    api.ask(dave, ROLE, "1h", "no room");
    laptop.with("DAYPASS_TOKEN", dave);
    // No file can grow by a byte, as on a disk that is full; pipes can.
    var ran =
        laptop.run(
            "sh",
            "-c",
            "ulimit -f 0; exec \"$0\" aws credentials " + ROLE,
            laptop.launcher().toString());
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(new JsonObject(ran.out()).getString("AccessKeyId")).startsWith("ASIA");
    assertThat(ran.err()).containsOnlyOnce("working without a cache");
  }

  @Test
  void theJvmSaysNothingOnStandardOutput() {
    laptop.with("DAYPASS_TOKEN", "a.b.c").with("JAVA_TOOL_OPTIONS", "-Dnothing=here");
    var ran = laptop.daypass("aws", "credentials", ROLE);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("daypass: error: " + ROLE + ": ");
  }

  @Test
  void theLauncherMakesItsCacheOnceForItsJvmAndItsBuild() throws Exception {
    assertThat(laptop.learning().daypass("warm-up").exit()).isZero();
    var caches = caches();
    // What SDKs run, and everything else.
    assertThat(caches).hasSize(2).allMatch(Files::isWritable);
    var made = Files.getLastModifiedTime(caches.getFirst());
    laptop.with("DAYPASS_TOKEN", "a.b.c");
    assertThat(oneLine("aws", "credentials", ROLE)).contains("; hint: ");
    assertThat(Files.getLastModifiedTime(caches.getFirst())).isEqualTo(made);
    // An upgrade whose files are as old as those before: what was learnt of these is not used.
    laptop.upgrade("; hint: ", "; HINT: ");
    assertThat(oneLine("aws", "credentials", ROLE)).contains("; HINT: ");
    // In the background it gives way to everything else on the machine.
    Until.holds("they are made anew", Duration.ofMinutes(6), () -> haveReplaced(caches));
    assertThat(oneLine("aws", "credentials", ROLE)).contains("; HINT: ");
    // A file that the JVM does not take is nobody's concern.
    for (var cache : caches()) {
      Files.writeString(cache, "no cache");
    }
    assertThat(oneLine("aws", "credentials", ROLE)).contains("; HINT: ");
    assertThat(laptop.daypass("--version").err()).isEmpty();
    laptop.with("DAYPASS_JAVA_OPTS", "-XX:NoSuchOption");
    assertThat(laptop.daypass("aws", "credentials", ROLE).err()).contains("NoSuchOption");
  }

  /** The one line that a command says on standard error; the JVM adds none. */
  private String oneLine(String... words) {
    var ran = laptop.daypass(words);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("daypass: error: ");
    assertThat(ran.err().lines()).hasSize(1);
    return ran.err();
  }

  /** Whether other caches are there and none of {@code old}, and whoever made them is gone. */
  private boolean haveReplaced(List<Path> old) throws IOException {
    try (var files = Files.list(laptop.launcher().resolveSibling("../lib").normalize())) {
      if (files.anyMatch(f -> f.toString().endsWith(".making"))) {
        return false;
      }
    }
    var caches = caches();
    return caches.size() == 2 && caches.stream().noneMatch(old::contains);
  }

  @Test
  void whatSdksRunTakesNoClassFromALibraryOnceItsCacheIsMade() throws Exception {
    var alice = world.person("alice");
    api.ask(alice, ROLE, "1h", "a test");
    var loaded = laptop.home.resolve("loaded");
    laptop
        .with("DAYPASS_TOKEN", alice)
        .with("DAYPASS_JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
    for (var from : List.of("the broker", "the cache")) {
      assertThat(laptop.daypass("aws", "credentials", ROLE).exit()).isZero();
      // One class that stands in no cache is looked for in every library there is.
      assertThat(Files.readString(loaded))
          .as(from)
          .contains("io.daypass.Main source: shared objects file")
          .doesNotContain("source: file:");
    }
  }

  @Test
  void whatOnlyLooksLikeACommandOfSdksIsReadByTheWholeCommandLine() {
    assertThat(laptop.daypass("aws", "credentials", "--help").out()).startsWith("Usage: daypass");
    for (var words :
        List.of(
            List.of("aws", "credentials", "@role"),
            List.of("aws credentials", "a", "b"),
            List.of("aws", "credentials", ROLE, "more"),
            List.of("aws", "credentials", ""))) {
      var ran = laptop.daypass(words.toArray(String[]::new));
      assertThat(ran.exit()).as(ran.err()).isNotZero();
      assertThat(ran.err()).startsWith("daypass: error: ").doesNotContain("Exception");
    }
  }

  @Test
  void nobodyIsAskedForALibraryFolderThatIsNotTheirs() throws Exception {
    laptop.with("DAYPASS_TOKEN", "a.b.c");
    var lib = laptop.learning().launcher().resolveSibling("../lib").normalize();
    assertThat(lib.toFile().setWritable(false)).isTrue();
    Needs.circumstance(!Files.isWritable(lib), "root writes everywhere");
    assertThat(laptop.daypass("warm-up").exit()).isZero();
    assertThat(caches()).isEmpty();
    try (var mine = Files.walk(laptop.home.resolve(".cache/daypass/jvm"))) {
      assertThat(mine.filter(f -> f.toString().endsWith(".aot"))).hasSize(2);
    }
  }

  private List<Path> caches() throws IOException {
    try (var files = Files.list(laptop.launcher().resolveSibling("../lib").normalize())) {
      return files.filter(f -> f.toString().endsWith(".aot")).toList();
    }
  }

  private long intents() throws Exception {
    return world.records.count("SELECT count(*) FROM daypass.ledger_entry WHERE kind = 'intent'");
  }

  /** By the code that the terminal shows, entered at the issuer. */
  private void signIn(String person) throws Exception {
    var login = laptop.start(List.of(laptop.launcher().toString(), "login", "--device"));
    var err = login.errorReader(StandardCharsets.UTF_8);
    String line;
    while ((line = err.readLine()) != null && !line.contains(" and enter ")) {
      // until it is shown
    }
    assertThat(line).isNotNull();
    var code = String.valueOf(line).replaceAll(".* and enter ", "").strip();
    var form = HttpRequest.BodyPublishers.ofString("person=" + person + "&user_code=" + code);
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(world.sandbox.url() + "/staff/device"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(form)
                .build(),
            BodyHandlers.discarding());
    assertThat(login.waitFor()).isZero();
  }
}
