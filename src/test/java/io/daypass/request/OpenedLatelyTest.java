package io.daypass.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.identity.TestCallers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenedLatelyTest extends RequestStoreFixture {

  private final InMemory stores = new InMemory();
  private final AtomicLong nanos = new AtomicLong();
  private final OpenedLately opened = new OpenedLately(stores.requests(), nanos::get);
  private AccessRequest request;

  @BeforeEach
  void a_machine_has_come_once() {
    request = make(TestCallers.machine("ns:pod", "jti-1").reusable().make(), "now", "first");
    assertThat(opened.lately("jti-1", "now")).contains(request);
    // From here on a read is a failure.
    stores.requests().setDown(true);
  }

  @Test
  void a_machine_that_comes_again_and_again_costs_no_read_however_long() {
    for (var i = 0; i < 10; i++) {
      pass(Duration.ofSeconds(59));
      assertThat(opened.lately("jti-1", "now")).contains(request);
    }
  }

  @Test
  void who_stays_away_for_a_minute_is_read_again() {
    pass(Duration.ofSeconds(60));
    assertThatThrownBy(() -> opened.lately("jti-1", "now"))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void another_role_or_token_is_not_what_is_remembered() {
    assertThatThrownBy(() -> opened.lately("jti-1", "also-now"))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> opened.lately("jti-2", "now"))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void what_the_database_has_now_takes_the_place_of_what_is_remembered() {
    stores.requests().setDown(false);
    var revoked = ended(request, AccessRequest.State.REVOKED);
    assertThat(opened.lately("jti-1", "now")).contains(request);
    assertThat(opened.now("jti-1", "now")).contains(revoked);
    stores.requests().setDown(true);
    assertThat(opened.lately("jti-1", "now")).contains(revoked);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  protected RequestStores stores() {
    return stores;
  }
}
