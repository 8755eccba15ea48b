package io.daypass.web.pages.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the ledger.
 *
 * @param notice why there are none, if they were asked for wrongly
 * @param filters by which they are chosen
 * @param none what is said where there are none
 * @param more where those that follow are; null if there are none
 * @param proof what holds them all together; null before there is one
 * @param commands what an auditor does about it on a command line
 */
public record LedgerView(
    Frame frame,
    @Nullable Notice notice,
    List<Form.Field> filters,
    List<Line> entries,
    String none,
    @Nullable String more,
    @Nullable Proof proof,
    List<String> commands) {

  public LedgerView {
    filters = List.copyOf(filters);
    entries = List.copyOf(entries);
    commands = List.copyOf(commands);
  }

  /**
   * An entry.
   *
   * @param caller leads to all of theirs; null for what the broker did by itself
   * @param request its id
   * @param gist why, or else what, in a few words
   * @param details all that it says, and its digest
   */
  public record Line(
      long number,
      Fact.Moment at,
      String kind,
      Fact.@Nullable Link caller,
      @Nullable String role,
      @Nullable String request,
      String gist,
      List<Fact> details) {
    public Line {
      details = List.copyOf(details);
    }
  }

  /** The newest checkpoint: over so many entries from the first on, with this Merkle root. */
  public record Proof(long size, String root, Fact.Moment at) {}
}
