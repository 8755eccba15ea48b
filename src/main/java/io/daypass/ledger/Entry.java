package io.daypass.ledger;

import io.daypass.identity.CallerId;
import io.daypass.request.RequestId;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to write down.
 *
 * @param detail JSON values of the JDK's types; never a secret, a token or an assertion
 */
public record Entry(
    EntryKind kind,
    @Nullable RequestId request,
    @Nullable UUID issuance,
    @Nullable String role,
    @Nullable CallerId caller,
    Map<String, Object> detail) {

  public Entry {
    detail = Map.copyOf(detail);
  }

  /** An entry about the broker itself. */
  public static Entry ofBroker(EntryKind kind, Map<String, Object> detail) {
    return new Entry(kind, null, null, null, null, detail);
  }
}
