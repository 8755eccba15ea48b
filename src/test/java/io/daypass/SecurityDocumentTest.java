package io.daypass;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/security.md says is shown by a test is shown by a test that is there. */
class SecurityDocumentTest {

  private static final Path TESTS = Path.of("src/test/java/io/daypass");
  private static final Pattern NAMED =
      Pattern.compile("`([a-z/]+/)?([A-Z]\\w*(?:Test|Contract))(?:\\.(\\w+))?`");

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
