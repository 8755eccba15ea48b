package io.daypass.web.pages;

import io.daypass.policy.Circumstances;
import io.daypass.policy.Durations;
import io.daypass.request.AccessRequest;
import io.daypass.web.Answer;
import io.daypass.web.Problem;
import io.daypass.web.api.RequestListing;
import io.daypass.web.api.RequestListing.Listed;
import io.daypass.web.pages.view.Form.Field;
import io.daypass.web.pages.view.Form.Field.Kind;
import io.daypass.web.pages.view.RequestsView;
import io.daypass.web.pages.view.RequestsView.Choice;
import io.daypass.web.pages.view.RequestsView.Line;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All requests that the viewer may see, also those that are over. */
record RequestsPage(Templates templates, RequestListing listing, InstantSource clock) {

  private static final String PATH = "/requests";
  private static final Map<String, String> EVERY = Map.of();

  Answer of(Visit visit) {
    var now = new Circumstances(clock.instant(), visit.call().peer());
    var chosen = Chosen.of(visit.call());
    return switch (listing.list(visit.caller(), chosen::value, now)) {
      case Listed.No(var problem) ->
          templates.page("requests", view(visit, chosen, problem, List.of(), null), problem);
      case Listed.Page(var requests, var cursor) -> {
        var lines = requests.stream().map(request -> line(request, now.now())).toList();
        var more = cursor == null ? null : chosen.with("cursor", cursor).at(PATH);
        yield templates.page("requests", view(visit, chosen, null, lines, more));
      }
    };
  }

  private RequestsView view(
      Visit visit,
      Chosen chosen,
      @Nullable Problem problem,
      List<Line> lines,
      @Nullable String more) {
    return new RequestsView(
        templates.frame("Requests", visit),
        problem == null ? null : Templates.notice(problem),
        List.of(
            whose("All you may see", chosen, EVERY),
            whose("Your own", chosen, Map.of("mine", "true")),
            whose("Waiting for your decision", chosen, Map.of("to_decide", "true"))),
        fields(chosen),
        kept(chosen),
        lines,
        chosen.none(),
        more);
  }

  /** The same list of others; it begins at its first page. */
  private static Choice whose(String label, Chosen chosen, Map<String, String> flags) {
    var those = new HashMap<>(chosen.parameters());
    those.keySet().removeAll(List.of("mine", "to_decide", "cursor"));
    those.putAll(flags);
    return new Choice(label, new Chosen(those).at(PATH), kept(chosen).equals(flags));
  }

  /** What the form hands on unseen. */
  private static Map<String, String> kept(Chosen chosen) {
    var kept = new HashMap<String, String>();
    for (var flag : List.of("mine", "to_decide")) {
      chosen.value(flag).filter("true"::equals).ifPresent(value -> kept.put(flag, value));
    }
    return kept;
  }

  private static List<Field> fields(Chosen chosen) {
    var states = new ArrayList<String>();
    states.add("");
    states.addAll(RequestListing.states());
    return List.of(
        field("state", "State", Kind.CHOICE, chosen, states),
        field("role", "Role", Kind.LINE, chosen, List.of()),
        field("id", "Id starts with", Kind.LINE, chosen, List.of()));
  }

  private static Field field(
      String name, String label, Kind kind, Chosen chosen, List<String> options) {
    var value = chosen.value(name).orElse("");
    return new Field(name, label, kind, value, null, false, options);
  }

  private static Line line(AccessRequest request, Instant now) {
    var ends = request.times().grantEnds();
    return new Line(
        request.id().value(),
        request.role(),
        Shown.state(request, now),
        Shown.person(request.requester()),
        Durations.show(request.agreedDuration()),
        ends == null || request.ending() != null ? null : Shown.moment(ends, now),
        Shown.cut(request.wish().reason()),
        Shown.moment(request.times().madeAt(), now));
  }
}
