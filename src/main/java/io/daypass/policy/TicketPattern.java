package io.daypass.policy;

/** What a ticket must look like. Matching takes time linear in the ticket's length. */
public interface TicketPattern {

  /** Whether the whole of {@code ticket} is of the form; never a part of it. */
  boolean matches(String ticket);

  /** The pattern as it stands in the file. */
  String pattern();
}
