package io.daypass.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.daypass.cloud.DroppedAttempts;
import io.daypass.cloud.Finding;
import io.daypass.cloud.Finding.Weight;
import io.daypass.cloud.Grants;
import io.daypass.cloud.Waits;
import io.daypass.issuer.IssuerUrl;
import io.daypass.issuer.PublicDocument;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.http.Calls.Call;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** STS has one code for every assertion that it does not take; what is to be mended differs. */
class AwsCheckupTest {

  private static final Signing.Ring RING = Signing.Ring.made();
  private static final String ACCOUNT = "123456789012";
  private static final String AUDIENCE = AwsConfig.DEFAULT_AUDIENCE;

  private HttpServer issuer;
  private IssuerUrl url;
  private SigningKeys keys;
  private Sandbox sandbox;
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = new IssuerUrl("http://localhost:" + issuer.getAddress().getPort());
    keys = RING.ready(url, InstantSource.fixed(Grants.NOW));
    serve("/.well-known/openid-configuration", keys::discovery);
    serve("/.well-known/jwks.json", keys::jwks);
    issuer.start();
    sandbox = Sandbox.options().clock(InstantSource.fixed(Grants.NOW)).start();
  }

  private void serve(String path, Supplier<PublicDocument> document) {
    issuer.createContext(
        path,
        exchange -> {
          var body = document.get().body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @AfterEach
  void stop() {
    sandbox.close();
    issuer.stop(0);
  }

  private static Role role(String account) {
    return role(Grants.aws("arn:aws:iam::" + account + ":role/daypass-prod-readonly", null));
  }

  private static Role role(Target.Aws target) {
    return Grants.standard().to(target).recorded().role();
  }

  private URI endpoint(String name) {
    return URI.create(Objects.requireNonNull(sandbox.awsEndpoints().get(name)));
  }

  private List<Finding> findings(String account, String audience) {
    return findings(role(account), audience);
  }

  private List<Finding> findings(Role role, String audience) {
    var endpoints = new AwsConfig.Endpoints(endpoint("sts"), null, endpoint("signin"));
    var config =
        new AwsConfig(url, audience, AwsConfig.DEFAULT_REGION, endpoints, null, Waits.QUICK);
    var jitter = RandomGenerator.getDefault();
    var clock = InstantSource.fixed(Grants.NOW);
    try (var aws = new AwsCloud(config, keys, jitter, _ -> Optional.empty());
        var cutter = new AwsCutter(config, keys, clock, jitter)) {
      var checkup =
          new AwsCheckup(aws, cutter, url.value(), InstantSource.system(), UUID::randomUUID);
      return checkup.of(role, new DroppedAttempts(role, clock));
    }
  }

  private Finding only(String account, String audience) {
    var findings = findings(account, audience);
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().weight()).isEqualTo(Weight.WRONG);
    return findings.getFirst();
  }

  private static String mend(Finding finding) {
    return Objects.requireNonNull(finding.mend());
  }

  private long asked() {
    return sandbox.calls().list("sts", "AssumeRoleWithWebIdentity").size();
  }

  @Test
  void an_account_that_was_told_everything_gives_a_session() {
    sandbox.trust(url.value());
    assertThat(findings(ACCOUNT, AUDIENCE)).extracting(Finding::code).containsExactly("mints");
  }

  private List<Call> signIns() {
    return sandbox.calls().list().stream().filter(c -> c.service().equals("signin")).toList();
  }

  @Test
  void a_console_that_the_role_has_is_tried_up_to_the_token_and_no_further() {
    sandbox.trust(url.value());
    assertThat(findings(ACCOUNT, AUDIENCE)).extracting(Finding::code).containsExactly("mints");
    assertThat(signIns()).extracting(Call::action).containsExactly("getSigninToken");
    assertThat(signIns().getFirst().outcome()).isEqualTo("ok");
  }

  @Test
  void a_role_without_a_console_has_none_tried() {
    sandbox.trust(url.value());
    var arn = Grants.aws("arn:aws:iam::" + ACCOUNT + ":role/daypass-prod-readonly", null).roleArn();
    var without = role(new Target.Aws(arn, null, List.of()));
    assertThat(findings(without, AUDIENCE)).extracting(Finding::code).containsExactly("mints");
    assertThat(signIns()).isEmpty();
  }

  @Test
  void a_console_that_does_not_take_the_role_s_sessions_is_found() {
    sandbox.trust(url.value());
    sandbox.aws().signinFaults().always(new Fault.Refuse(400, "ValidationError"));
    var findings = findings(ACCOUNT, AUDIENCE);
    assertThat(findings).extracting(Finding::code).containsExactly("mints", "console_refused");
    var finding = findings.getLast();
    assertThat(finding.weight()).isEqualTo(Weight.WRONG);
    assertThat(finding.said()).isEqualTo("sign-in: 400");
    assertThat(mend(finding)).contains("take console out of the role");
    assertThat(signIns()).hasSize(1);
    sandbox.aws().signinFaults().always(Fault.outage());
    assertThat(findings(ACCOUNT, AUDIENCE))
        .extracting(Finding::code)
        .containsExactly("mints", "cloud_failed");
  }

  @Test
  void an_issuer_whose_keys_aws_cannot_read_is_told_to_be_reachable() {
    sandbox.trust(url.value());
    status = 503;
    var finding = only(ACCOUNT, AUDIENCE);
    assertThat(finding.code()).isEqualTo("issuer_unreachable");
    assertThat(finding.said()).contains("InvalidIdentityToken", "retrieve verification key");
    assertThat(mend(finding))
        .contains(url.value() + "/.well-known/openid-configuration", "firewall", "chain");
    assertThat(asked()).as("it may be over the next time").isEqualTo(3);
  }

  @Test
  void an_account_without_a_provider_is_told_to_make_one() {
    var finding = only(ACCOUNT, AUDIENCE);
    assertThat(finding.code()).isEqualTo("provider_missing");
    assertThat(finding.said()).contains("No OpenIDConnect provider found in your account");
    assertThat(mend(finding)).contains(url.value(), ACCOUNT, "daypass-aws-" + ACCOUNT);
    assertThat(asked()).isEqualTo(1);
    sandbox.trust(url.value());
    assertThat(only("210987654321", AUDIENCE).code()).isEqualTo("provider_missing");
  }

  @Test
  void a_provider_that_does_not_know_the_audience_is_told_to_add_it() {
    sandbox.trust(url.value());
    var finding = only(ACCOUNT, "another-{account}");
    assertThat(finding.code()).isEqualTo("client_id_missing");
    assertThat(finding.said()).contains("Incorrect token audience");
    assertThat(mend(finding)).contains("add the client id another-" + ACCOUNT, ACCOUNT);
    assertThat(asked()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
            + " | certificate_differs | thumbprint",
        "Provided Token is not signed | assertion_refused | keys shown at http",
        "Token is not valid yet | assertion_refused | clock",
      })
  void what_else_it_says_of_an_assertion_is_told_with_where_to_look(
      String words, String code, String mend) {
    sandbox.trust(url.value());
    var xml = StrictSts.errorXml("InvalidIdentityToken", words);
    sandbox
        .aws()
        .stsFaults()
        .always(new Fault.Rewrite(_ -> new Reply(400, "text/xml", xml, Map.of())));
    var finding = only(ACCOUNT, AUDIENCE);
    assertThat(finding.code()).isEqualTo(code);
    assertThat(finding.said()).contains(words);
    assertThat(mend(finding)).contains(mend);
  }
}
