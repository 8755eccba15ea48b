package io.daypass.web.compat;

import io.daypass.issuance.Issuance;
import io.daypass.issuance.Recognition;
import io.daypass.policy.Policies;
import io.daypass.web.Route;
import io.daypass.web.api.Aftermath;
import io.daypass.web.api.Door;
import io.daypass.web.api.Show;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Three more ways to the one path, each in the dialect of a client that is already there: token
 * exchange, AWS STS, container credentials. None of them decides anything.
 */
public final class Compat {

  private Compat() {}

  /** What the doors lead to. */
  public record Behind(
      Issuance issuance,
      Recognition recognition,
      Supplier<Policies> policies,
      Aftermath aftermath,
      URI publicUrl) {}

  /** All routes. */
  public static List<Route> routes(Door door, Behind behind) {
    var show = new Show(behind.publicUrl(), behind.policies(), behind.aftermath());
    var targets = new Targets(behind.policies());
    var routes = new ArrayList<Route>();
    routes.addAll(new TokenExchange(door, behind.issuance(), show, targets).routes());
    routes.addAll(new Introspection(door, behind.recognition()).routes());
    var whoAmI = new WhoAmI(door, behind.recognition(), targets);
    routes.addAll(new StsDoor(door, behind.issuance(), show, targets, whoAmI).routes());
    routes.addAll(new ContainerDoor(door, behind.issuance(), show).routes());
    return routes;
  }
}
