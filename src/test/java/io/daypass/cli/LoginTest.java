package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in: what comes of the issuer's answer, and of one that is not its own. */
@Timeout(60)
class LoginTest extends SignInsFixture {

  @Test
  void aPersonSignsInWithTheBrowserAndIsKnownFromThenOn() throws Exception {
    var page = surfer.signsInAs("alice");
    var ran = shell.run("login", broker.url());
    assertThat(ran.err()).startsWith("daypass: sign in with your browser, at " + sandbox.url());
    assertThat(ran.out()).isEqualTo("signed in to " + broker.url() + " as alice@acme.example\n");
    assertThat(ran.exit()).isZero();
    assertThat(page.get().body()).contains("Signed in", "as alice@acme.example");
    assertThat(page.get().headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'; style-src 'sha256-");
    var file = signIn();
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(file.resolveSibling(""))).isEqualTo("rwx------");
    // The broker's address is remembered, and what it is shown is the token it has verified.
    assertThat(shell.run("whoami").exit()).isZero();
    assertThat(broker.asked.getLast().authorization())
        .startsWith("Bearer ey")
        .isEqualTo(broker.asked.get(1).authorization());
  }

  @Test
  void theBrowserIsStartedWithALinkThatTellsNothing() throws Exception {
    var page = surfer.signsInAs("alice");
    shell.run("login", broker.url());
    assertThat(surfer.sentTo())
        .matches("http://127\\.0\\.0\\.1:[0-9]+/[0-9a-f]{32}")
        .doesNotContain("state", "challenge");
    page.get();
  }

  @Test
  void anAnswerThatDoesNotKnowTheStateChangesNothing() throws Exception {
    var page =
        surfer.goes(authorize -> {
          var back = Surfer.back(authorize, "alice");
          var forged = back.replaceAll("state=[0-9a-f]+", "state=0");
          var refused = Surfer.get(forged);
          assertThat(refused.statusCode()).isEqualTo(400);
          assertThat(refused.body()).contains("Not this sign-in");
          return back;
        });
    assertThat(shell.run("login", broker.url()).exit()).isZero();
    assertThat(page.get().body()).contains("Signed in");
  }

  @Test
  void aRefusedSignInSaysSoOnBothSidesWithoutTheCallersText() throws Exception {
    var page =
        surfer.goes(authorize -> denied(authorize, "access_denied&error_description=%3Cb%3E"));
    var ran = shell.run("login", broker.url());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .endsWith("daypass: error: the sign-in was refused\ndaypass: hint: daypass login\n");
    assertThat(page.get().body()).contains("Not signed in", "daypass login").doesNotContain("<b>");
    assertThat(Files.exists(home.resolve(".config/daypass/config"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%3Cscript%3Ealert(1)%3C/script%3E", "a%0Ab", ""})
  void anErrorThatIsNoWordIsNotRepeated(String error) throws Exception {
    var page = surfer.goes(authorize -> denied(authorize, error));
    var ran = shell.run("login", broker.url());
    assertThat(ran.err()).contains("the issuer did not sign you in: unreadable");
    assertThat(page.get().body()).doesNotContain("<script").doesNotContain("alert");
  }

  @Test
  void anotherIssuersAnswerIsAMixUp() throws Exception {
    var page =
        surfer.goes(authorize ->
            Surfer.back(authorize, "alice")
                .replaceAll("iss=[^&]+", "iss=https%3A%2F%2Fevil.example"));
    var ran = shell.run("login", broker.url());
    assertThat(ran.err()).contains("another issuer answered this sign-in");
    page.get();
  }

  @Test
  void whomTheBrokerDoesNotTakeIsNotKept() throws Exception {
    broker.refuses(ME, 401, "audience_mismatch", "The token is for somebody else.", "mend it");
    var page = surfer.signsInAs("alice");
    var ran = shell.run("login", broker.url());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("the token is for somebody else");
    assertThat(page.get().body()).contains("Not signed in");
    assertThat(Files.exists(home.resolve(".config/daypass/config"))).isFalse();
    assertThat(shell.with("DAYPASS_URL", broker.url()).run("whoami").err())
        .contains("you are signed out");
  }

  @Test
  void anIssuerWhoseDocumentNamesAnotherIsNotUsed() {
    try (var evil = new FakeBroker()) {
      evil.on(
          "GET /.well-known/openid-configuration",
          200,
          """
          {"issuer":"%s/","authorization_endpoint":"%s/a","token_endpoint":"%s/t"}\
          """
              .formatted(evil.url(), evil.url(), evil.url()));
      welcomes(evil.url());
      assertThat(shell.run("login", broker.url()).err())
          .contains("its document is another issuer's");
    }
  }

  @Test
  void anIssuerThatWouldTakeTokensInClearTextIsNotUsed() {
    try (var lax = new FakeBroker()) {
      lax.on(
          "GET /.well-known/openid-configuration",
          200,
          """
          {"issuer":"%s","authorization_endpoint":"%s/a","token_endpoint":"http://issuer.example/t"}\
          """
              .formatted(lax.url(), lax.url()));
      welcomes(lax.url());
      assertThat(shell.run("login", broker.url()).err()).contains("no safe endpoint");
    }
  }

  @Test
  void anotherSignInsTokenIsRefusedByItsNonce() throws Exception {
    try (var issuer = new FakeBroker()) {
      forges(issuer, Map.of("nonce", "another"));
      var page = surfer.goes(authorize -> accepted(authorize));
      var ran = shell.run("login", broker.url());
      assertThat(ran.err()).contains("its id token belongs to another sign-in");
      assertThat(page.get().body()).contains("Not signed in");
    }
  }

  @Test
  void aTokenForAnotherClientIsRefused() throws Exception {
    try (var issuer = new FakeBroker()) {
      forges(issuer, Map.of("aud", "somebody-else"));
      var page = surfer.goes(authorize -> accepted(authorize));
      assertThat(shell.run("login", broker.url()).err()).contains("is for another client");
      page.get();
    }
  }

  @Test
  void onAMachineWithoutABrowserACodeIsEnteredElsewhere() throws Exception {
    var login = CompletableFuture.supplyAsync(() -> shell.run("login", "--device", broker.url()));
    decides("person=alice");
    var ran = login.get();
    assertThat(ran.err())
        .contains("on any device, open " + sandbox.url() + "/staff/device and enter");
    assertThat(ran.out()).contains("as alice@acme.example");
    assertThat(shell.run("whoami").exit()).isZero();
  }

  @Test
  void whoRefusesOnTheOtherMachineIsBelieved() throws Exception {
    var login = CompletableFuture.supplyAsync(() -> shell.run("login", "--device", broker.url()));
    decides("person=nobody");
    var ran = login.get();
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("the sign-in was refused", "hint: daypass login --device");
  }

  @Test
  void aTokenInTheEnvironmentIsSaidToGoBefore() throws Exception {
    shell.with("DAYPASS_TOKEN", "a.b.c");
    var page = surfer.signsInAs("alice");
    assertThat(shell.run("login", broker.url()).err()).contains("goes before this sign-in");
    page.get();
  }

  /** Enters the code that the terminal shows. */
  private void decides(String choice) throws Exception {
    while (!shell.saying().contains("see that it shows that code")) {
      Thread.sleep(10);
    }
    var code = shell.saying().replaceAll("(?s).*and enter ([A-Z]{4}-[A-Z]{4}).*", "$1");
    var form = HttpRequest.BodyPublishers.ofString(choice + "&user_code=" + code);
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(sandbox.url() + "/staff/device"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(form)
                .build(),
            BodyHandlers.discarding());
  }

  /** An issuer whose token endpoint gives alice's token with other claims. */
  private void forges(FakeBroker issuer, Map<String, Object> claims) {
    welcomes(issuer.url());
    issuer.on(
        "GET /.well-known/openid-configuration",
        200,
        """
        {"issuer":"%s","authorization_endpoint":"%s/a","token_endpoint":"%s/t"}\
        """
            .formatted(issuer.url(), issuer.url(), issuer.url()));
    var all = new HashMap<>(claims);
    all.put("iss", issuer.url());
    all.putIfAbsent("aud", "daypass-cli");
    issuer.on(
        "POST /t",
        200,
        "{\"id_token\":\""
            + sandbox.staff().token("alice", "daypass-cli", Duration.ofHours(1), all)
            + "\"}");
  }

  private static String accepted(String authorize) {
    return parameter(authorize, "redirect_uri") + "?code=c&state=" + parameter(authorize, "state");
  }

  private static String denied(String authorize, String error) {
    return parameter(authorize, "redirect_uri")
        + "?iss="
        + URLEncoder.encode(sandbox.url() + "/staff", StandardCharsets.UTF_8)
        + "&state="
        + parameter(authorize, "state")
        + "&error="
        + error;
  }

  private static String parameter(String url, String name) {
    var value = url.replaceAll(".*[?&]" + name + "=([^&]*).*", "$1");
    return URLDecoder.decode(value, StandardCharsets.UTF_8);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
