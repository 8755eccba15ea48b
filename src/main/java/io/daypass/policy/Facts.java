package io.daypass.policy;

import io.daypass.identity.Identity;
import java.time.Instant;

/**
 * Everything a condition may look at.
 *
 * @param sourceIp the network address the call came from, in text
 */
public record Facts(Identity identity, String role, Wish wish, String sourceIp, Instant now) {}
