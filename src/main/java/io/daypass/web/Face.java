package io.daypass.web;

import java.util.List;
import java.util.function.Function;

/**
 * What a server shows.
 *
 * @param faults what a caller is told of an exception; must have an answer for every one
 * @param strays how a browser is told that nothing is where it went
 */
public record Face(
    List<Route> routes,
    HttpLimits limits,
    Peers peers,
    Metrics metrics,
    Function<Throwable, Problem> faults,
    Function<Problem, Answer> strays) {

  public Face {
    routes = List.copyOf(routes);
  }
}
