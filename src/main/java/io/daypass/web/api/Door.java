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
import io.daypass.web.Passage;
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

  /** {@code work} that reads, for verified callers only, so much at once as one may have. */
  public Route.Handler callers(Work work) {
    return through(
        bearers(
            this::enter,
            (call, caller) ->
                limits.reading(
                    caller,
                    () -> work.of(call, caller),
                    wait -> Translation.tooManyAtOnce(wait).answer())));
  }

  /** {@code work}, for verified callers only, so often per minute as a person may decide. */
  public Passage.Gate deciders(Work work) {
    return bearers(
        (call, token) -> limited(enter(call, token), caller -> limits.decision(caller.id())), work);
  }

  /** The same, also for workloads that wait, with a poll token of the request that they end. */
  public Passage.Gate withdrawers(Work work) {
    var callers = bearers((call, token) -> limited(enter(call, token), limits::withdrawal), work);
    var carried =
        through(
            bearers(
                (call, token) -> limited(carriedOr(call, token, polls::verify), limits::withdrawal),
                work));
    // Anybody can make one up, and only the database knows better.
    return call ->
        carries(call)
            ? new Passage.Unknown(() -> new Passage.Out(carried.handle(call)))
            : callers.of(call);
  }

  private static boolean carries(Call call) {
    return Bearer.of(call) instanceof Bearer.Token(var token) && PollToken.parse(token).isPresent();
  }

  /** The same, so often per minute as somebody may take credentials. */
  public Route.Handler takers(Work work) {
    return through(bearers((call, token) -> limited(enter(call, token), limits::issuance), work));
  }

  /** The same, also for workloads that wait, with a poll token for the role of the call. */
  public Route.Handler pollers(Function<Call, String> role, Work work) {
    return through(bearers((call, token) -> carried(call, token, role.apply(call)), work));
  }

  /**
   * Lets in who takes a credential of {@code role} with a token that came another way than as a
   * bearer's: an issuer's token or a poll token.
   */
  public Entry taker(Call call, String token, String role) {
    var entry = carried(call, token, role);
    if (entry instanceof Entry.In(var caller)) {
      seen.accept(caller);
    }
    return entry;
  }

  private Entry carried(Call call, String token, String role) {
    return limited(carriedOr(call, token, poll -> polls.verify(poll, role)), limits::issuance);
  }

  private Entry carriedOr(Call call, String token, Function<PollToken, Verification> carried) {
    return PollToken.parse(token)
        .map(poll -> enter(call, () -> carried.apply(poll)))
        .orElseGet(() -> enter(call, token));
  }

  private Entry enter(Call call, String token) {
    // Told by its form, and no failure: nobody looks whose it is.
    return PollToken.parse(token).isPresent()
        ? new Entry.Out(pollToken())
        : enter(call, () -> verify.apply(token));
  }

  /**
   * Whose {@code token} is, which may be one that {@code known} finds in the ledger. Only what is
   * nobody's counts as a failed try.
   */
  public <T> Found<T> find(Call call, String token, Function<String, Optional<T>> known) {
    return limits.<Found<T>>attempt(
        call.peer(),
        () -> whose(call, token, known),
        found -> found instanceof Found.Unknown<?>,
        wait -> new Found.Out<>(tooManyFailures(wait)));
  }

  private <T> Found<T> whose(Call call, String token, Function<String, Optional<T>> known) {
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
      return known.apply(token).<Found<T>>map(Found.Known::new).orElseGet(Found.Unknown::new);
    } catch (StoreUnavailableException _) {
      return new Found.Out<>(Translation.ledgerUnavailable());
    }
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

  private static Route.Handler through(Passage.Gate gate) {
    return call -> gate.of(call).through();
  }

  private Passage.Gate bearers(BiFunction<Call, String, Entry> entry, Work work) {
    return call ->
        switch (Bearer.of(call)) {
          case Bearer.None _ -> new Passage.Out(missing().answer());
          case Bearer.Malformed _ -> new Passage.Out(counted(call, Door::malformed).answer());
          case Bearer.Token(var token) ->
              switch (entry.apply(call, token)) {
                case Entry.Out(var problem) -> new Passage.Out(problem.answer());
                case Entry.In(var caller) -> new Passage.In(() -> let(call, caller, work));
              };
        };
  }

  private Answer let(Call call, Caller caller, Work work) {
    seen.accept(caller);
    return work.of(call, caller);
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
    return limits
        .attempt(
            call.peer(),
            () -> tried(verification.get()),
            Tried::failed,
            wait -> new Tried(new Entry.Out(tooManyFailures(wait)), false))
        .entry();
  }

  /** What a token came to, and whether that was a failure to sign in. */
  private record Tried(Entry entry, boolean failed) {}

  private static Tried tried(Verification verification) {
    return switch (verification) {
      case Verification.Rejected(var reason) ->
          new Tried(new Entry.Out(Translation.of(reason)), true);
      case Verification.Unavailable(var issuer) ->
          new Tried(new Entry.Out(Translation.issuerUnavailable(issuer)), false);
      case Verification.Verified(var caller) -> new Tried(new Entry.In(caller), false);
    };
  }

  /** Something that is no token, which counts as a failed try like a token that is refused. */
  public Problem counted(Call call, Supplier<Problem> failure) {
    return limits.failure(call.peer()).map(Door::tooManyFailures).orElseGet(failure);
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

  private static Problem pollToken() {
    return Problem.of(
        Code.TOKEN_TYPE_NOT_ALLOWED,
        "a poll token takes credentials of the role it was handed out for, and takes its request"
            + " back; it is good for nothing else",
        "send a token of a configured issuer here");
  }

  private static Problem tooManyFailures(Duration wait) {
    return Problem.of(
            Code.TOO_MANY_FAILURES, "too many tokens from your address were refused", "wait")
        .after(wait);
  }
}
