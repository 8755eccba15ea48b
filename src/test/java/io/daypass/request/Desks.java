package io.daypass.request;

import io.daypass.identity.Caller;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The desks over requests in memory. */
final class Desks {

  static final Duration HOUR = Duration.ofHours(1);

  final TickingClock clock = new TickingClock();
  final MemoryRequests store = new MemoryRequests(clock, 5);
  final AtomicReference<Policies> policies;
  final People people = new People(store);
  final ApprovalDesk approvals;
  final RequestReader reader;
  final RequestDesk desk;

  Desks(Policies policies, String... strength) {
    this.policies = new AtomicReference<>(policies);
    approvals =
        new ApprovalDesk(
            store,
            this.policies::get,
            new ApprovalDesk.StepUp(Duration.ofMinutes(15), List.of(strength)),
            people);
    var offices = new Offices(Roles.inGroup("audit"), Roles.inGroup("platform"));
    reader = new RequestReader(store, approvals, offices);
    desk =
        new RequestDesk(
            store,
            this.policies::get,
            new RequestDraft(new RequestIds(), Duration.ofHours(24)),
            reader);
  }

  Circumstances now() {
    return new Circumstances(clock.instant(), "192.0.2.1");
  }

  DeskAnswer ask(Caller caller, String role, String reason) {
    return desk.make(caller, new Asking(role, new Wish(HOUR, reason, null), null, null), now());
  }

  AccessRequest made(Caller caller, String role) {
    return ((DeskAnswer.Made) ask(caller, role, "reason " + clock.instant())).request();
  }

  DeskAnswer approve(Caller caller, AccessRequest request) {
    return approvals.approve(caller, request.id(), "yes", null, now());
  }

  DeskAnswer deny(Caller caller, AccessRequest request) {
    return approvals.deny(caller, request.id(), "no", now());
  }

  AccessRequest read(AccessRequest request) {
    return store.find(request.id()).orElseThrow();
  }
}
