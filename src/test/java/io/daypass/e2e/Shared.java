package io.daypass.e2e;

import io.daypass.sandbox.run.CannotRun;
import java.io.IOException;

/** One world with one replica for all classes that break nothing; it ends with the JVM. */
final class Shared {

  private static final World WORLD = start();

  private Shared() {}

  static World world() {
    return WORLD;
  }

  private static World start() {
    try {
      var world = World.busy("debug");
      Runtime.getRuntime().addShutdownHook(new Thread(world::close));
      Forgeries.publishWeakKey(world);
      world.replica().awaitReady();
      return world;
    } catch (IOException | CannotRun e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static Api api() {
    return WORLD.replicas().getFirst().api();
  }
}
