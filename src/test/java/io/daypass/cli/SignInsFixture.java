package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A shell and a browser at the sandbox's issuer, and a broker that takes everybody for alice. */
abstract class SignInsFixture {

  static final String ALICE =
      """
      {"issuer":"staff","subject":"alice","kind":"human","email":"alice@acme.example",\
      "groups":[],"auditor":false,"administrator":false}\
      """;
  static final String ME = "GET /v1/me";
  static final String WELCOME = "GET /.well-known/daypass";

  static Sandbox sandbox;

  @TempDir Path home;
  FakeBroker broker;
  Shell shell;
  Surfer surfer;

  @BeforeAll
  static void open() throws IOException {
    sandbox = Sandbox.start();
  }

  @AfterAll
  static void close() {
    sandbox.close();
  }

  @BeforeEach
  void start() throws IOException {
    broker = new FakeBroker().on(ME, 200, ALICE);
    welcomes(sandbox.url() + "/staff");
    surfer = new Surfer(home);
    shell = at(InstantSource.system());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  void signedIn() throws Exception {
    var page = surfer.signsInAs("alice");
    assertThat(shell.run("login", broker.url()).exit()).isZero();
    page.get();
  }

  Shell at(InstantSource clock) {
    return new Shell(home).at(clock).with("BROWSER", surfer.program());
  }

  void welcomes(String issuer) {
    broker.on(
        WELCOME,
        200,
        """
        {"url":"%s","issuers":[{"name":"staff","issuer":"%s","client_id":"daypass-cli","audience":"daypass"}]}\
        """
            .formatted(broker.url(), issuer));
  }

  Path signIn() throws IOException {
    try (var files = Files.list(home.resolve(".config/daypass/sign-ins"))) {
      return files.filter(f -> !f.toString().endsWith(".lock")).findFirst().orElseThrow();
    }
  }
}
