package io.daypass.ledger;

import io.daypass.identity.CallerId;
import io.daypass.request.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it stands in the ledger.
 *
 * @param number its place; numbers rise, and one that is missing belongs to a transaction that was
 *     rolled back
 * @param at the database's clock when it was written
 * @param canonical the entry's bytes, which are UTF-8 JSON; everything else here can be read from
 *     them
 * @param sha256 over those bytes, hex
 */
public record WrittenEntry(
    long number,
    Instant at,
    String kind,
    @Nullable RequestId request,
    @Nullable UUID issuance,
    @Nullable String role,
    @Nullable CallerId caller,
    String canonical,
    String sha256) {

  /** How many bytes it has. */
  public long bytes() {
    return canonical.getBytes(StandardCharsets.UTF_8).length;
  }
}
