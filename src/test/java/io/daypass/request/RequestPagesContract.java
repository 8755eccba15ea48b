package io.daypass.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.request.AccessRequest.State;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.Approval.Verdict;
import io.daypass.request.RequestStore.Position;
import io.daypass.request.RequestStore.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How every store of requests is read page by page. */
public abstract class RequestPagesContract extends RequestStoreFixture {

  @Test
  void pages_are_whole_and_newest_first() {
    var made = new ArrayList<RequestId>();
    for (var i = 0; i < 7; i++) {
      made.addFirst(make(alice, "now", "number " + i).id());
    }
    var read = new ArrayList<RequestId>();
    @Nullable Position before = null;
    while (true) {
      var page = store().page(new Query(null, null, null, null, before, 3));
      page.forEach(request -> read.add(request.id()));
      if (page.size() < 3) {
        break;
      }
      before = new Position(page.getLast().times().madeAt(), page.getLast().id());
    }
    assertThat(read).isEqualTo(made);
  }

  @Test
  void pages_hold_what_was_asked_for() {
    var mine = make(alice, "now", "mine");
    var pending = make(bob, "asked", "pending");
    var decided = approved(carol, "asked");
    var over = make(alice, "also-now", "over");
    age(over.id(), HOUR);
    assertThat(ids(new Query(alice.id(), null, null, null, null, 9)))
        .containsExactlyInAnyOrder(mine.id(), over.id());
    assertThat(ids(new Query(null, null, "also-now", null, null, 9))).containsExactly(over.id());
    assertThat(ids(new Query(null, null, null, Status.PENDING, null, 9)))
        .containsExactly(pending.id());
    assertThat(ids(new Query(null, null, null, Status.ENDED, null, 9))).containsExactly(over.id());
    assertThat(ids(new Query(null, null, null, Status.APPROVED, null, 9)))
        .containsExactlyInAnyOrder(mine.id(), decided.id());
    assertThat(ids(new Query(null, null, null, null, mine.id().value(), null, 9)))
        .containsExactly(mine.id());
    var start = mine.id().value().substring(0, 10);
    assertThat(ids(new Query(null, null, null, null, start, null, 9)))
        .contains(mine.id())
        .allMatch(id -> id.value().startsWith(start));
    assertThat(ids(new Query(bob.id(), null, null, null, mine.id().value(), null, 9))).isEmpty();
  }

  @Test
  void b8_a_page_of_what_involves_somebody_has_nothing_else_of_others() {
    var mine = make(alice, "now", "mine");
    var pending = make(carol, "asked", "pending");
    var decided = approved(carol, "asked");
    make(carol, "now", "nobody else's business");
    assertThat(ids(new Query(null, alice.id(), null, null, null, 9)))
        .containsExactlyInAnyOrder(mine.id(), pending.id());
    assertThat(ids(new Query(null, bob.id(), null, null, null, 9)))
        .containsExactlyInAnyOrder(pending.id(), decided.id());
  }

  @Test
  void b8_pages_of_what_involves_somebody_show_each_once_whichever_way_it_does() {
    var own = make(bob, "asked", "waits, and is mine");
    var voted = make(alice, "asked-two", "waits, and has my yes");
    store().vote(vote(voted, bob, Verdict.APPROVE, false));
    make(alice, "now", "nobody else's business");
    var decided = approved(carol, "asked");
    var waits = make(carol, "asked", "waits");
    var granted = make(bob, "now", "mine");
    var read = new ArrayList<RequestId>();
    @Nullable Position before = null;
    while (true) {
      var page = store().page(new Query(null, bob.id(), null, null, before, 2));
      page.forEach(request -> read.add(request.id()));
      if (page.size() < 2) {
        break;
      }
      before = new Position(page.getLast().times().madeAt(), page.getLast().id());
    }
    assertThat(read).containsExactly(granted.id(), waits.id(), decided.id(), voted.id(), own.id());
    assertThat(ids(new Query(null, bob.id(), "asked", Status.APPROVED, null, 9)))
        .containsExactly(decided.id());
    assertThat(ids(new Query(null, bob.id(), null, null, voted.id().value(), null, 9)))
        .containsExactly(voted.id());
    assertThat(ids(new Query(carol.id(), bob.id(), null, null, null, 9)))
        .containsExactly(waits.id(), decided.id());
  }

  @Test
  void no_id_begins_with_what_is_in_none() {
    var made = make(alice, "now", "mine");
    assertThat(ids(new Query(null, null, null, null, "", null, 9))).containsExactly(made.id());
    for (var starts : List.of("%", "_", "%%%", "{{", "' OR true --", "\\", "\uD83D\uDE00", "ö")) {
      assertThat(ids(new Query(null, null, null, null, starts, null, 9))).as(starts).isEmpty();
    }
    var last = made.id().value().charAt(15);
    var next = made.id().value().substring(0, 15) + (char) (last + 1);
    assertThat(ids(new Query(null, null, null, null, next, null, 9))).isEmpty();
  }

  @Test
  void every_status_can_be_asked_for() {
    var lapsed = make(alice, "asked", "lapsed");
    age(lapsed.id(), LAPSE);
    var cancelled = ended(make(alice, "asked", "cancelled"), State.CANCELLED);
    var returned = ended(make(alice, "now", "returned"), State.RETURNED);
    var revoked = ended(make(alice, "now", "revoked"), State.REVOKED);
    var denied = make(alice, "asked", "denied");
    store().vote(vote(denied, bob, Verdict.DENY, false));
    var wanted =
        Map.of(
            Status.LAPSED, lapsed.id(),
            Status.CANCELLED, cancelled.id(),
            Status.RETURNED, returned.id(),
            Status.REVOKED, revoked.id(),
            Status.DENIED, denied.id());
    wanted.forEach((status, id) ->
        assertThat(ids(new Query(null, null, null, status, null, 9))).containsExactly(id));
  }
}
