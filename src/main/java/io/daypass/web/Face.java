package io.daypass.web;

import java.util.List;
import java.util.function.Function;

/**
 * What a server shows.
 *
 * @param faults what a caller is told of an exception; must have an answer for every one
 */
public record Face(
    List<Route> routes,
    HttpLimits limits,
    Peers peers,
    Metrics metrics,
    Function<Throwable, Problem> faults) {

  public Face {
    routes = List.copyOf(routes);
  }
}
