package io.daypass.postgres;

import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import io.daypass.request.RequestStoreContract;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresRequestsTest extends RequestStoreContract {

  private final TestDatabase database = TestDatabase.shared();
  private final Database replica = database.open(4);

  @AfterAll
  void close() {
    replica.close();
    database.close();
  }

  @BeforeEach
  void empty() {
    database.empty();
  }

  @Override
  protected RequestStore store() {
    return new PostgresRequests(replica, OPEN_LIMIT);
  }

  @Override
  protected void age(RequestId id, Duration by) {
    database.age(id, by);
  }

  @Override
  protected Instant now() {
    return database.now();
  }
}
