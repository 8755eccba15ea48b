package io.daypass.cli.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A table as wide as the terminal at most. Columns that may be cut give way, the widest first; what
 * one has to copy (an id) is never cut. Where that is not enough, each row stands as a block of
 * lines. Without a terminal nothing is cut.
 */
public final class Table {

  private static final int GAP = 2;
  private static final int NARROWEST = 8;

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /** A column; {@code givesWay} if its cells may be cut. */
  public record Column(String title, boolean givesWay) {

    /** One whose cells stand whole, always. */
    public static Column whole(String title) {
      return new Column(title, false);
    }

    /** One whose cells are cut where there is no room. */
    public static Column cut(String title) {
      return new Column(title, true);
    }
  }

  public Table(Column... columns) {
    this.columns = List.of(columns);
  }

  /** One more row; cells may be anybody's text. */
  public Table add(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException("a row has as many cells as the table has columns");
    }
    rows.add(List.of(cells).stream().map(Plain::line).toList());
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The lines, for a terminal of {@code width} columns; empty where there is no terminal. */
  public List<String> lines(OptionalInt width) {
    var widths = widths();
    if (width.isPresent() && !fit(widths, width.getAsInt())) {
      return blocks(width.getAsInt());
    }
    var lines = new ArrayList<String>();
    lines.add(line(columns.stream().map(Column::title).toList(), widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private int[] widths() {
    return IntStream.range(0, columns.size())
        .map(i ->
            Math.max(
                Columns.of(columns.get(i).title()),
                rows.stream().mapToInt(row -> Columns.of(row.get(i))).max().orElse(0)))
        .toArray();
  }

  /** Narrows what gives way until all fits; false if it cannot. */
  private boolean fit(int[] widths, int width) {
    int room = width - GAP * (widths.length - 1);
    int over = IntStream.of(widths).sum() - room;
    while (over > 0) {
      int widest = widestThatGives(widths);
      if (widest < 0) {
        return false;
      }
      widths[widest]--;
      over--;
    }
    return true;
  }

  private int widestThatGives(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      var column = columns.get(i);
      int least = Math.max(NARROWEST, Columns.of(column.title()));
      if (column.givesWay() && widths[i] > least && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private static String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(Columns.fill(Columns.cut(cells.get(i), widths[i]), widths[i]));
      line.append(" ".repeat(GAP));
    }
    return line.toString().stripTrailing();
  }

  private List<String> blocks(int width) {
    var titles = columns.stream().mapToInt(c -> Columns.of(c.title())).max().orElse(0);
    var lines = new ArrayList<String>();
    for (var row : rows) {
      for (int i = 0; i < columns.size(); i++) {
        var column = columns.get(i);
        var room = Math.max(NARROWEST, width - titles - GAP);
        var cell = column.givesWay() ? Columns.cut(row.get(i), room) : row.get(i);
        lines.add(Columns.fill(column.title(), titles) + " ".repeat(GAP) + cell);
      }
      lines.add("");
    }
    return lines;
  }
}
