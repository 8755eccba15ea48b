package io.daypass.e2e;

import io.daypass.sandbox.run.CannotRun;
import java.io.IOException;
import java.util.List;

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

  /** Nobody holds or waits for what another class has left; which ones ran before, nobody knows. */
  static void forgetGrants() {
    for (var name : List.of("alice", "bob", "carol", "dave")) {
      var person = WORLD.person(name);
      end(person, "approved", "return");
      end(person, "pending", "cancel");
    }
  }

  private static void end(String person, String state, String act) {
    var left = api().get("/v1/requests?mine=true&state=" + state, person).is(200);
    for (var request : left.list("requests")) {
      api().on(request.getString("id"), act, person).is(200);
    }
  }
}
