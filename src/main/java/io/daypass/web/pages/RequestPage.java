package io.daypass.web.pages;

import io.daypass.policy.Circumstances;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestId;
import io.daypass.request.RequestReader;
import io.daypass.web.Answer;
import io.daypass.web.api.Translation;
import io.daypass.web.pages.MayDo.Deciding;
import io.daypass.web.pages.view.Fact;
import io.daypass.web.pages.view.Form;
import io.daypass.web.pages.view.Frame;
import io.daypass.web.pages.view.RequestView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, and what the viewer may do about it. */
record RequestPage(
    Templates templates,
    RequestReader reader,
    RequestFacts facts,
    MayDo mayDo,
    InstantSource clock) {

  /** Counts how often a page that waits has looked again. */
  static final String LOOK = "look";

  private static final Duration AGAIN = Duration.ofSeconds(10);
  // Ten minutes: a page that is left open must not keep its viewer signed in.
  private static final int LOOKS = 60;

  Answer of(Visit visit) {
    return of(visit, null);
  }

  /** The page after something that was not done, which it says. */
  Answer of(Visit visit, @Nullable Tried tried) {
    var now = new Circumstances(clock.instant(), visit.call().peer());
    return RequestId.parse(visit.call().segment("id"))
        .flatMap(id -> reader.find(visit.caller(), id, now))
        .map(request -> shown(visit, request, now, tried))
        // What is over may not be theirs to see any more; why their form was not done still is.
        .orElseGet(() ->
            templates.problem(tried == null ? Translation.notFound() : tried.problem(), null));
  }

  private Answer shown(
      Visit visit, AccessRequest request, Circumstances now, @Nullable Tried tried) {
    var view = view(visit, request, now, tried);
    return tried == null
        ? templates.page("request", view)
        : templates.page("request", view, tried.problem());
  }

  private RequestView view(
      Visit visit, AccessRequest request, Circumstances now, @Nullable Tried tried) {
    var at = now.now();
    var caller = visit.caller();
    var id = request.id().value();
    var own = request.requester().id().equals(caller.id());
    var deciding = mayDo.deciding(caller, request, at);
    var forms = mayDo.forms(caller, request, now, tried);
    var usable = own && request.grantAt(at).isPresent();
    return new RequestView(
        templates.frame(
            request.role() + ", request " + id, visit, again(visit, request, now, forms, tried)),
        tried == null ? null : Templates.notice(tried, forms),
        id,
        request.role(),
        Shown.state(request, at),
        about(visit, request, at),
        RequestFacts.origin(request),
        facts.lines(request, at),
        facts.linesNote(request, at),
        facts.after(request, at),
        Story.of(request, at),
        deciding instanceof Deciding.SignInFirst ? "/sign-in?fresh=&to=/requests/" + id : null,
        deciding instanceof Deciding.Closed(var why) ? why : null,
        usable ? facts.commands(request) : List.of(),
        forms);
  }

  private List<Fact> about(Visit visit, AccessRequest request, Instant now) {
    var about = new ArrayList<>(facts.facts(request, now));
    if (visit.readsLedger()) {
      about.add(
          new Fact.Link("In the ledger", "all about it", LedgerPage.about(request.id()), false));
    }
    return about;
  }

  /** Only where nothing is being typed, and not for ever. */
  private static Frame.@Nullable Again again(
      Visit visit,
      AccessRequest request,
      Circumstances now,
      List<Form> forms,
      @Nullable Tried tried) {
    var looks = visit.call().parameter(LOOK).flatMap(RequestPage::number).orElse(0);
    return request.statusAt(now.now()) == Status.PENDING
            && tried == null
            && looks < LOOKS
            && forms.stream().allMatch(form -> form.fields().isEmpty())
        ? new Frame.Again(
            (int) AGAIN.toSeconds(), "/requests/" + request.id() + "?" + LOOK + "=" + (looks + 1))
        : null;
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,4}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }
}
