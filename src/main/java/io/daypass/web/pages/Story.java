package io.daypass.web.pages;

import io.daypass.policy.Durations;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Ending;
import io.daypass.request.Approval;
import io.daypass.web.pages.view.RequestView.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to a request, in the order in which it did. */
final class Story {

  private record Dated(Instant at, Event event) {}

  private final List<Dated> events = new ArrayList<>();

  private Story() {}

  static List<Event> of(AccessRequest request, Instant now) {
    var story = new Story();
    story.asked(request);
    request.approvals().forEach(story::decided);
    story.ran(request, now);
    return story.events.stream()
        // Stable: what happened within a second, which is as fine as grants are, stays in the order
        // in which it is told.
        .sorted(Comparator.comparing(dated -> dated.at().truncatedTo(ChronoUnit.SECONDS)))
        .map(Dated::event)
        .toList();
  }

  private void asked(AccessRequest request) {
    var at = request.times().madeAt();
    var who = Shown.person(request.requester());
    var asked = "asked for " + Durations.show(request.wish().duration());
    events.add(new Dated(at, new Event(Shown.past(at), who, asked, null)));
    if (request.basis().lines().isEmpty()) {
      add(at, "approved at once by the rule “" + request.basis().rule() + "”", null);
    }
  }

  private void decided(Approval approval) {
    var shorter = approval.shortenedTo();
    var what =
        switch (approval.verdict()) {
          case APPROVE -> shorter == null ? "approved" : "approved " + Durations.show(shorter);
          case DENY -> "denied";
        };
    var who = Shown.person(approval.approver().identity());
    var comment = approval.comment();
    var said = comment == null || comment.isBlank() ? null : comment;
    events.add(new Dated(approval.at(), new Event(Shown.past(approval.at()), who, what, said)));
  }

  private void ran(AccessRequest request, Instant now) {
    var times = request.times();
    var starts = times.grantStarts();
    var ends = times.grantEnds();
    var ending = request.ending();
    var until = ending == null ? now : ending.at();
    if (starts != null && !starts.isAfter(until)) {
      add(starts, "the grant started", null);
    }
    switch (request.statusAt(now)) {
      case LAPSED -> add(times.lapsesAt(), "lapsed undecided", null);
      case ENDED -> {
        if (ends != null) {
          add(ends, "the grant ended", null);
        }
      }
      case CANCELLED -> ended(ending, "took it back");
      case RETURNED -> ended(ending, "gave it back");
      case REVOKED -> ended(ending, "revoked it");
      // Who denied it is among those who decided.
      case PENDING, APPROVED, DENIED -> {}
    }
  }

  private void ended(@Nullable Ending ending, String what) {
    if (ending != null) {
      var reason = ending.reason();
      var said = reason == null || reason.isBlank() ? null : reason;
      add(ending.at(), Shown.cut(ending.by()) + " " + what, said);
    }
  }

  private void add(Instant at, String what, @Nullable String said) {
    events.add(new Dated(at, new Event(Shown.past(at), null, what, said)));
  }
}
