package io.daypass.web.pages.view;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests, newest first.
 *
 * @param notice why there are none, if they were asked for wrongly
 * @param whose which lists there are
 * @param filters by which requests are chosen within one
 * @param kept what the filters' form sends besides
 * @param none what is said where there are none
 * @param more where older ones are; null if there are none
 */
public record RequestsView(
    Frame frame,
    @Nullable Notice notice,
    List<Choice> whose,
    List<Form.Field> filters,
    Map<String, String> kept,
    List<Line> requests,
    String none,
    @Nullable String more) {

  public RequestsView {
    whose = List.copyOf(whose);
    filters = List.copyOf(filters);
    kept = Map.copyOf(kept);
    requests = List.copyOf(requests);
  }

  /** A list, and whether it is the one that is shown. */
  public record Choice(String label, String href, boolean isShown) {}

  /**
   * A request.
   *
   * @param duration as it was agreed, or else asked for
   * @param until null where no grant has an end to come to
   */
  public record Line(
      String id,
      String role,
      State state,
      Fact.Person requester,
      String duration,
      Fact.@Nullable Moment until,
      String reason,
      Fact.Moment made) {}
}
