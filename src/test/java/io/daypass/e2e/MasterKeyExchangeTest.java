package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.Files600;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new master key takes the old one's place while the replicas go on. */
class MasterKeyExchangeTest {

  private static final Pattern KEY_FILE = Pattern.compile("(?m)^master-key-file: \"(.*)\"$");

  @TempDir private Path home;

  private World world;
  private String old;
  private String next;

  @BeforeEach
  void start() throws Exception {
    world = World.busy("info");
    var named = KEY_FILE.matcher(world.settings());
    assertThat(named.find()).isTrue();
    old = named.group(1);
    next = newKey("next.key");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private String newKey(String name) throws Exception {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    var file = home.resolve(name);
    Files600.write(file, Base64.getEncoder().encodeToString(key));
    return file.toString();
  }

  private static String only(String settings, String key) {
    return KEY_FILE.matcher(settings).replaceAll("master-key-file: \"" + key + "\"");
  }

  private static String both(String settings, String key, String previous) {
    return only(settings, key) + "\nprevious-master-key-file: \"" + previous + "\"\n";
  }

  private static String elsewhere(String settings) {
    return settings.replaceFirst("listen: \"127.0.0.1:[0-9]+\"", "listen: \"127.0.0.1:0\"");
  }

  private Replica.Ended run(String settings, String... command) throws Exception {
    var file = Files.writeString(home.resolve("daypass.yaml"), settings);
    var line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--config", file.toString()));
    return Replica.run(line.toArray(String[]::new));
  }

  private static List<String> kids(Replica replica) {
    return replica.api().get("/.well-known/jwks.json").is(200).list("keys").stream()
        .map(key -> key.getString("kid"))
        .toList();
  }

  @Test
  void no_mint_fails_while_it_is_exchanged_replica_by_replica() throws Exception {
    var first = world.replica().awaitReady();
    var kids = kids(first);
    assertThat(kids).hasSize(2);
    var asked = new AtomicReference<>(List.of(first));
    var over = new AtomicBoolean();
    var failures = new ConcurrentLinkedQueue<String>();
    var minted = new ConcurrentLinkedQueue<Replica>();
    var issuing =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                for (var replica : asked.get()) {
                  var answer = replica.api().credentials("worker", world.pod());
                  if (answer.status() == 200) {
                    minted.add(replica);
                  } else {
                    failures.add(answer.status() + answer.body());
                  }
                }
              }
            },
            Thread::startVirtualThread);

    // The new key alone opens nothing yet.
    var early = run(elsewhere(only(world.settings(), next)), "serve");
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.text())
        .contains("do not open with the master key", "previous-master-key-file");

    var second = world.replica(settings -> both(settings, next, old)).awaitReady();
    asked.set(List.of(first, second));
    assertThat(kids(second)).isEqualTo(kids);
    var both = both(world.settings(), next, old);
    assertThat(run(both, "doctor", "worker").text())
        .contains("previous-master-key wraps 2 of 2 signing keys", "daypass keys rewrap");

    var wrapped = run(both, "keys", "rewrap");
    assertThat(wrapped.code()).as(wrapped.text()).isZero();
    for (var kid : kids) {
      assertThat(wrapped.text()).contains("wrapped " + kid);
    }
    assertThat(wrapped.text()).contains("all 2 signing keys", "take previous-master-key out");
    assertThat(rewrapped()).containsExactlyInAnyOrderElementsOf(kids);

    // Who has not been told of the new key goes on with what is in memory, and says what is wrong.
    Until.holds("the first has looked", () -> first.log().contains("issuer.key.unopened"));
    assertThat(first.log()).doesNotContain("\tat ");
    var third = world.replica(settings -> only(settings, next)).awaitReady();
    asked.set(List.of(first, second, third));
    assertThat(kids(third)).isEqualTo(kids);
    minted.clear();
    Until.holds("all mint", () -> minted.containsAll(List.of(first, second, third)));
    over.set(true);
    issuing.join();
    assertThat(failures).isEmpty();

    var again = run(both, "keys", "rewrap");
    assertThat(again.text())
        .contains("all 2 signing keys")
        .doesNotContain("wrapped " + kids.getFirst());
    assertThat(run(both, "doctor", "worker").text())
        .contains("no signing key needs previous-master-key any more");
    assertThat(run(only(world.settings(), next), "doctor", "worker").text())
        .doesNotContain("previous-master-key");
    // The old one is good for nothing any more.
    first.kill();
    first.startAgain();
    assertThat(first.awaitEnd(Until.LONG)).isEqualTo(1);
  }

  private List<String> rewrapped() throws Exception {
    var entries =
        world.records.texts(
            "SELECT convert_from(canonical, 'UTF8') FROM daypass.ledger_entry"
                + " WHERE kind = 'keys_rewrapped'");
    assertThat(entries).hasSize(1);
    return new JsonObject(entries.getFirst())
        .getJsonObject("detail").getJsonArray("kids").stream().map(String::valueOf).toList();
  }
}
