package io.daypass.e2e;

import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.aws.StandInRole;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.FreePort;
import io.daypass.sandbox.postgres.Database;
import io.daypass.sandbox.postgres.PostgresSandbox;
import io.daypass.sandbox.run.CannotRun;
import io.daypass.sandbox.run.DataFolder;
import io.daypass.sandbox.run.SettingsFile;
import io.daypass.sandbox.run.Stack;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A Postgres, the sandbox, policies of its own, and as many replicas as are wanted. */
final class World implements AutoCloseable {

  /** The role that the nightly report has in Azure. */
  static final String AZURE_NIGHTLY = "azure-nightly";

  private static final String ACCOUNT = "123456789012";
  private static final String REVOKER = "    revoker: daypass-revoker\n";

  final PostgresSandbox postgres;
  final Sandbox sandbox;
  final Records records;
  final StsGate gate;
  final Path policies;
  final DataFolder folder;
  private final Stack stack = new Stack();
  private final String settings;
  private final int port;
  private final List<Replica> replicas = new ArrayList<>();

  private World(String more, boolean cutting) throws IOException, CannotRun {
    folder = stack.add(DataFolder.take(Files.createTempDirectory("daypass-e2e")));
    postgres =
        stack.add(
            PostgresSandbox.options()
                .data(FreshData.copiedTo(folder.file("postgres")))
                // What was committed survives the server's process; nobody pulls the plug here.
                .config("synchronous_commit", "on")
                .passwords(
                    Files.readString(folder.secretText("owner-password")),
                    Files.readString(folder.secretText("app-password")))
                .start());
    Database database = postgres.database(FreshData.DATABASE);
    records = stack.add(new Records(postgres, database));
    sandbox = stack.add(Sandbox.start());
    gate = stack.add(new StsGate(sandbox.awsEndpoints().get("sts")));
    port = FreePort.find();
    sandbox.trust(url());
    policies = policies();
    var file = new SettingsFile(folder, sandbox).write(port, database, policies);
    var written =
        Files.readString(file)
            .replace("\"" + sandbox.awsEndpoints().get("sts") + "\"", "\"" + gate.url() + "\"");
    // Most tests end grants by the way, and count what is asked of STS.
    settings = (cutting ? written : written.replace(REVOKER, "")) + more;
  }

  /** A world whose limits on how often one may come are out of the way. */
  static World busy(String log) throws IOException, CannotRun {
    return new World(busyWith(log), false);
  }

  /** The same, where the live sessions of what is ended early are cut. */
  static World cutting(String log) throws IOException, CannotRun {
    return new World(busyWith(log), true);
  }

  private static String busyWith(String log) {
    return "log: "
        + log
        + """

        open-requests-per-person: 1000
        limits:
          failures-per-peer-and-second: 10000
          issuances-per-person-and-minute: 100000
          issuances-per-token-and-minute: 100000
          issuances-per-workload-and-minute: 100000
          issuances-per-repository-and-minute: 100000
          decisions-per-person-and-minute: 100000
          refusals-per-issuer-and-minute: 100000
          readings-per-auditor-and-minute: 100000
        """;
  }

  /** A world with these settings more. */
  static World with(String settings) throws IOException, CannotRun {
    return new World(settings, false);
  }

  /** A world as an operator gets it who sets nothing. */
  static World usual() throws IOException, CannotRun {
    return new World("", false);
  }

  private Path policies() throws IOException {
    var copy = Files.createDirectories(folder.file("policies"));
    var examples = Path.of("policies");
    try (var files = Files.walk(examples)) {
      for (var file : files.filter(f -> !f.startsWith(examples.resolve("tests"))).toList()) {
        var to = copy.resolve(examples.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    Files.writeString(
        copy.resolve("worker.yaml"),
        """
        role: worker
        description: What a pod of the shop may do
        access: write
        sensitivity: low
        target:
          aws:
            role-arn: arn:aws:iam::123456789012:role/daypass-worker
        max-duration: 8h
        credential-lifetime: 1h
        rules:
          - name: pods of the shop
            workload: { kubernetes: { namespace: shop, serviceaccount: worker } }
            approval: automatic
        """);
    sandbox
        .aws()
        .add(StandInRole.of(ACCOUNT, "daypass-worker", Duration.ofHours(12), "role:worker"));
    azure(copy);
    return copy;
  }

  /** A role in Azure that a machine has at once, assigned for each of its grants. */
  private void azure(Path policies) throws IOException {
    var identities =
        IntStream.rangeClosed(1, 4).mapToObj("4a1e7000-0000-4000-8000-%012d"::formatted).toList();
    for (var id : identities) {
      var app = StandInApp.of(id, AzureStandIn.objectId(id));
      sandbox.azure().add(app.trusting(url(), "role:" + AZURE_NIGHTLY));
    }
    Files.writeString(
        policies.resolve(AZURE_NIGHTLY + ".yaml"),
        """
        role: %s
        description: What the nightly report reads in Azure
        access: read-only
        sensitivity: low
        target:
          azure:
            tenant: %s
            client-id: %s
            spare-client-ids: [%s]
            scope: https://storage.azure.com/.default
            role-assignment:
              role: %s
              scope: /subscriptions/%s/resourceGroups/reports
        max-duration: 30m
        rules:
          - name: the nightly report
            workload: { kubernetes: { namespace: reports, serviceaccount: nightly } }
            approval: automatic
        """
            .formatted(
                AZURE_NIGHTLY,
                AzureStandIn.TENANT,
                identities.getFirst(),
                String.join(", ", identities.subList(1, identities.size())),
                AzureStandIn.BLOB_READER,
                AzureStandIn.SUBSCRIPTION));
  }

  /** The issuer of all replicas, which is where the first one listens. */
  String url() {
    return "http://localhost:" + port;
  }

  /** One more replica; the first one listens where the clouds look for its keys. */
  Replica replica() throws IOException {
    return replica(same -> same);
  }

  /** The same with other settings than all others have. */
  Replica replica(UnaryOperator<String> change) throws IOException {
    int own = replicas.isEmpty() ? port : FreePort.find();
    var name = "replica-" + replicas.size();
    var file = folder.file(name + ".yaml");
    Files.writeString(
        file,
        change.apply(
            settings.replace("listen: \"127.0.0.1:" + port, "listen: \"127.0.0.1:" + own)));
    var replica = Replica.start(file, folder.file(name + ".log"), "http://localhost:" + own);
    stack.add(replica);
    replicas.add(replica);
    return replica;
  }

  List<Replica> replicas() {
    return replicas;
  }

  String settings() {
    return settings;
  }

  String person(String name) {
    return sandbox.staff().token(name);
  }

  /** A token of one run of a pipeline on main. */
  String run() {
    return sandbox.github().token(Map.of("aud", url()));
  }

  /** A token of a pod that may have the role worker. */
  String pod() {
    return sandbox.kubernetes().token(url(), "shop", "worker");
  }

  /** The id of a request of alice's for prod-readonly that bob has approved. */
  String approved(Api api, String duration, String reason) {
    var id = api.ask(person("alice"), "prod-readonly", duration, reason);
    api.on(id, "approve", person("bob")).is(200);
    return id;
  }

  /** What Azure would decide about a token now. */
  boolean mayActInAzure(String token) {
    var claims =
        new JsonObject(
            new String(
                Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
    return new Api(sandbox.url())
        .get("/azure/allowed?uti=" + claims.getString("uti"))
        .json()
        .getBoolean("allowed");
  }

  @Override
  public void close() {
    stack.close();
    FreshData.delete(folder.file(""));
  }
}
