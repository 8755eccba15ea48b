package io.daypass.web;

import java.util.function.Supplier;

/**
 * How far somebody comes who wants access ended. The places and connections that are kept for that
 * are for those who are known: strangers, however many, never hold one.
 */
public sealed interface Passage {

  /** Not in, or through already: that is the answer. */
  record Out(Answer answer) implements Passage {}

  /** The database knows who that is: it is asked where everybody's work is done. */
  record Unknown(Supplier<Passage> look) implements Passage {}

  /** Known: what they want is done in a place that is kept for it. */
  record In(Supplier<Answer> work) implements Passage {}

  /** Says how far a call comes; from memory, and before anything is done for anybody. */
  @FunctionalInterface
  interface Gate {
    Passage of(Call call);
  }

  /** All of it, in the place of whoever calls this. */
  default Answer through() {
    return switch (this) {
      case Out(var answer) -> answer;
      case Unknown(var look) -> look.get().through();
      case In(var work) -> work.get();
    };
  }
}
