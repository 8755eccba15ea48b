package io.daypass.sandbox;

import io.daypass.sandbox.aws.AwsStandIn;
import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.FreePort;
import io.daypass.sandbox.http.Reply;
import io.daypass.sandbox.notices.Board;
import io.daypass.sandbox.oidc.GithubIssuer;
import io.daypass.sandbox.oidc.KubernetesIssuer;
import io.daypass.sandbox.oidc.Provider;
import io.daypass.sandbox.oidc.SigningKeys;
import io.daypass.sandbox.oidc.StaffIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that Daypass talks to but the database, on one port of the loopback interface: the
 * company's sign-in, CI and cluster issuers, and strict clouds. Tests use it in-process.
 */
public final class Sandbox implements AutoCloseable {

  private final Vertx vertx;
  private final int port;
  private final Calls calls;
  private final StaffIssuer staff;
  private final GithubIssuer github;
  private final KubernetesIssuer kubernetes;
  private final AwsStandIn aws;
  private final GcpStandIn gcp;
  private final AzureStandIn azure;
  private final Board board;
  private final Doors doors;
  private final Authority authority = Authority.made();
  private final int tlsPort;

  /** How to start. */
  public static final class Options {
    private int port;
    private @Nullable Path keys;
    private InstantSource clock = InstantSource.system();
    private int most = 10_000;

    private Options() {}

    /** The port; any free one unless told. */
    public Options port(int wanted) {
      port = wanted;
      return this;
    }

    /** Keeps the issuers' keys in {@code folder}, so that tokens outlive a restart. */
    public Options keepKeysIn(Path folder) {
      keys = folder;
      return this;
    }

    /** The time by which the stand-ins judge. */
    public Options clock(InstantSource source) {
      clock = source;
      return this;
    }

    /** The most calls, and sessions at AWS, that are remembered. */
    public Options remember(int calls) {
      most = calls;
      return this;
    }

    public Sandbox start() throws IOException {
      return new Sandbox(this);
    }
  }

  public static Options options() {
    return new Options();
  }

  /** A sandbox on any free port. */
  public static Sandbox start() throws IOException {
    return options().start();
  }

  private Sandbox(Options options) throws IOException {
    // The issuers' addresses are in their keys and documents, so the port is known before
    // listening.
    this.port = options.port == 0 ? FreePort.find() : options.port;
    this.tlsPort = options.port == 0 ? FreePort.find() : options.port + 1;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    try {
      var random = new SecureRandom();
      this.calls = new Calls(options.clock, options.most);
      this.staff = new StaffIssuer(provider("staff", options, random));
      this.github = new GithubIssuer(provider("github", options, random));
      this.kubernetes = new KubernetesIssuer(provider("kubernetes", options, random));
      this.aws = new AwsStandIn(vertx, calls, random, options.clock, options.most);
      this.gcp = new GcpStandIn(vertx, calls, random, options.clock);
      this.azure = new AzureStandIn(vertx, calls, random, options.clock);
      this.board = new Board(url(), options.clock, random);
      this.doors = opened();
      doors.listen(port);
      doors.listen(tlsPort, certificate());
    } catch (IOException | RuntimeException e) {
      vertx.close();
      throw e;
    }
  }

  private Provider provider(String name, Options options, SecureRandom random) throws IOException {
    var folder = options.keys;
    var keys =
        folder == null
            ? SigningKeys.fresh()
            : SigningKeys.kept(folder.resolve(name + ".jwks.json"));
    return new Provider(name, url(), keys, options.clock, random, calls);
  }

  private Doors opened() throws IOException {
    var doors = new Doors(vertx);
    staff.open(doors);
    github.open(doors);
    kubernetes.open(doors);
    aws.open(doors);
    gcp.open(doors);
    azure.open(doors, tlsUrl());
    board.open(doors);
    doors.open("GET", "/calls", Endpoint.now(_ -> calls.reply()));
    var index = resource("/sandbox/index.txt").replace("{url}", url()).replace("{tls}", tlsUrl());
    doors.open("GET", "/", Endpoint.now(_ -> Reply.text(200, index)));
    return doors;
  }

  /** Tells the clouds to trust the broker whose issuer is {@code brokerUrl}. */
  public Sandbox trust(String brokerUrl) {
    aws.trust(brokerUrl);
    gcp.trust(brokerUrl);
    azure.trust(brokerUrl);
    staff.clients().webRedirect(brokerUrl + "/sign-in/staff/done");
    return this;
  }

  /** Where it listens, without a slash at the end. */
  public String url() {
    return "http://localhost:" + port;
  }

  public int port() {
    return port;
  }

  public StaffIssuer staff() {
    return staff;
  }

  public GithubIssuer github() {
    return github;
  }

  public KubernetesIssuer kubernetes() {
    return kubernetes;
  }

  public AwsStandIn aws() {
    return aws;
  }

  public GcpStandIn gcp() {
    return gcp;
  }

  public AzureStandIn azure() {
    return azure;
  }

  /** Where notices arrive. */
  public Board board() {
    return board;
  }

  /** Who vouches for {@link #tlsUrl}. */
  public Authority authority() {
    return authority;
  }

  /** The same as {@link #url}, over TLS: Azure's libraries take no other authority. */
  public String tlsUrl() {
    return "https://localhost:" + tlsPort;
  }

  /** Tells {@code whoListens} from now on of every call, with all that is secret in it. */
  public void overhear(Consumer<Ask> whoListens) {
    doors.overhear(whoListens);
  }

  /** What the stand-ins saw. */
  public Calls calls() {
    return calls;
  }

  /** The settings under {@code clouds.aws.endpoints} that lead here. */
  public Map<String, String> awsEndpoints() {
    return Map.of(
        "sts", url() + "/aws/sts", "iam", url() + "/aws/iam", "signin", url() + "/aws/signin");
  }

  /** The settings under {@code clouds.gcp.endpoints} that lead here. */
  public Map<String, String> gcpEndpoints() {
    return Map.of(
        "sts", url() + "/gcp/sts",
        "iam-credentials", url() + "/gcp/iamcredentials",
        "resource-manager", url() + "/gcp/resourcemanager");
  }

  /** The settings under {@code clouds.azure.endpoints} that lead here, but for the CA's file. */
  public Map<String, String> azureEndpoints() {
    return Map.of("authority", tlsUrl(), "resource-manager", url() + "/azure/arm");
  }

  private PemKeyCertOptions certificate() {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(authority.serverChain()))
        .addKeyValue(Buffer.buffer(authority.serverKey()));
  }

  @Override
  public void close() {
    aws.close();
    gcp.close();
    azure.close();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      System.getLogger("sandbox").log(System.Logger.Level.WARNING, "did not stop cleanly", e);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Sandbox.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
