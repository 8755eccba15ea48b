package io.daypass.sandbox.http;

import io.vertx.core.Future;

/** Answers one kind of request, without blocking. */
@FunctionalInterface
public interface Endpoint {

  Future<Reply> answer(Ask ask);

  /** An endpoint that has its answer at once. */
  static Endpoint now(java.util.function.Function<Ask, Reply> answer) {
    return ask -> Future.succeededFuture(answer.apply(ask));
  }
}
