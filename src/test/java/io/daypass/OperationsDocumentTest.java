package io.daypass;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who sets an alarm by docs/operations.md is woken by it. */
class OperationsDocumentTest {

  private static final Pattern LOGGED = Pattern.compile("\\.log\\(([^;]*?)\\);");
  private static final Pattern LITERAL = Pattern.compile("\"([a-z][a-z0-9_.]*)\"");
  private static final Pattern NAMED = Pattern.compile("`([^`]+)`");
  private static final Pattern METRIC = Pattern.compile("`(daypass_[a-z_]+)");

  private final String document = read(Path.of("docs/operations.md"));
  private final String sources = sources();

  /** What stands in backquotes in the first column of the table that begins with {@code head}. */
  private Set<String> rows(String head, Pattern name) {
    return document
        .substring(document.indexOf(head))
        .lines()
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|", -1)[1])
        .flatMap(cell -> name.matcher(cell).results().map(found -> found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> all(Pattern pattern) {
    return pattern
        .matcher(sources)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void every_event_of_the_log_is_explained_and_every_event_that_is_explained_exists() {
    var explained = rows("| event | |", NAMED);
    var logged =
        LOGGED
            .matcher(sources)
            .results()
            .flatMap(call -> LITERAL.matcher(call.group(1)).results().map(found -> found.group(1)))
            .toList();
    assertThat(logged).hasSizeGreaterThan(35);
    assertThat(explained).hasSizeGreaterThan(40).containsAll(logged);
    assertThat(all(LITERAL)).containsAll(explained);
  }

  @Test
  void every_metric_is_explained_and_every_metric_that_is_explained_exists() {
    var known =
        all(LITERAL).stream()
            .filter(text -> text.matches("daypass(\\.[a-z]+)+") && !text.endsWith(".yaml"))
            .map(text -> base(text.replace('.', '_')))
            .toList();
    var explained =
        rows("| | |\n|---|---|\n| `daypass_http", METRIC).stream()
            .map(OperationsDocumentTest::base)
            .toList();
    assertThat(explained).hasSizeGreaterThan(12).containsExactlyInAnyOrderElementsOf(known);
  }

  /**
   * Prometheus' names are made of Micrometer's: units and kinds follow. With which of them a metric
   * is really served, e2e/MetricsTest sees.
   */
  private static String base(String name) {
    return name.replaceFirst("(_seconds)?(_total|_count|_sum|_bucket|_max)?$", "");
  }

  private static String sources() {
    try (var files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(OperationsDocumentTest::read)
          .collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
