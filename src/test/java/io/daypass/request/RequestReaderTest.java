package io.daypass.request;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.request.RequestReader.Filter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a list costs. */
class RequestReaderTest {

  private static final Filter TO_DECIDE = new Filter(null, null, false, true, null, 50);

  private final Desks desks = new Desks(role("asked").approvedBy(one("leads")).policies());
  private final AtomicInteger standings = new AtomicInteger();
  private final RequestStore store =
      (RequestStore)
          Proxy.newProxyInstance(
              RequestStore.class.getClassLoader(),
              new Class<?>[] {RequestStore.class},
              (_, method, arguments) -> {
                if (Set.of("standing", "isSuspended").contains(method.getName())) {
                  standings.incrementAndGet();
                }
                return method.invoke(desks.store, arguments);
              });
  private final RequestReader reader =
      new RequestReader(
          store,
          new ApprovalDesk(
              store,
              desks.policies::get,
              new ApprovalDesk.StepUp(Duration.ofMinutes(15), List.of()),
              desks.people),
          new Offices(Roles.never(), Roles.never()));

  private final Caller alice = TestCallers.human("alice");
  private final Caller bob = TestCallers.human("bob", "leads");

  @Test
  void how_an_approver_stands_is_read_once_for_all_that_waits() {
    desks.people.seen(bob);
    for (var n = 0; n < 5; n++) {
      desks.made(alice, "asked");
    }
    assertThat(reader.list(bob, TO_DECIDE, desks.now()).requests()).hasSize(5);
    assertThat(standings).hasValue(1);
    desks.store.suspend(bob.id(), true, alice.id(), "left");
    assertThat(reader.list(bob, TO_DECIDE, desks.now()).requests()).isEmpty();
    assertThat(standings).hasValue(2);
  }

  @Test
  void it_is_not_read_for_who_could_decide_on_nothing() {
    desks.made(alice, "asked");
    assertThat(reader.list(alice, TO_DECIDE, desks.now()).requests()).isEmpty();
    assertThat(reader.list(alice, new Filter(null, null, true, false, null, 50), desks.now()))
        .satisfies(page -> assertThat(page.requests()).hasSize(1));
    assertThat(standings).hasValue(0);
  }
}
