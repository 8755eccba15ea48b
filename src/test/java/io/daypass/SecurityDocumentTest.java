package io.daypass;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/security.md says is shown by a test is shown by a test that is there. */
class SecurityDocumentTest {

  private static final Path TESTS = Path.of("src/test/java/io/daypass");
  private static final Pattern NAMED =
      Pattern.compile("`([a-z/]+/)?([A-Z]\\w*(?:Test|Contract))(?:\\.(\\w+))?`");

  private static final Pattern FAMILY = Pattern.compile("\\(([A-Z])1 to ([A-Z])(\\d+)\\)");
  private static final Pattern ROW = Pattern.compile("[A-Z]\\d+");
  // From the annotation to the name there is no empty line.
  private static final Pattern TEST =
      Pattern.compile("@(?:Parameterized)?Test(?:(?!\n\n)[\\s\\S])*?\n  void ((?:[a-z]\\d+_)+)");

  private final String document = read(Path.of("docs/security.md"));

  @Test
  void every_test_that_is_named_exists() throws IOException {
    var sources = sources();
    var missing = new ArrayList<String>();
    var named = NAMED.matcher(document);
    var count = 0;
    while (named.find()) {
      count++;
      var folder = named.group(1) == null ? "" : named.group(1);
      var file = "/" + folder + named.group(2) + ".java";
      var method = named.group(3) == null ? "" : "void " + named.group(3) + "(";
      if (sources.stream().noneMatch(path -> path.endsWith(file) && has(path, method))) {
        missing.add(named.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(count).isGreaterThan(80);
  }

  @Test
  void every_promise_and_every_row_has_a_test() {
    var rows = Stream.of(rows("P", 10), rows("A", 23), rows("B", 9)).flatMap(List::stream).toList();
    for (var row : rows) {
      var line = document.lines().filter(l -> l.startsWith("| " + row + " |")).findFirst();
      assertThat(line).as(row).isPresent();
      assertThat(NAMED.matcher(line.orElseThrow()).find()).as(row).isTrue();
    }
  }

  @Test
  void every_row_of_the_other_families_has_a_test_of_its_name_or_stands_among_those_without()
      throws IOException {
    var without = without();
    var rows = rowsWithoutATable();
    assertThat(rows).hasSizeGreaterThan(80).containsAll(without);
    var named = rowsOfTests();
    assertThat(rows)
        .filteredOn(row -> !without.contains(row))
        .as("rows that no test is named after")
        .allMatch(named::contains);
    assertThat(named).as("tests of rows that have none").doesNotContainAnyElementsOf(without);
    var known = new TreeSet<>(rows);
    Stream.of(rows("P", 10), rows("A", 23), rows("B", 9)).forEach(known::addAll);
    assertThat(known).as("rows that tests are named after").containsAll(named);
    assertThat(known).as("rows that stand in a table").containsAll(rowsOfTables());
  }

  /** As in "approvals (C1 to C12)". */
  private List<String> rowsWithoutATable() {
    return FAMILY
        .matcher(document)
        .results()
        .flatMap(family -> rows(family.group(1), Integer.parseInt(family.group(3))).stream())
        .toList();
  }

  /** As in "F10 and F11 (a disk that fails)", in the one sentence that says who has none. */
  private List<String> without() {
    var begin = document.indexOf("No test of their own have: ");
    assertThat(begin).isPositive();
    var line = document.substring(begin, document.indexOf('\n', begin));
    return ROW.matcher(line.replaceAll("\\([^)]*\\)+", ""))
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private Set<String> rowsOfTables() {
    return document
        .lines()
        .filter(line -> line.startsWith("| "))
        .map(line -> line.split("\\|", -1)[1])
        .filter(cell -> cell.matches(" (?:[A-Z]\\d+(?:, )?)+ "))
        .flatMap(cell -> ROW.matcher(cell).results().map(MatchResult::group))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The rows that the names of tests begin with, as in f4_f5_killed_in_t1. */
  private static Set<String> rowsOfTests() throws IOException {
    return sources().stream()
        .flatMap(path -> TEST.matcher(read(Path.of(path))).results())
        .flatMap(test -> ROW.matcher(test.group(1).toUpperCase(Locale.ROOT)).results())
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> rows(String letter, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(number -> letter + number).toList();
  }

  private static List<String> sources() throws IOException {
    try (var files = Files.walk(TESTS)) {
      return files.map(Path::toString).filter(path -> path.endsWith(".java")).toList();
    }
  }

  private static boolean has(String path, String text) {
    return read(Path.of(path)).contains(text);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
