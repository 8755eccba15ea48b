package io.daypass.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A broker that gives credentials of AWS, and a shell that takes them at any time of the day. */
abstract class CredentialsFixture {

  static final String CALL = "POST /v1/roles/prod-readonly/credentials";
  static final String REQUEST = "GET /v1/requests/r1";
  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  @TempDir Path home;
  FakeBroker broker;
  Shell shell;

  @BeforeEach
  void start() {
    broker = new FakeBroker();
    shell = new Shell(home).with("DAYPASS_URL", broker.url()).with("DAYPASS_TOKEN", "a.b.c");
    gives("ONE", Duration.ofHours(1), Duration.ofHours(8));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  Shell.Ran take() {
    return shell.run("aws", "credentials", "prod-readonly");
  }

  Shell.Ran at(Duration later) {
    shell.at(() -> NOON.plus(later));
    return take();
  }

  void gives(String id, Duration life, Duration grant) {
    broker.on(
        CALL,
        200,
        """
        {"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s/+=","SessionToken":"t","Expiration":"%s","AccountId":"123456789012"}\
        """
            .formatted(id, NOON.plus(life)),
        Map.of("Daypass-Request", "r1", "Daypass-Grant-Ends", NOON.plus(grant).toString()));
  }
}
