package io.daypass.web.pages.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One role: what it is, what it takes for the viewer, and the form to ask for it.
 *
 * @param notice why what was just asked was not done; null if nothing was
 * @param verdict what the policies say to the viewer
 * @param facts empty for a role that they may not have
 * @param form null for a role that they may not have
 */
public record RoleView(
    Frame frame,
    @Nullable Notice notice,
    String role,
    @Nullable String description,
    String verdict,
    @Nullable String next,
    List<Fact> facts,
    List<Rule> rules,
    @Nullable Form form) {

  public RoleView {
    facts = List.copyOf(facts);
    rules = List.copyOf(rules);
  }

  /** How a rule fared. */
  public record Rule(String name, boolean decided, List<Condition> conditions) {
    public Rule {
      conditions = List.copyOf(conditions);
    }
  }

  /** How a condition fared. */
  public record Condition(String key, String text, String how) {}
}
