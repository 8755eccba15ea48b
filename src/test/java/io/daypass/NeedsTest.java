package io.daypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No test is left out without a word, and none where all are wanted. */
class NeedsTest {

  private static final Pattern OTHER_WAYS =
      Pattern.compile(
          "\\bAssumptions\\b|\\bassum(?:e|ing)(?:That|True|False)\\(|TestAbortedException"
              + "|@(?:Disabled|Enabled)(?:\\w*)\\b");

  @Test
  void a_tool_that_is_missing_leaves_a_test_out_which_is_written_down(@TempDir Path folder)
      throws IOException {
    assertThat(Needs.has(true, "sh", false, folder)).isTrue();
    assertThat(Needs.has(false, "no-such-tool", false, folder)).isFalse();
    assertThat(Needs.has(false, "no-such-tool", false, folder)).isFalse();
    try (var files = Files.list(folder)) {
      assertThat(files.map(NeedsTest::read))
          .containsExactly("no no-such-tool on this machine\n".repeat(2));
    }
  }

  @Test
  void a_tool_that_is_missing_fails_its_tests_where_all_are_wanted(@TempDir Path folder) {
    assertThat(Needs.has(true, "sh", true, folder)).isTrue();
    assertThatThrownBy(() -> Needs.has(false, "no-such-tool", true, folder))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no no-such-tool on this machine");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void programs_are_found_by_path() {
    assertThat(Needs.isInstalled("sh")).isTrue();
    assertThat(Needs.isInstalled("no-such-tool")).isFalse();
    Needs.programs("sh");
  }

  @Test
  void no_test_is_left_out_in_another_way() throws IOException {
    try (var files = Files.walk(Path.of("src/test/java"))) {
      assertThat(files)
          .filteredOn(file -> file.toString().endsWith(".java"))
          .filteredOn(file -> !file.getFileName().toString().startsWith("Needs"))
          .isNotEmpty()
          .noneMatch(file -> OTHER_WAYS.matcher(read(file)).find());
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
