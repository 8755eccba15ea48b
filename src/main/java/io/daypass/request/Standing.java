package io.daypass.request;

import io.daypass.identity.Identity;

/**
 * What is known of a person now: what their latest verified token said, and whether an
 * administrator has suspended them. An approver is judged by their standing at every issuance.
 *
 * @param version changes whenever anything here does
 */
public record Standing(Identity identity, boolean suspended, long version) {}
