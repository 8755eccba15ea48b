package io.daypass.web.pages;

import io.daypass.identity.CallerId;
import io.daypass.ledger.CheckpointStore;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.LedgerQuery.Order;
import io.daypass.ledger.WrittenEntry;
import io.daypass.request.RequestId;
import io.daypass.web.Answer;
import io.daypass.web.Problem;
import io.daypass.web.api.LedgerReading;
import io.daypass.web.api.LedgerReading.Read;
import io.daypass.web.api.Show;
import io.daypass.web.api.Translation;
import io.daypass.web.pages.view.Fact;
import io.daypass.web.pages.view.Form.Field;
import io.daypass.web.pages.view.Form.Field.Kind;
import io.daypass.web.pages.view.LedgerView;
import io.daypass.web.pages.view.LedgerView.Line;
import io.daypass.web.pages.view.LedgerView.Proof;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ledger, for auditors: whatever happened, chosen as over the API. */
record LedgerPage(
    Templates templates, LedgerReading reading, CheckpointStore checkpoints, InstantSource clock) {

  static final String PATH = "/ledger";

  private static final int MOST = 50;
  private static final String NEWEST = "newest first";
  private static final String OLDEST = "oldest first";
  private static final List<String> COMMANDS =
      List.of("daypass audit verify", "daypass audit export --output ledger.jsonl");

  static String[] parameters() {
    return Stream.concat(Stream.of(LedgerReading.parameters()), Stream.of("order"))
        .toArray(String[]::new);
  }

  /** Where the entries about one request are. */
  static String about(RequestId request) {
    return new Chosen(Map.of("request", request.value(), "order", OLDEST)).at(PATH);
  }

  Answer of(Visit visit) {
    var problem = reading.objection(visit.call(), visit.caller());
    return problem.isPresent()
        ? templates.problem(problem.get(), null)
        : shown(visit, Chosen.of(visit.call()));
  }

  private Answer shown(Visit visit, Chosen chosen) {
    return switch (read(visit, chosen)) {
      case Read.No(var problem) ->
          templates.page("ledger", view(visit, chosen, problem, List.of(), null), problem);
      case Read.Entries(var entries, var cursor) -> {
        var more = cursor == null ? null : chosen.with("cursor", cursor).at(PATH);
        yield templates.page("ledger", view(visit, chosen, null, entries, more));
      }
    };
  }

  private Read read(Visit visit, Chosen chosen) {
    return order(chosen)
        .map(order ->
            reading.read(
                visit.call(),
                visit.caller(),
                new LedgerReading.Wanted(name -> sent(chosen, name), order, MOST)))
        .orElseGet(() ->
            new Read.No(Translation.invalid("order", "\"" + NEWEST + "\" or \"" + OLDEST + "\"")));
  }

  private static Optional<String> sent(Chosen chosen, String name) {
    return name.equals("since") ? chosen.value(name).map(Filled::instant) : chosen.value(name);
  }

  private static Optional<Order> order(Chosen chosen) {
    return switch (chosen.value("order").orElse(NEWEST)) {
      case NEWEST -> Optional.of(Order.NEWEST_FIRST);
      case OLDEST -> Optional.of(Order.OLDEST_FIRST);
      default -> Optional.empty();
    };
  }

  private LedgerView view(
      Visit visit,
      Chosen chosen,
      @Nullable Problem problem,
      List<WrittenEntry> entries,
      @Nullable String more) {
    return new LedgerView(
        templates.frame("Ledger", visit),
        problem == null ? null : Templates.notice(problem),
        fields(chosen),
        entries.stream().map(LedgerPage::line).toList(),
        chosen.none(),
        more,
        proof(),
        COMMANDS);
  }

  private static List<Field> fields(Chosen chosen) {
    var kinds = new ArrayList<String>();
    kinds.add("");
    Stream.of(EntryKind.values()).map(EntryKind::code).forEach(kinds::add);
    return List.of(
        field(chosen, "since", "Since", Kind.MOMENT, List.of()),
        field(chosen, "kind", "Kind", Kind.CHOICE, kinds),
        field(chosen, "caller", "Caller", Kind.LINE, List.of()),
        field(chosen, "role", "Role", Kind.LINE, List.of()),
        field(chosen, "request", "Request", Kind.LINE, List.of()),
        field(chosen, "order", "Order", Kind.CHOICE, List.of(NEWEST, OLDEST)));
  }

  private static Field field(
      Chosen chosen, String name, String label, Kind kind, List<String> options) {
    var value = chosen.value(name).orElse("");
    return new Field(
        name, label, kind, kind == Kind.MOMENT ? Filled.local(value) : value, null, false, options);
  }

  private static Line line(WrittenEntry entry) {
    var caller = entry.caller();
    var request = entry.request();
    var said = Show.detail(entry);
    return new Line(
        entry.number(),
        Shown.past(entry.at()),
        entry.kind(),
        caller == null ? null : by(caller),
        Shown.cutOrNull(entry.role()),
        request == null ? null : request.value(),
        Gist.of(entry.kind(), said),
        details(entry, said));
  }

  private static Fact.Link by(CallerId caller) {
    var id = caller.issuer() + " " + caller.subject();
    return new Fact.Link("Caller", Shown.cut(id), new Chosen(Map.of("caller", id)).at(PATH), false);
  }

  private static List<Fact> details(WrittenEntry entry, Map<String, String> said) {
    var details = new ArrayList<Fact>();
    said.forEach((name, text) -> details.add(new Fact.Said(name, text)));
    var issuance = entry.issuance();
    if (issuance != null) {
      details.add(new Fact.Code("issuance", issuance.toString()));
    }
    details.add(new Fact.Code("sha256", entry.sha256()));
    return details;
  }

  private @Nullable Proof proof() {
    var now = clock.instant();
    return checkpoints
        .latest()
        .map(kept ->
            new Proof(
                kept.checkpoint().size(), kept.checkpoint().root(), Shown.exact(kept.at(), now)))
        .orElse(null);
  }
}
