package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.identity.Verification;
import io.daypass.policy.Circumstances;
import io.daypass.web.Answer;
import io.daypass.web.Bearer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Limits;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lets in who proves who they are.
 *
 * @param verify turns a token into a caller, or says why not
 * @param seen told of every caller that was let in
 * @param now the database's clock
 */
public record Door(
    Function<String, Verification> verify,
    Consumer<Caller> seen,
    Limits limits,
    InstantSource now) {

  /** What is done for somebody who was let in. */
  @FunctionalInterface
  public interface Work {
    Answer of(Call call, Caller caller);
  }

  /** {@code work}, for verified callers only. */
  public Route.Handler callers(Work work) {
    return call -> {
      // Before any work on signatures: who failed too often waits.
      var wait = limits.mayTry(call.peer());
      if (wait.isPresent()) {
        return tooManyFailures(wait.get()).answer();
      }
      return switch (Bearer.of(call)) {
        case Bearer.None _ -> missing().answer();
        case Bearer.Malformed _ -> failed(call, malformed());
        case Bearer.Token(var token) -> enter(call, token, work);
      };
    };
  }

  /** The same, so often per minute as a person may decide. */
  public Route.Handler deciders(Work work) {
    return limited(caller -> limits.decision(caller.id()), work);
  }

  /** The same, so often per minute as somebody may take credentials. */
  public Route.Handler takers(Work work) {
    return limited(limits::issuance, work);
  }

  /** When and from where {@code call} came. */
  public Circumstances circumstances(Call call) {
    return new Circumstances(now.instant(), call.peer());
  }

  private Route.Handler limited(Function<Caller, Optional<Duration>> limit, Work work) {
    return callers((call, caller) ->
        limit
            .apply(caller)
            .map(wait -> Translation.tooMany(wait).answer())
            .orElseGet(() -> work.of(call, caller)));
  }

  private Answer enter(Call call, String token, Work work) {
    return switch (verify.apply(token)) {
      case Verification.Rejected(var reason) -> failed(call, Translation.of(reason));
      case Verification.Unavailable(var issuer) -> Translation.issuerUnavailable(issuer).answer();
      case Verification.Verified(var caller) -> {
        seen.accept(caller);
        yield work.of(call, caller);
      }
    };
  }

  private Answer failed(Call call, Problem problem) {
    limits.failedBy(call.peer());
    return problem.answer();
  }

  private static Problem missing() {
    return Problem.of(
        Code.CREDENTIALS_MISSING,
        "the call carries no Authorization",
        "send Authorization: Bearer with a token of a configured issuer");
  }

  private static Problem malformed() {
    return Problem.of(
        Code.AUTHORIZATION_MALFORMED,
        "the Authorization is not exactly one Bearer, one space and one token",
        "send it once, as Authorization: Bearer <token>");
  }

  private static Problem tooManyFailures(Duration wait) {
    return Problem.of(
            Code.TOO_MANY_FAILURES, "too many tokens from your address were refused", "wait")
        .after(wait);
  }
}
