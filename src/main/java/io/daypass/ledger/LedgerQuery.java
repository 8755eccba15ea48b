package io.daypass.ledger;

import io.daypass.request.RequestId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries; null means no condition. Oldest first.
 *
 * @param since entries written at or after this instant
 * @param caller the subject, or issuer and subject joined by a space
 * @param after entries with a higher number
 */
public record LedgerQuery(
    @Nullable Instant since,
    @Nullable String role,
    @Nullable String caller,
    @Nullable String kind,
    @Nullable RequestId request,
    long after,
    int limit) {}
