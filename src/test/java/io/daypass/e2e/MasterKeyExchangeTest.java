package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.Files600;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new master key takes the old one's place while the replicas go on. */
class MasterKeyExchangeTest {

  // Often enough that none of the steps goes by between two of them.
  private static final Duration PACE = Duration.ofMillis(20);
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

  private Replica.Ended run(String settings, String... command) throws Exception {
    var file = Files.writeString(home.resolve("daypass.yaml"), settings);
    var line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--config", file.toString()));
    var ran = Replica.run(line.toArray(String[]::new));
    // A process that is still cold, on a busy machine, may not get its first connection in time: it
    // says so and has done nothing, and somebody would run it again.
    for (var again = 0; again < 3 && ran.text().contains("did not answer"); again++) {
      ran = Replica.run(line.toArray(String[]::new));
    }
    return ran;
  }

  private static List<String> kids(Replica replica) {
    return replica.api().get("/.well-known/jwks.json").is(200).list("keys").stream()
        .map(key -> key.getString("kid"))
        .toList();
  }

  /** Issues at one replica after the other, as behind a balancer, until it is closed. */
  private final class Traffic implements AutoCloseable {

    private final AtomicReference<List<Replica>> asked;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger rounds = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> issuing;

    Traffic(List<Replica> replicas) {
      asked = new AtomicReference<>(replicas);
      issuing = CompletableFuture.runAsync(this::issue, Thread::startVirtualThread);
    }

    private void issue() {
      while (!over.get()) {
        for (var replica : asked.get()) {
          var answer = replica.api().credentials("worker", world.pod());
          if (answer.status() != 200) {
            failures.add(answer.status() + answer.body());
          }
          LockSupport.parkNanos(PACE.toNanos());
        }
        rounds.incrementAndGet();
      }
    }

    /** From now on at these, and each of them was asked since. */
    void goTo(List<Replica> replicas) throws Exception {
      asked.set(replicas);
      var before = rounds.get();
      Until.holds("all of them were asked", () -> rounds.get() > before + 1);
    }

    @Override
    public void close() {
      over.set(true);
      issuing.join();
    }
  }

  /** One after the other is started again with other settings. */
  private void restarted(Traffic traffic, List<Replica> replicas, UnaryOperator<String> change)
      throws Exception {
    for (var replica : replicas) {
      var others = new ArrayList<>(world.replicas());
      others.remove(replica);
      traffic.goTo(others);
      replica.terminate();
      replica.awaitEnd(Until.LONG);
      var settings = Files.readString(replica.settings());
      Files.writeString(
          replica.settings(),
          change.apply(settings.replaceFirst("\nprevious-master-key-file: .*\n", "")));
      replica.startAgain();
      replica.awaitReady();
      traffic.goTo(world.replicas());
    }
  }

  @Test
  void no_mint_fails_while_it_is_exchanged_replica_by_replica() throws Exception {
    // The first is where the clouds look for the keys, so it is the one that stays up.
    var forgotten = world.replica();
    var told = List.of(world.replica());
    for (var replica : world.replicas()) {
      replica.awaitReady();
    }
    var kids = kids(forgotten);
    assertThat(kids).hasSize(2);
    try (var traffic = new Traffic(world.replicas())) {
      notYet(kids);
      var page = pageAt(forgotten, "");
      restarted(traffic, told, settings -> both(settings, next, old));
      page = pageAt(told.getFirst(), page);

      var wrapped = run(both(world.settings(), next, old), "keys", "rewrap");
      assertThat(wrapped.code()).as(wrapped.text()).isZero();
      for (var kid : kids) {
        assertThat(wrapped.text()).contains("wrapped by master-key: " + kid);
      }
      assertThat(wrapped.text())
          .contains("all 2 signing keys are wrapped by master-key now")
          .contains("take previous-master-key out");
      assertThat(rewrapped()).containsExactlyInAnyOrderElementsOf(kids);

      // It goes on with what is in memory, and says what is wrong.
      Until.holds("it has looked", () -> forgotten.log().contains("WrongMasterKeyException"));
      assertThat(forgotten.log()).contains("issuer.key.unopened", "upkeep.failed");
      restarted(traffic, told, settings -> only(settings, next));
      pageAt(told.getLast(), page);
      assertThat(traffic.failures).isEmpty();
    }
    for (var replica : world.replicas()) {
      assertThat(kids(replica)).isEqualTo(kids);
      assertThat(replica.log()).doesNotContain("\tat ");
    }
    assertThat(run(both(world.settings(), next, old), "doctor", "worker").text())
        .contains("master-key wraps all signing keys, previous-master-key none");
    // The old one is good for nothing any more.
    forgotten.kill();
    forgotten.startAgain();
    assertThat(forgotten.awaitEnd(Until.LONG)).isEqualTo(1);
    aStrangersKeyIsInTheWay();
  }

  /** What is not to be done before step 3. */
  private void notYet(List<String> kids) throws Exception {
    var both = both(world.settings(), next, old);
    assertThat(run(both, "doctor", "worker").text())
        .contains("previous-master-key wraps 2 of 2 signing keys", "daypass keys rewrap");
    var rotated = run(both, "keys", "rotate");
    assertThat(rotated.code()).isEqualTo(1);
    assertThat(rotated.text()).contains("run \"daypass keys rewrap\" first");
    var service =
        both.replaceFirst("daypass_owner@", "daypass_app@")
            .replaceFirst("(owner-password-file: \".*)owner-password", "$1app-password");
    var stranger = run(service, "keys", "rewrap");
    assertThat(stranger.code()).isEqualTo(1);
    assertThat(stranger.text()).contains("42501", "that it names the tables' owner");
    assertThat(kids(world.replicas().getFirst())).isEqualTo(kids);
  }

  /** The ledger's page that {@code cursor} leads to; what leads to the next. */
  private String pageAt(Replica replica, String cursor) {
    var path = "/v1/ledger" + (cursor.isEmpty() ? "" : "?cursor=" + cursor);
    return replica.api().get(path, world.person("erin")).is(200).text("cursor");
  }

  private void aStrangersKeyIsInTheWay() throws Exception {
    try (var database = world.records.superuser();
        var statement = database.createStatement()) {
      statement.execute(
          "INSERT INTO daypass.signing_key VALUES ('planted', 'ES256', 'x', '{}', now(), now())");
      var both = both(world.settings(), next, old);
      var stopped = run(both, "keys", "rewrap");
      assertThat(stopped.code()).isEqualTo(1);
      assertThat(stopped.text()).contains("planted", "delete its row of signing_key");
      assertThat(run(both, "doctor", "worker").text())
          .contains("the signing key planted opens with no master key", "delete its row");
    }
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
