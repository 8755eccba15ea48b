package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Overheard;
import io.daypass.issuer.IssuerUrl;
import io.daypass.issuer.Rotation;
import io.daypass.issuer.SigningKeys;
import io.daypass.issuer.jose.CryptoProvider;
import io.daypass.issuer.jose.JoseKeysmith;
import io.daypass.issuer.jose.MasterKey;
import io.daypass.issuer.jose.MasterKeys;
import io.daypass.postgres.Database;
import io.daypass.postgres.DatabaseAddress;
import io.daypass.postgres.DatabaseClock;
import io.daypass.postgres.Patience;
import io.daypass.postgres.PostgresKeys;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreparationTest {

  private final Vertx vertx = Vertx.vertx();
  // Nobody listens there.
  private final Database database =
      Database.open(
          vertx,
          new DatabaseAddress(
              List.of(new DatabaseAddress.Host("localhost", 1)),
              "daypass",
              "daypass_app",
              "no-pw-value",
              DatabaseAddress.Tls.DISABLE,
              null),
          1,
          Patience.SERVICE);

  private final SigningKeys keys = keys();
  private final DatabaseClock clock = new DatabaseClock(database, InstantSource.system());
  private final Preparation preparation =
      new Preparation(database, null, "daypass_app", clock, keys, () -> {});

  private SigningKeys keys() {
    var random = new SecureRandom();
    var masters = MasterKeys.of(new MasterKey(new byte[32], random), null);
    return new SigningKeys(
        new IssuerUrl("https://daypass.example.com"),
        new PostgresKeys(database),
        new JoseKeysmith(masters, CryptoProvider.fastest(), random),
        Rotation.STANDARD,
        InstantSource.system());
  }

  @AfterEach
  void close() {
    database.close();
    vertx.close().await();
  }

  @Test
  void f2_without_the_keys_a_replica_says_why_and_tries_again_and_is_not_ready() throws Exception {
    try (var log = new Overheard()) {
      var preparing = Thread.ofVirtual().start(this::prepare);
      var tries = 0L;
      for (var i = 0; i < 200 && tries < 2; i++) {
        Thread.sleep(25);
        tries = log.texts().stream().filter(PreparationTest::saysWhy).count();
      }
      assertThat(tries).isGreaterThanOrEqualTo(2);
      assertThat(preparation.isDone()).isFalse();
      assertThat(keys.ready()).isFalse();
      assertThat(keys.jwks().body()).isEqualTo("{\"keys\":[]}");
      preparing.interrupt();
      preparing.join();
    }
    assertThat(preparation.isDone()).isFalse();
  }

  private void prepare() {
    try {
      preparation.run(new Random(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean saysWhy(String text) {
    return text.contains("broker.not_prepared")
        && text.contains("nobody listens where the database should be");
  }
}
