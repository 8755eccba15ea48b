package io.daypass.web.pages.view;

/** What a request is now, in a word, and how that word looks. */
public record State(String word, Tone tone) {

  /** How it looks; the word says it without. */
  public enum Tone {
    WAITING,
    LIVE,
    OVER,
    REFUSED
  }
}
