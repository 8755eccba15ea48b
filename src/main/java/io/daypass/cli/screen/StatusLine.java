package io.daypass.cli.screen;

import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;

/**
 * One line that changes in place while something is waited for. Where the output is no terminal
 * that could do so, a line is printed whenever there is news instead.
 */
public final class StatusLine implements AutoCloseable {

  private static final List<String> BRAILLE =
      List.of("⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏");
  private static final List<String> ASCII = List.of("|", "/", "-", "\\");
  private static final String TO_LINE_START = "\r";
  private static final String CLEAR_TO_LINE_END = "\u001b[K";

  private final PrintWriter out;
  private final Ability ability;
  private String news = "";
  private int frame;
  private boolean shown;

  /**
   * What the terminal can do.
   *
   * @param live whether it is a terminal that moves its cursor
   * @param unicode whether it shows more than ASCII
   * @param width its columns; empty if not known
   */
  public record Ability(boolean live, boolean unicode, OptionalInt width) {}

  public StatusLine(PrintWriter out, Ability ability) {
    this.out = out;
    this.ability = ability;
  }

  /**
   * Shows what there is.
   *
   * @param news what is known; without a live terminal it is printed when it has changed
   * @param clock what changes all the time, such as the time left; only on a live terminal
   */
  public void show(String news, String clock) {
    if (ability.live()) {
      var frames = ability.unicode() ? BRAILLE : ASCII;
      var spinner = frames.get(frame++ % frames.size());
      var text = spinner + " " + Plain.line(news) + "  " + clock;
      // One column stays free: a line that fills the terminal wraps on some.
      var cut = ability.width().isPresent() ? cut(text) : text;
      out.print(TO_LINE_START + cut + CLEAR_TO_LINE_END);
      shown = true;
    } else if (!news.equals(this.news)) {
      out.println(Plain.line(news));
    }
    this.news = news;
    out.flush();
  }

  private String cut(String text) {
    return Columns.cut(text, Math.max(1, ability.width().getAsInt() - 1));
  }

  /** Takes the line away, so that what comes next stands on a clean one. */
  @Override
  public void close() {
    if (shown) {
      out.print(TO_LINE_START + CLEAR_TO_LINE_END);
      out.flush();
      shown = false;
    }
  }
}
