package io.daypass.web.pages.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the viewer, and what they have.
 *
 * @param moreToDecide whether more waits than is shown
 */
public record MainView(
    Frame frame,
    List<Waiting> toDecide,
    boolean moreToDecide,
    List<Own> own,
    List<RoleLine> roles) {

  public MainView {
    toDecide = List.copyOf(toDecide);
    own = List.copyOf(own);
    roles = List.copyOf(roles);
  }

  /** A request that waits for the viewer's decision. */
  public record Waiting(
      String id,
      String role,
      Fact.Person requester,
      @Nullable String origin,
      String duration,
      String reason,
      Fact.Moment since) {}

  /**
   * A request of the viewer's that is not over.
   *
   * @param undecided whether it is a decision that {@code until} is the last time for
   */
  public record Own(
      String id,
      String role,
      State state,
      boolean undecided,
      Fact.Moment until,
      String reason,
      List<Form> forms) {
    public Own {
      forms = List.copyOf(forms);
    }
  }

  /** A role that the viewer may ask for. */
  public record RoleLine(
      String name, String description, String access, String cloud, String takes, String longest) {}
}
