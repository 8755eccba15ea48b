package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.identity.PollToken;
import io.daypass.identity.PollVerifier;
import io.daypass.identity.Verification;
import io.daypass.policy.Circumstances;
import io.daypass.request.StoreUnavailableException;
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
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets in who proves who they are.
 *
 * @param verify turns a token into a caller, or says why not
 * @param polls turns a poll token into the caller it was handed out to
 * @param seen told of every caller that was let in
 * @param now the database's clock
 */
public record Door(
    Function<String, Verification> verify,
    PollVerifier polls,
    Consumer<Caller> seen,
    Limits limits,
    InstantSource now) {

  /** What is done for somebody who was let in. */
  @FunctionalInterface
  public interface Work {
    Answer of(Call call, Caller caller);
  }

  /** How often one may ask whether a request that waits is decided. */
  public static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

  /** What became of somebody at the door. */
  public sealed interface Entry {
    record In(Caller caller) implements Entry {}

    record Out(Problem problem) implements Entry {}
  }

  /** Whose a token is. */
  public sealed interface Found<T> {
    /** An issuer made it, for this caller. */
    record In<T>(Caller caller) implements Found<T> {}

    /** It is known here. */
    record Known<T>(T what) implements Found<T> {}

    /** Nobody's. */
    record Unknown<T>() implements Found<T> {}

    /** It was not looked at. */
    record Out<T>(Problem problem) implements Found<T> {}
  }

  /** {@code work}, for verified callers only. */
  public Route.Handler callers(Work work) {
    return bearers((call, token) -> enter(call, token), work);
  }

  /** The same, so often per minute as a person may decide. */
  public Route.Handler deciders(Work work) {
    return bearers(
        (call, token) -> limited(enter(call, token), caller -> limits.decision(caller.id())), work);
  }

  /** The same, also for workloads that wait, with a poll token of the request that they end. */
  public Route.Handler withdrawers(Work work) {
    return bearers(
        (call, token) -> limited(carriedOr(call, token, polls::verify), limits::withdrawal), work);
  }

  /** The same, so often per minute as somebody may take credentials. */
  public Route.Handler takers(Work work) {
    return bearers((call, token) -> limited(enter(call, token), limits::issuance), work);
  }

  /** The same, also for workloads that wait, with a poll token for the role of the call. */
  public Route.Handler pollers(Function<Call, String> role, Work work) {
    return bearers((call, token) -> taker(call, token, role.apply(call)), work);
  }

  /**
   * Lets in who takes a credential of {@code role} with a token that came another way than as a
   * bearer's: an issuer's token or a poll token.
   */
  public Entry taker(Call call, String token, String role) {
    return limited(carriedOr(call, token, poll -> polls.verify(poll, role)), limits::issuance);
  }

  private Entry carriedOr(Call call, String token, Function<PollToken, Verification> carried) {
    return PollToken.parse(token)
        .map(poll -> enter(call, () -> carried.apply(poll)))
        .orElseGet(() -> enter(call, token));
  }

  /** Who {@code token} says somebody is. Counted as any try is, but nothing is taken. */
  public Entry enter(Call call, String token) {
    return enter(call, () -> verify.apply(token));
  }

  /**
   * Whose {@code token} is, which may be one that {@code known} finds in the ledger. Only what is
   * nobody's counts as a failed try.
   */
  public <T> Found<T> find(Call call, String token, Function<String, Optional<T>> known) {
    var wait = limits.mayTry(call.peer());
    if (wait.isPresent()) {
      return new Found.Out<>(tooManyFailures(wait.get()));
    }
    return switch (verify.apply(token)) {
      case Verification.Rejected _ -> known(call, token, known);
      case Verification.Unavailable(var issuer) ->
          new Found.Out<>(Translation.issuerUnavailable(issuer));
      case Verification.Verified(var caller) -> {
        seen.accept(caller);
        yield new Found.In<>(caller);
      }
    };
  }

  private <T> Found<T> known(Call call, String token, Function<String, Optional<T>> known) {
    var wait = limits.look(call.peer());
    if (wait.isPresent()) {
      return new Found.Out<>(Translation.tooMany(wait.get()));
    }
    try {
      var found = known.apply(token);
      if (found.isPresent()) {
        return new Found.Known<>(found.get());
      }
    } catch (StoreUnavailableException _) {
      return new Found.Out<>(Translation.ledgerUnavailable());
    }
    limits.failedBy(call.peer());
    return new Found.Unknown<>();
  }

  /** What a caller is told whose request still waits, if its poll token came too soon. */
  public Optional<Problem> tooSoon(Caller caller) {
    return switch (caller.token().use()) {
      case SINGLE_USE, REUSABLE, SESSION -> Optional.empty();
      case CARRIES_ON -> limits.poll(caller, POLL_INTERVAL).map(Translation::slowDown);
    };
  }

  /** When and from where {@code call} came. */
  public Circumstances circumstances(Call call) {
    return new Circumstances(now.instant(), call.peer());
  }

  private Route.Handler bearers(BiFunction<Call, String, Entry> entry, Work work) {
    return call ->
        switch (Bearer.of(call)) {
          case Bearer.None _ -> missing().answer();
          case Bearer.Malformed _ -> counted(call, Door::malformed).answer();
          case Bearer.Token(var token) ->
              switch (entry.apply(call, token)) {
                case Entry.Out(var problem) -> problem.answer();
                case Entry.In(var caller) -> work.of(call, caller);
              };
        };
  }

  private static Entry limited(Entry entry, Function<Caller, Optional<Duration>> limit) {
    return switch (entry) {
      case Entry.Out out -> out;
      case Entry.In(var caller) ->
          limit
              .apply(caller)
              .<Entry>map(wait -> new Entry.Out(Translation.tooMany(wait)))
              .orElse(entry);
    };
  }

  private Entry enter(Call call, Supplier<Verification> verification) {
    // Before any work on signatures: who failed too often waits.
    var wait = limits.mayTry(call.peer());
    if (wait.isPresent()) {
      return new Entry.Out(tooManyFailures(wait.get()));
    }
    return switch (verification.get()) {
      case Verification.Rejected(var reason) -> {
        limits.failedBy(call.peer());
        yield new Entry.Out(Translation.of(reason));
      }
      case Verification.Unavailable(var issuer) ->
          new Entry.Out(Translation.issuerUnavailable(issuer));
      case Verification.Verified(var caller) -> {
        seen.accept(caller);
        yield new Entry.In(caller);
      }
    };
  }

  /** Something that is no token, which counts as a failed try like a token that is refused. */
  public Problem counted(Call call, Supplier<Problem> failure) {
    var wait = limits.mayTry(call.peer());
    if (wait.isPresent()) {
      return tooManyFailures(wait.get());
    }
    limits.failedBy(call.peer());
    return failure.get();
  }

  /** What is told who brings nothing. */
  public static Problem missing() {
    return Problem.of(
        Code.CREDENTIALS_MISSING,
        "the call carries no Authorization",
        "send Authorization: Bearer with a token of a configured issuer");
  }

  /** What is told who brings something else than a token. */
  public static Problem malformed() {
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
