package io.daypass.sandbox.aws;

import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Faults;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** AWS as far as Daypass deals with it: STS, IAM and the console's sign-in. */
public final class AwsStandIn implements AutoCloseable {

  private final TrustedIssuers issuers;
  private final Roles roles = Roles.ofTheSandbox();
  private final StsStandIn sts;
  private final IamStandIn iam;
  private final SigninStandIn signin;
  private final AllowedPage allowed;
  private final Faults stsFaults = new Faults();
  private final Faults iamFaults = new Faults();
  private final Faults signinFaults = new Faults();

  /** Remembers {@code most} sessions. */
  public AwsStandIn(Vertx vertx, Calls calls, SecureRandom random, InstantSource clock, int most) {
    this.issuers = new TrustedIssuers(vertx);
    var sessions = new Sessions(random, most);
    var signatures = new SigV4(sessions, clock);
    var tokens = new WebIdentity(issuers, roles, clock);
    this.sts = new StsStandIn(tokens, roles, sessions, signatures, calls, clock);
    this.iam = new IamStandIn(roles, signatures, calls, clock);
    this.signin = new SigninStandIn(sessions, roles, calls, random, clock);
    this.allowed = new AllowedPage(sessions, roles, clock);
  }

  /** Opens the doors under {@code /aws}. */
  public void open(Doors doors) {
    for (var path : List.of("/aws/sts", "/aws/sts/")) {
      doors.open("POST", path, sts, stsFaults, sts::fail);
      doors.open("GET", path, sts, stsFaults, sts::fail);
    }
    for (var path : List.of("/aws/iam", "/aws/iam/")) {
      doors.open("POST", path, iam, iamFaults, iam::fail);
      doors.open("GET", path, iam, iamFaults, iam::fail);
    }
    for (var path : List.of("/aws/signin", "/aws/signin/federation")) {
      doors.open("POST", path, signin, signinFaults, signin::fail);
      doors.open("GET", path, signin, signinFaults, signin::fail);
    }
    // Some SDKs drop the path of an endpoint; the real endpoints have none to drop.
    doors.redirect("POST", "/", AwsStandIn::service);
    doors.open("GET", "/aws/allowed", Endpoint.now(allowed::reply));
  }

  private static String service(Buffer body) {
    return body.toString().contains("Version=" + IamStandIn.VERSION) ? "/aws/iam" : "/aws/sts";
  }

  /** The accounts have an OIDC provider for {@code issuer} from now on. */
  public void trust(String issuer) {
    issuers.trust(issuer);
  }

  /** The next token has the issuer's keys fetched anew. */
  public void forgetKeys() {
    issuers.forgetKeys();
  }

  /** Adds a role, or replaces the one with its ARN. */
  public void add(StandInRole role) {
    roles.add(role);
  }

  /** Inline policies come into force {@code delay} after they were put. */
  public void propagation(Duration delay) {
    iam.propagation(delay);
  }

  public Faults stsFaults() {
    return stsFaults;
  }

  public Faults iamFaults() {
    return iamFaults;
  }

  public Faults signinFaults() {
    return signinFaults;
  }

  @Override
  public void close() {
    issuers.close();
  }
}
