package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sign-in that is kept: how it is renewed, who may read it, and how it ends. */
@Timeout(60)
class KeptSignInTest extends SignInsFixture {

  @Test
  void aSignInIsRenewedWithoutAWordAndByOneOfMany() throws Exception {
    signedIn();
    var before = Files.readString(signIn());
    var soon = InstantSource.system().instant().plusSeconds(20).getEpochSecond();
    Files.writeString(signIn(), before.replaceAll("expires=[0-9]+", "expires=" + soon));
    broker.asked.clear();
    var calls = new ArrayList<Callable<Shell.Ran>>();
    for (var i = 0; i < 8; i++) {
      calls.add(() -> shell.run("whoami"));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var ran : threads.invokeAll(calls)) {
        assertThat(ran.get().exit()).isZero();
      }
    }
    // A refresh token that came twice would have ended the sign-in for good.
    assertThat(broker.asked.stream().map(FakeBroker.Asked::authorization).distinct()).hasSize(1);
    assertThat(Files.readString(signIn())).isNotEqualTo(before);
    assertThat(shell.run("whoami").exit()).isZero();
  }

  @Test
  void aBrokerWhoseClockIsAheadGetsANewerToken() throws Exception {
    signedIn();
    broker.asked.clear();
    broker.refuses(ME, 401, "token_expired", "expired", "again");
    assertThat(shell.run("whoami").exit()).isEqualTo(1);
    assertThat(broker.asked).hasSize(2);
    assertThat(broker.asked.get(0).authorization())
        .isNotEqualTo(broker.asked.get(1).authorization());
  }

  @Test
  void aSignInThatEndedAtTheIssuerAsksForAnother() throws Exception {
    signedIn();
    Files.writeString(
        signIn(), Files.readString(signIn()).replaceAll("refresh_token=.*", "refresh_token=gone"));
    var later = at(() -> InstantSource.system().instant().plus(Duration.ofHours(2)));
    assertThat(later.with("DAYPASS_URL", broker.url()).run("whoami").err())
        .isEqualTo("daypass: error: your sign-in has ended\ndaypass: hint: daypass login\n");
  }

  @Test
  void aRenewalThatTheIssuerRefusesIsToldInItsOwnWords() throws Exception {
    signedIn();
    Files.writeString(
        signIn(), Files.readString(signIn()).replaceAll("client_id=.*", "client_id=another"));
    var later = at(() -> InstantSource.system().instant().plus(Duration.ofHours(2)));
    assertThat(later.with("DAYPASS_URL", broker.url()).run("whoami").err())
        .contains("cannot be renewed: the issuer answered 401 invalid_client");
  }

  @Test
  void d8_aSignInThatOthersCouldReadIsNotUsed() throws Exception {
    signedIn();
    Files.setPosixFilePermissions(signIn(), PosixFilePermissions.fromString("rw-r-----"));
    var ran = shell.run("whoami");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .contains("can be read or written by others", "hint: chmod 600 " + signIn());
  }

  @Test
  void d8_aSignInBehindALinkIsNotUsed() throws Exception {
    signedIn();
    var file = signIn();
    var elsewhere = Files.move(file, home.resolve("elsewhere"));
    Files.createSymbolicLink(file, elsewhere);
    assertThat(shell.run("whoami").err()).contains("is not a plain file");
  }

  @Test
  void logoutForgetsHereAndAtTheIssuer() throws Exception {
    signedIn();
    broker.on(
        "POST /v1/roles/r/credentials",
        200,
        """
        {"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t","Expiration":"%s"}\
        """
            .formatted(InstantSource.system().instant().plusSeconds(3600)));
    assertThat(shell.run("aws", "credentials", "r").exit()).isZero();
    var kept = Files.readString(signIn());
    var ran = shell.run("logout");
    assertThat(ran.out()).isEqualTo("signed out of " + broker.url() + "\n");
    assertThat(ran.err()).isEmpty();
    try (var left = Files.walk(home.resolve(".cache"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
    assertThat(shell.run("whoami").err()).contains("you are signed out");
    // A copy that somebody made before renews nothing.
    assertThat(renewal(kept)).isEqualTo(400);
    assertThat(shell.run("logout").out()).contains("already");
  }

  /** What the issuer answers to the refresh token in a copy of a sign-in. */
  private static int renewal(String signIn) throws Exception {
    var refresh = signIn.replaceAll("(?s).*refresh_token=([^\n]*).*", "$1");
    var form = "grant_type=refresh_token&client_id=daypass-cli&refresh_token=" + refresh;
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(sandbox.url() + "/staff/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void whoSignsInAgainIsNotSignedOutByIt() throws Exception {
    signedIn();
    var first = Files.readString(signIn());
    var page = surfer.goesOnAs("alice");
    assertThat(shell.run("login", broker.url()).exit()).isZero();
    page.get();
    var second = Files.readString(signIn());
    assertThat(second).isNotEqualTo(first);
    Files.writeString(signIn(), second.replaceAll("expires=[0-9]+", "expires=1"));
    var ran = shell.run("whoami");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
    // It ends with the sign-out, all of it.
    assertThat(shell.run("logout").err()).isEmpty();
    assertThat(renewal(first)).isEqualTo(400);
  }

  @Test
  void whoeverSignsInInsteadOfSomebodyElseEndsTheirs() throws Exception {
    signedIn();
    var hers = Files.readString(signIn());
    var page = surfer.signsInAs("bob");
    assertThat(shell.run("login", broker.url()).exit()).isZero();
    page.get();
    assertThat(renewal(hers)).isEqualTo(400);
    Files.writeString(
        signIn(), Files.readString(signIn()).replaceAll("expires=[0-9]+", "expires=1"));
    assertThat(shell.run("whoami").exit()).isZero();
  }
}
