package io.daypass.cli;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pages of a list. */
final class Paging {

  @Option(names = "--all", description = "All pages; without it the first one.")
  private boolean all;

  @Option(
      names = "--cursor",
      paramLabel = "CURSOR",
      description = "The page that follows one before, by the cursor that came with that.")
  private @Nullable String cursor;

  /**
   * Turns the pages that are wanted.
   *
   * @param page takes the cursor of a page and answers that of the next; null is the first, and
   *     none
   * @return the cursor of the page that follows; null if there is none
   */
  @Nullable String turn(Function<@Nullable String, @Nullable String> page) {
    var next = cursor;
    do {
      next = page.apply(next);
    } while (all && next != null);
    return next;
  }
}
