package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.LedgerQuery;
import io.daypass.ledger.LedgerQuery.Order;
import io.daypass.ledger.WrittenEntry;
import io.daypass.request.Offices;
import io.daypass.request.RequestId;
import io.daypass.web.Call;
import io.daypass.web.Limits;
import io.daypass.web.Problem;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reading the ledger, over the API and on a page alike: for auditors, and itself written down
 * first.
 *
 * @param clock the database's
 */
public record LedgerReading(
    Ledger ledger,
    Offices offices,
    Cursors cursors,
    Refusals refusals,
    Limits limits,
    InstantSource clock) {

  private static final String[] PARAMETERS = {
    "since", "role", "caller", "kind", "request", "cursor"
  };

  /**
   * What somebody asks for.
   *
   * @param parameters by the names of {@link #parameters}
   * @param limit how many entries a page has at most
   */
  public record Wanted(Function<String, Optional<String>> parameters, Order order, int limit) {}

  /** What became of it. */
  public sealed interface Read {
    /**
     * One page.
     *
     * @param cursor with which the next one is asked for; null if there is none
     */
    record Entries(List<WrittenEntry> entries, @Nullable String cursor) implements Read {
      public Entries {
        entries = List.copyOf(entries);
      }
    }

    record No(Problem problem) implements Read {}
  }

  /** By what entries are chosen. */
  public static String[] parameters() {
    return PARAMETERS.clone();
  }

  public boolean mayRead(Caller caller) {
    return offices.isAuditor(caller.identity(), clock.instant());
  }

  /** Why {@code caller} may not read the ledger, which is then written down; empty if they may. */
  public Optional<Problem> objection(Call call, Caller caller) {
    return mayRead(caller)
        ? Optional.empty()
        : Optional.of(
            refusals.ofReading(
                limits,
                call,
                caller,
                null,
                Translation.notAllowed("only auditors read the ledger")));
  }

  /** The entries that {@code caller} wants, if they are an auditor. */
  public Read read(Call call, Caller caller, Wanted wanted) {
    var problem =
        objection(call, caller)
            .or(() -> unreadable(wanted.parameters()))
            .or(() -> badCursor(caller, wanted));
    if (problem.isPresent()) {
      return new Read.No(problem.get());
    }
    // Each is an entry for good: nobody fills the table by reading.
    var tooOften = limits.reading(caller.id());
    if (tooOften.isPresent()) {
      return new Read.No(Translation.tooMany(tooOften.get()));
    }
    var query = query(caller, wanted);
    record(call, caller, query);
    var entries = ledger.read(query);
    return new Read.Entries(
        entries,
        query.isFilledBy(entries)
            ? cursors.sign(
                list(wanted.order()), caller.id(), Long.toString(entries.getLast().number()))
            : null);
  }

  private static Optional<Problem> unreadable(Function<String, Optional<String>> parameters) {
    return Stream.of(
            check(
                parameters,
                "since",
                text -> Texts.instant(text).isPresent(),
                "an instant such as 2027-01-31T08:00:00Z"),
            check(parameters, "role", Texts::isRole, "the name of a role"),
            check(parameters, "caller", Texts::isCaller, "a subject, or an issuer and a subject"),
            check(
                parameters, "kind", LedgerReading::isKind, "the kind of an entry, such as sealed"),
            check(
                parameters,
                "request",
                text -> RequestId.parse(text).isPresent(),
                "the id of a request"))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Problem> check(
      Function<String, Optional<String>> parameters,
      String name,
      Function<String, Boolean> readable,
      String what) {
    return parameters
        .apply(name)
        .filter(text -> !readable.apply(text))
        .map(_ -> Translation.invalid(name, what));
  }

  private static boolean isKind(String text) {
    return Stream.of(EntryKind.values()).anyMatch(kind -> kind.code().equals(text));
  }

  private Optional<Problem> badCursor(Caller caller, Wanted wanted) {
    return wanted.parameters().apply("cursor").isPresent() && beyond(caller, wanted).isEmpty()
        ? Optional.of(Translation.badCursor())
        : Optional.empty();
  }

  private Optional<Long> beyond(Caller caller, Wanted wanted) {
    return wanted
        .parameters()
        .apply("cursor")
        .flatMap(text -> cursors.read(list(wanted.order()), caller.id(), text))
        .map(Long::parseLong);
  }

  // A place in one order says nothing in the other.
  private static String list(Order order) {
    return switch (order) {
      case OLDEST_FIRST -> "ledger";
      case NEWEST_FIRST -> "ledger, newest first";
    };
  }

  private LedgerQuery query(Caller caller, Wanted wanted) {
    var parameters = wanted.parameters();
    return new LedgerQuery(
        parameters.apply("since").flatMap(Texts::instant).orElse(null),
        parameters.apply("role").orElse(null),
        parameters.apply("caller").orElse(null),
        parameters.apply("kind").orElse(null),
        parameters.apply("request").flatMap(RequestId::parse).orElse(null),
        wanted.order(),
        beyond(caller, wanted).orElseGet(wanted.order()::start),
        wanted.limit());
  }

  /** Reading everybody's record is itself written down, before anything is read. */
  private void record(Call call, Caller caller, LedgerQuery query) {
    var detail = new HashMap<String, Object>();
    detail.put("source_ip", call.peer());
    call.query()
        .forEach((name, value) -> {
          if (!value.isBlank()) {
            detail.put(name, value);
          }
        });
    detail.remove("cursor");
    switch (query.order()) {
      case OLDEST_FIRST -> detail.put("after", query.beyond());
      case NEWEST_FIRST -> {
        if (query.beyond() != query.order().start()) {
          detail.put("before", query.beyond());
        }
      }
    }
    ledger.append(new Entry(EntryKind.LEDGER_READ, null, null, null, caller.id(), detail));
  }
}
