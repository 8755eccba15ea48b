package io.daypass.policy;

import java.time.Instant;

/** When and from where somebody asks. The instant is the database's, the address the peer's. */
public record Circumstances(Instant now, String sourceIp) {}
