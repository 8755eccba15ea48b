package io.daypass.request;

import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Facts;
import io.daypass.policy.Wish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts approvals against lines. Every line must be met, by different people, none of them the
 * requester; each is judged as they stand now.
 */
public final class Tally {

  private final AccessRequest request;
  private final List<ApprovalLine> lines;
  private final Instant now;

  public Tally(AccessRequest request, List<ApprovalLine> lines, Instant now) {
    this.request = request;
    this.lines = List.copyOf(lines);
    this.now = now;
  }

  /** Whether the approvals that {@code request} has meet every line. */
  public boolean isMet() {
    return unmetWith(approvers()).isEmpty();
  }

  /** Whether they would with one more yes. */
  public boolean isMetWith(Identity another) {
    var people = new ArrayList<>(approvers());
    if (counts(another) && people.stream().noneMatch(another::samePersonAs)) {
      people.add(another);
    }
    return unmetWith(people).isEmpty();
  }

  /** Whether the yes of {@code approver} could count for some line. */
  public boolean couldCount(Identity approver) {
    return counts(approver) && lines.stream().anyMatch(line -> meets(approver, line));
  }

  /** The lines that still lack somebody. */
  public List<ApprovalLine> unmet() {
    return unmetWith(approvers());
  }

  /** Who sits where, line by line: for people to read. */
  public List<Seats> seats() {
    var people = approvers();
    var places = places();
    var holder = seated(people, places);
    var seats = new ArrayList<Seats>();
    var place = 0;
    for (var line : lines) {
      var taken = new ArrayList<Identity>();
      for (var end = place + line.count(); place < end; place++) {
        if (holder[place] >= 0) {
          taken.add(people.get(holder[place]));
        }
      }
      seats.add(new Seats(line, taken));
    }
    return seats;
  }

  /** A line, and who meets it so far. */
  public record Seats(ApprovalLine line, List<Identity> taken) {
    public Seats {
      taken = List.copyOf(taken);
    }
  }

  private List<Identity> approvers() {
    var people = new ArrayList<Identity>();
    for (var approval : request.approvals()) {
      var approver = approval.judged();
      if (approval.verdict() == Approval.Verdict.APPROVE
          && approval.digest().equals(request.basis().digest())
          && !approval.approver().suspended()
          && counts(approver)
          && people.stream().noneMatch(approver::samePersonAs)) {
        people.add(approver);
      }
    }
    return people;
  }

  private boolean counts(Identity approver) {
    return approver.kind() == Kind.HUMAN && !approver.samePersonAs(request.requester());
  }

  private boolean meets(Identity approver, ApprovalLine line) {
    // A wish without the requester's words: who may approve does not hang on what is asked.
    var wish = new Wish(request.wish().duration(), "", null);
    var facts = new Facts(approver, request.role(), wish, "", now);
    return line.from().holds(facts) instanceof Truth.Held;
  }

  private List<ApprovalLine> unmetWith(List<Identity> people) {
    var places = places();
    var holder = seated(people, places);
    var unmet = new ArrayList<ApprovalLine>();
    for (var place = 0; place < holder.length; place++) {
      if (holder[place] < 0 && !unmet.contains(places.get(place))) {
        unmet.add(places.get(place));
      }
    }
    return unmet;
  }

  /** As many places as the lines have, in their order. */
  private List<ApprovalLine> places() {
    var places = new ArrayList<ApprovalLine>();
    for (var line : lines) {
      for (var i = 0; i < line.count(); i++) {
        places.add(line);
      }
    }
    return places;
  }

  /**
   * Assigns people to lines so that as many places as possible are taken (augmenting paths: one
   * person may fit several lines, and taking the first that fits could leave another line empty).
   * The answer has the person of each place; less than zero for nobody.
   */
  private int[] seated(List<Identity> people, List<ApprovalLine> places) {
    var holder = new int[places.size()];
    java.util.Arrays.fill(holder, -1);
    for (var person = 0; person < people.size(); person++) {
      seat(person, people, places, holder, new HashSet<>());
    }
    return holder;
  }

  private boolean seat(
      int person,
      List<Identity> people,
      List<ApprovalLine> places,
      int[] holder,
      Set<Integer> tried) {
    for (var place = 0; place < places.size(); place++) {
      if (!meets(people.get(person), places.get(place)) || !tried.add(place)) {
        continue;
      }
      if (holder[place] < 0 || seat(holder[place], people, places, holder, tried)) {
        holder[place] = person;
        return true;
      }
    }
    return false;
  }
}
