package io.daypass.web;

import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What anybody may ask of a replica without signing in. */
public final class Operations {

  private Operations() {}

  /**
   * The public documents.
   *
   * @param discovery of Daypass as issuer; empty while no key is loaded
   * @param jwks its keys; empty while none is loaded
   * @param daypass what the command line needs to sign in
   */
  public record Documents(
      Supplier<Optional<Document>> discovery,
      Supplier<Optional<Document>> jwks,
      Document daypass,
      Document openapi) {}

  /** Liveness and readiness. */
  public static List<Route> health(Readiness readiness) {
    Route.Handler alive = _ -> Answer.json(200, "{\"alive\":true}");
    Route.Handler ready = _ -> readiness.answer();
    // Load balancers and monitors like to ask by HEAD.
    return List.of(
        new Route("GET", "/healthz", Lane.MEMORY, Body.NONE, alive),
        new Route("HEAD", "/healthz", Lane.MEMORY, Body.NONE, alive),
        new Route("GET", "/readyz", Lane.OPERATIONS, Body.NONE, ready),
        new Route("HEAD", "/readyz", Lane.OPERATIONS, Body.NONE, ready));
  }

  public static List<Route> metrics(Metrics metrics) {
    return List.of(new Route("GET", "/metrics", Lane.OPERATIONS, Body.NONE, _ -> metrics.scrape()));
  }

  /** Discovery, keys, and descriptions: from memory, also while the database is down. */
  public static List<Route> documents(Documents documents) {
    var routes = new ArrayList<Route>();
    add(routes, "/.well-known/openid-configuration", documents.discovery());
    add(routes, "/.well-known/jwks.json", documents.jwks());
    add(routes, "/.well-known/daypass", () -> Optional.of(documents.daypass()));
    add(routes, "/openapi.yaml", () -> Optional.of(documents.openapi()));
    return routes;
  }

  private static void add(List<Route> routes, String path, Supplier<Optional<Document>> document) {
    Route.Handler handler =
        call ->
            document
                .get()
                .map(found -> found.answer(call.header("if-none-match")))
                .orElseGet(() -> noKeys().answer());
    routes.add(new Route("GET", path, Lane.MEMORY, Body.NONE, handler));
    routes.add(new Route("HEAD", path, Lane.MEMORY, Body.NONE, handler));
  }

  private static Problem noKeys() {
    return Problem.of(
            Code.KEYS_UNAVAILABLE,
            "no signing key has been loaded since the start",
            "try again in a moment")
        .after(java.time.Duration.ofSeconds(2));
  }
}
