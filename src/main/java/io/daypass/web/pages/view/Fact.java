package io.daypass.web.pages.view;

import org.jspecify.annotations.Nullable;

/** Something that is known of what a page is about, under its label. */
public sealed interface Fact {

  String label();

  /** Words of ours. */
  record Text(String label, String text) implements Fact {}

  /** Words of somebody else, which may have several lines. */
  record Said(String label, String text) implements Fact {}

  /** What machines compare. */
  record Code(String label, String text) implements Fact {}

  /** An instant, and what it is from now. */
  record Time(String label, Moment moment) implements Fact {}

  /**
   * A link.
   *
   * @param outside whether it leads to another site
   */
  record Link(String label, String text, String href, boolean outside) implements Fact {}

  /** Somebody. */
  record Who(String label, Person person) implements Fact {}

  /**
   * Somebody, as they are shown and as they are known.
   *
   * @param id issuer and subject
   */
  record Person(String shownAs, String id) {}

  /**
   * An instant.
   *
   * @param iso for programs
   * @param text for people
   * @param away how far it is from now; null if that says nothing
   */
  record Moment(String iso, String text, @Nullable String away) {}
}
