package io.daypass.identity.oidc;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether tokens of an issuer can be verified now.
 *
 * @param issuer the configured name
 * @param usable whether there are keys, and not too old
 * @param keys how many
 * @param fetchedAt when they were last published to us
 * @param refused how many documents made no sense since the start: each is an alarm
 * @param failed how many fetches had no answer since the start
 */
public record IssuerHealth(
    String issuer,
    boolean usable,
    int keys,
    @Nullable Instant fetchedAt,
    long refused,
    long failed) {}
