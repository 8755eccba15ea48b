package io.daypass.web.pages.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request, what became of it, and what the viewer may do about it.
 *
 * @param notice why what was just tried was not done; null if nothing was
 * @param origin where a pipeline's request comes from; empty for people
 * @param stepUp where to sign in anew before deciding; null if that is not what is missing
 * @param closed why the viewer cannot decide although it waits; null if they can, or never could
 */
public record RequestView(
    Frame frame,
    @Nullable Notice notice,
    String id,
    String role,
    State state,
    List<Fact> facts,
    List<Fact> origin,
    List<Line> lines,
    @Nullable String linesNote,
    List<Fact> after,
    List<Event> story,
    @Nullable String stepUp,
    @Nullable String closed,
    List<String> commands,
    List<Form> forms) {

  public RequestView {
    facts = List.copyOf(facts);
    origin = List.copyOf(origin);
    lines = List.copyOf(lines);
    after = List.copyOf(after);
    story = List.copyOf(story);
    commands = List.copyOf(commands);
    forms = List.copyOf(forms);
  }

  /**
   * An approval line.
   *
   * @param by who meets it so far
   * @param missing how many people it still lacks
   */
  public record Line(String from, int count, List<Fact.Person> by, int missing) {
    public Line {
      by = List.copyOf(by);
    }
  }

  /** Something that happened. */
  public record Event(
      Fact.Moment at, Fact.@Nullable Person who, String what, @Nullable String said) {}
}
