package io.daypass.policy.yaml;

import io.daypass.identity.Identity;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Facts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether some people are enough for every line of an approval: each of them fills one place of one
 * line at most, one human being counts once, and the requester not at all.
 */
final class ApproversSuffice {

  private final List<ApprovalLine> places = new ArrayList<>();
  private final List<Identity> people = new ArrayList<>();
  private final Facts request;

  /**
   * A question.
   *
   * @param request as the requester made it
   */
  ApproversSuffice(List<ApprovalLine> lines, Facts request, List<Identity> approvers) {
    this.request = request;
    for (var line : lines) {
      for (int i = 0; i < line.count(); i++) {
        places.add(line);
      }
    }
    for (var approver : approvers) {
      if (!approver.samePersonAs(request.identity())
          && people.stream().noneMatch(approver::samePersonAs)) {
        people.add(approver);
      }
    }
  }

  boolean holds() {
    // Kuhn's matching: a place may push a person on to another place that they can fill too.
    var filledBy = new int[people.size()];
    Arrays.fill(filledBy, -1);
    for (int place = 0; place < places.size(); place++) {
      if (!fill(place, filledBy, new boolean[people.size()])) {
        return false;
      }
    }
    return true;
  }

  private boolean fill(int place, int[] filledBy, boolean[] tried) {
    for (int person = 0; person < people.size(); person++) {
      if (!tried[person] && may(place, person)) {
        tried[person] = true;
        if (filledBy[person] < 0 || fill(filledBy[person], filledBy, tried)) {
          filledBy[person] = place;
          return true;
        }
      }
    }
    return false;
  }

  private boolean may(int place, int person) {
    var facts =
        new Facts(
            people.get(person), request.role(), request.wish(), request.sourceIp(), request.now());
    return places.get(place).from().holds(facts) instanceof Truth.Held;
  }
}
