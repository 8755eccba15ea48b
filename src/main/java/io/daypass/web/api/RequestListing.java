package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.policy.Circumstances;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestId;
import io.daypass.request.RequestReader;
import io.daypass.request.RequestReader.Filter;
import io.daypass.request.RequestStore.Position;
import io.daypass.web.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists of requests, chosen by the same words over the API and on a page. */
public record RequestListing(RequestReader reader, Cursors cursors) {

  private static final int PAGE = 50;
  private static final String LIST = "requests";
  private static final Set<String> FLAGS = Set.of("true", "false");
  private static final String[] PARAMETERS = {"state", "role", "mine", "to_decide", "id", "cursor"};

  /** What became of it. */
  public sealed interface Listed {
    /**
     * One page, newest first.
     *
     * @param cursor with which the next one is asked for; null if there is none
     */
    record Page(List<AccessRequest> requests, @Nullable String cursor) implements Listed {
      public Page {
        requests = List.copyOf(requests);
      }
    }

    record No(Problem problem) implements Listed {}
  }

  /** By what requests are chosen. */
  public static String[] parameters() {
    return PARAMETERS.clone();
  }

  /** The words for what a request can be. */
  public static List<String> states() {
    return Stream.of(Status.values()).map(Show::word).toList();
  }

  /** Those that {@code caller} may see, chosen by {@code parameters}. */
  public Listed list(
      Caller caller, Function<String, Optional<String>> parameters, Circumstances now) {
    var problem = unreadable(parameters);
    if (problem.isPresent()) {
      return new Listed.No(problem.get());
    }
    var cursor = parameters.apply("cursor");
    var before =
        cursor
            .flatMap(text -> cursors.read(LIST, caller.id(), text))
            .flatMap(RequestListing::position);
    if (cursor.isPresent() && before.isEmpty()) {
      return new Listed.No(Translation.badCursor());
    }
    var page = reader.list(caller, filter(parameters, before.orElse(null)), now);
    var next = page.next();
    return new Listed.Page(
        page.requests(),
        next == null ? null : cursors.sign(LIST, caller.id(), next.madeAt() + " " + next.id()));
  }

  private static Optional<Problem> unreadable(Function<String, Optional<String>> parameters) {
    var state = parameters.apply("state");
    if (state.isPresent() && state.flatMap(RequestListing::status).isEmpty()) {
      return no("state", "one of " + String.join(", ", states()));
    }
    for (var flag : List.of("mine", "to_decide")) {
      if (!FLAGS.contains(parameters.apply(flag).orElse("false"))) {
        return no(flag, "true or false");
      }
    }
    if (!Texts.isRole(parameters.apply("role").orElse("any"))) {
      return no("role", "the name of a role");
    }
    return RequestId.isStart(parameters.apply("id").orElse("0"))
        ? Optional.empty()
        : no("id", "how the id of a request starts");
  }

  private static Optional<Problem> no(String parameter, String what) {
    return Optional.of(Translation.invalid(parameter, what));
  }

  private static Filter filter(
      Function<String, Optional<String>> parameters, @Nullable Position before) {
    return new Filter(
        parameters.apply("state").flatMap(RequestListing::status).orElse(null),
        parameters.apply("role").orElse(null),
        parameters.apply("mine").filter("true"::equals).isPresent(),
        parameters.apply("to_decide").filter("true"::equals).isPresent(),
        parameters.apply("id").orElse(null),
        before,
        PAGE);
  }

  private static Optional<Status> status(String text) {
    return Stream.of(Status.values()).filter(status -> Show.word(status).equals(text)).findFirst();
  }

  private static Optional<Position> position(String text) {
    var parts = text.split(" ", -1);
    return parts.length != 2
        ? Optional.empty()
        : Texts.instant(parts[0])
            .flatMap(at -> RequestId.parse(parts[1]).map(id -> new Position(at, id)));
  }
}
