package io.daypass.web;

import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One method of one path.
 *
 * @param template the path, with names in braces: {@code /v1/requests/{id}}
 * @param parameters the query parameters it reads; any other is refused, unless it is {@link #ANY}
 * @param refusal how it spells a problem
 * @param deadline null where clients wait for as long as it takes
 * @param gate what the handler does step by step, each in its place; null where it is one step
 */
public record Route(
    String method,
    String template,
    Lane lane,
    Body body,
    Set<String> parameters,
    Handler handler,
    Function<Problem, Answer> refusal,
    @Nullable Deadline deadline,
    Passage.@Nullable Gate gate) {

  /** Every parameter is taken, each once: for what others send, by protocols that grow. */
  public static final Set<String> ANY = Set.of("*");

  public Route {
    parameters = Set.copyOf(parameters);
  }

  /** A route without parameters that spells its refusals as RFC 9457 problems. */
  public Route(String method, String template, Lane lane, Body body, Handler handler) {
    this(method, template, lane, body, Set.of(), handler, Problem::answer, null, null);
  }

  /** The same for those who pass {@code gate}. */
  public static Route gated(
      String method, String template, Lane lane, Body body, Passage.Gate gate) {
    Handler handler = call -> gate.of(call).through();
    return new Route(method, template, lane, body, Set.of(), handler, Problem::answer, null, gate);
  }

  public Route parameters(String... names) {
    return new Route(method, template, lane, body, Set.of(names), handler, refusal, deadline, gate);
  }

  /** With any parameter. */
  public Route anyParameter() {
    return parameters("*");
  }

  /** The parameters that may come; null lets every name come. */
  @Nullable Set<String> known() {
    return parameters.equals(ANY) ? null : parameters;
  }

  public Route refusal(Function<Problem, Answer> spelling) {
    return new Route(method, template, lane, body, parameters, handler, spelling, deadline, gate);
  }

  /**
   * For clients that wait no longer than {@code atMost}: they are told {@code late} then, or what
   * the handler has told {@link Call#waiter()}. The work keeps its place until it is over.
   */
  public Route within(Duration atMost, Answer late) {
    var limit = new Deadline(atMost, late);
    return new Route(method, template, lane, body, parameters, handler, refusal, limit, gate);
  }

  /** How long clients wait, and what they are told then. */
  public record Deadline(Duration atMost, Answer late) {}

  /** Answers a call; blocks as it likes, except on {@link Lane#MEMORY}. */
  @FunctionalInterface
  public interface Handler {
    Answer handle(Call call);
  }

  /** Where a route's work is done, and what it waits behind. */
  public enum Lane {
    /** On the event loop, from memory, to the last moment. Must not block. */
    MEMORY,
    /** Health and metrics: on a thread, in places of their own, to the last moment. */
    OPERATIONS,
    /**
     * What ends access: on a thread, in places of their own. Behind a {@link Passage.Gate} these
     * are for who is known; who calls is seen in other places.
     */
    URGENT,
    /** Everything else: on a thread. */
    WORK
  }

  /** What a route takes as a body. */
  public enum Body {
    NONE,
    /** application/json, or nothing at all. */
    JSON,
    /** application/x-www-form-urlencoded. */
    FORM
  }
}
