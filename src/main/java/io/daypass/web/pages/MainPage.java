package io.daypass.web.pages;

import io.daypass.policy.Circumstances;
import io.daypass.policy.Durations;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestReader;
import io.daypass.request.RequestReader.Filter;
import io.daypass.request.RunOrigin;
import io.daypass.web.Answer;
import io.daypass.web.api.RoleBook;
import io.daypass.web.pages.view.MainView;
import io.daypass.web.pages.view.MainView.Own;
import io.daypass.web.pages.view.MainView.Waiting;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What waits for the viewer, what they have, and what they may ask for. */
record MainPage(
    Templates templates, RequestReader reader, RoleBook book, MayDo mayDo, InstantSource clock) {

  private static final int MOST = 50;

  Answer of(Visit visit) {
    var now = new Circumstances(clock.instant(), visit.call().peer());
    var caller = visit.caller();
    var waiting = reader.list(caller, new Filter(null, null, false, true, null, MOST), now);
    var own = new ArrayList<AccessRequest>();
    for (var status : List.of(Status.APPROVED, Status.PENDING)) {
      own.addAll(
          reader.list(caller, new Filter(status, null, true, false, null, MOST), now).requests());
    }
    var view =
        new MainView(
            templates.frame("Your access", visit),
            waiting.requests().stream().map(request -> waiting(request, now.now())).toList(),
            waiting.next() != null,
            own.stream().map(request -> own(visit, request, now.now())).toList(),
            book.requestable(caller.identity(), now).stream().map(Shown::role).toList());
    return templates.page("main", view);
  }

  private static Waiting waiting(AccessRequest request, Instant now) {
    var origin = RunOrigin.of(request.requester());
    return new Waiting(
        request.id().value(),
        request.role(),
        Shown.person(request.requester()),
        origin.map(RunOrigin::repository).map(Shown::cut).orElse(null),
        Durations.show(request.agreedDuration()),
        Shown.cut(request.wish().reason()),
        Shown.moment(request.times().madeAt(), now));
  }

  private Own own(Visit visit, AccessRequest request, Instant now) {
    var ends = request.times().grantEnds();
    return new Own(
        request.id().value(),
        request.role(),
        Shown.state(request, now),
        ends == null,
        Shown.moment(ends == null ? request.times().lapsesAt() : ends, now),
        Shown.cut(request.wish().reason()),
        mayDo.atOnce(visit.caller(), request, now));
  }
}
