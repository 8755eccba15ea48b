package io.daypass.ledger;

/** The append-only record of every decision and issuance. */
public final class Ledger {}
