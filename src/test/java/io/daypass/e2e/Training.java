package io.daypass.e2e;

import io.daypass.sandbox.run.CannotRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One broker in use, from the first migration of its database to its end in order: what tests do
 * with most of theirs. Its JVM may keep what it learned by it.
 */
final class Training {

  private final World world;
  private final Process broker;
  private final Path log;
  private final Api api;

  private Training(World world, Function<Path, ProcessBuilder> program) throws IOException {
    this.world = world;
    this.log = world.folder.file("training.log");
    this.api = new Api(world.url());
    this.broker =
        program
            .apply(Files.writeString(world.folder.file("training.yaml"), world.settings()))
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(broker::destroyForcibly));
  }

  /** Starts the broker that {@code program} makes of settings, uses it and ends it. */
  static void of(Function<Path, ProcessBuilder> program) throws IOException, InterruptedException {
    try (var world = World.busy("info")) {
      var training = new Training(world, program);
      try {
        training.use();
        training.end();
      } finally {
        training.broker.destroyForcibly().onExit().join();
      }
    } catch (CannotRun e) {
      throw new IllegalStateException(e);
    }
  }

  private void use() throws InterruptedException {
    Until.holds(
        "the broker that is trained is ready",
        Duration.ofSeconds(60),
        () -> {
          if (!broker.isAlive()) {
            throw new IllegalStateException("it ended: " + Files.readString(log));
          }
          return api.isReady();
        });
    var request = world.approved(api, "10m", "a training");
    api.credentials("prod-readonly", world.person("alice")).is(200);
    for (var door : Doorway.values()) {
      door.ask(api, "worker", world.pod()).is(200);
    }
    var nightly = world.sandbox.kubernetes().token(world.url(), "reports", "nightly");
    api.credentials(World.AZURE_NIGHTLY, nightly).is(200);
    api.on(request, "revoke", world.person("bob"), "reason", "it was a training").is(200);
    api.get("/v1/ledger", world.person("erin")).is(200);
  }

  private void end() throws IOException, InterruptedException {
    // By its handle, or what it still says could not be read. What it keeps takes it a while.
    broker.toHandle().destroy();
    if (!broker.waitFor(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException("it did not end: " + Files.readString(log));
    }
  }
}
