package io.daypass.request;

import io.daypass.policy.Wish;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for.
 *
 * @param startsAt when the grant is wished to start; null for as soon as it is approved
 * @param idempotencyKey the caller's own mark for this call; null if none
 */
public record Asking(
    String role, Wish wish, @Nullable Instant startsAt, @Nullable String idempotencyKey) {}
