package io.daypass.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Documents.Parsed.Broken;
import io.daypass.document.Documents.Parsed.Read;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Scalar.Kind;
import io.daypass.document.Node.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {

  private static Node read(String text) {
    return switch (Documents.parse("a.yaml", text)) {
      case Read(var root) -> root;
      case Broken(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static List<Problem> problems(String text) {
    return switch (Documents.parse("a.yaml", text)) {
      case Read(var root) -> throw new AssertionError("read: " + root);
      case Broken(var problems) -> problems;
    };
  }

  private static void refused(String text, String... expected) {
    assertThat(problems(text))
        .extracting(p -> p.place().line() + ":" + p.place().column() + " " + p.code())
        .containsExactly(expected);
  }

  @Test
  void every_value_and_every_key_knows_its_place() {
    var root = (Mapping) read("# hello\nrole: x\nrules:\n  - name: y\n  - [1, 2]\n");
    assertThat(root.place()).isEqualTo(new Place("a.yaml", 2, 1));
    var rules = root.entry("rules").orElseThrow();
    assertThat(rules.keyPlace()).hasToString("a.yaml:3:1");
    var items = ((Sequence) rules.value()).items();
    assertThat(items.get(0).place()).isEqualTo(new Place("a.yaml", 4, 5));
    assertThat(((Sequence) items.get(1)).items().get(1))
        .isEqualTo(new Scalar("2", Kind.INTEGER, new Place("a.yaml", 5, 9)));
  }

  @Test
  void keys_keep_the_order_of_the_file() {
    assertThat(((Mapping) read("z: 1\na: 2\nm: 3")).entries().keySet())
        .containsExactly("z", "a", "m");
  }

  @ParameterizedTest
  @CsvSource({
    "text, STRING",
    "'\"7\"', STRING",
    "'''7''', STRING",
    "7, INTEGER",
    "-7, INTEGER",
    "0, INTEGER",
    "007, STRING",
    "0x1f, STRING",
    "1_000, STRING",
    "7.5, DECIMAL",
    "1e3, DECIMAL",
    "1:30, STRING",
    "true, BOOLEAN",
    "false, BOOLEAN",
    "yes, STRING",
    "on, STRING",
    "True, STRING",
    "null, NULL",
    "~, NULL",
    ".inf, STRING",
    "2026-12-20, STRING",
    "'\"true\"', STRING",
    "'\"\"', STRING",
    "'\"null\"', STRING"
  })
  void plain_values_are_what_people_expect(String written, Kind kind) {
    var value = ((Mapping) read("k: " + written)).entry("k").orElseThrow().value();
    assertThat(((Scalar) value).kind()).isEqualTo(kind);
  }

  @Test
  void a_value_that_is_not_there_is_null() {
    var value = ((Mapping) read("k:\nj: 1")).entry("k").orElseThrow().value();
    assertThat(((Scalar) value).kind()).isEqualTo(Kind.NULL);
  }

  @Test
  void block_text_is_text_also_when_it_looks_like_a_number() {
    var root = (Mapping) read("k: |\n  12\nj: >-\n  true\n");
    assertThat(root.entries().values())
        .allSatisfy(e -> assertThat(((Scalar) e.value()).kind()).isEqualTo(Kind.STRING));
  }

  @Test
  void places_count_characters_and_not_utf_16() {
    refused("\uFEFFk: '\uD83D\uDD11'\n7: x", "2:1 key_not_text");
  }

  @Test
  void duplicate_keys_are_refused_with_the_place_of_both() {
    var found = problems("a: 1\nb: {x: 1, x: 2}\na: 3");
    assertThat(found)
        .containsExactly(
            new Problem(
                new Place("a.yaml", 2, 11),
                "duplicate_key",
                "the key \"x\" already stands on line 2"),
            new Problem(
                new Place("a.yaml", 3, 1),
                "duplicate_key",
                "the key \"a\" already stands on line 1"));
    assertThat(found.getFirst())
        .hasToString("a.yaml:2:11: duplicate_key: the key \"x\" already stands on line 2");
  }

  @Test
  void anchors_aliases_tags_and_merge_keys_are_refused() {
    refused("a: &x 1", "1:4 anchor_not_allowed");
    refused("a: &x {k: 1}", "1:4 anchor_not_allowed");
    refused("&x k: 1", "1:1 anchor_not_allowed");
    refused("a: &x 1\nb: *x", "1:4 anchor_not_allowed", "2:4 alias_not_allowed");
    refused("a: !!str 1", "1:4 tag_not_allowed");
    refused("a: !mine {b: 1}", "1:4 tag_not_allowed");
    refused("{!!str a: 1}", "1:2 tag_not_allowed");
    refused("a: ! x", "1:4 tag_not_allowed");
    refused("<<: {a: 1}", "1:1 merge_key_not_allowed");
    refused("a: [!!binary aGk=]", "1:5 tag_not_allowed");
  }

  @Test
  void a_quoted_sign_is_only_text() {
    assertThat(read("{a: '&x', '*b': '!c', \"<<\": '*d'}")).isInstanceOf(Mapping.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1: x", "true: x", "null: x", "1.5: x", "~: x", "? \n: x"})
  void keys_that_are_not_text_are_refused(String text) {
    assertThat(problems(text)).extracting(Problem::code).containsExactly("key_not_text");
  }

  @Test
  void a_key_that_is_a_collection_is_refused() {
    assertThat(problems("? [a, b]\n: c")).extracting(Problem::code).containsExactly("syntax");
    assertThat(problems("a: &x 1\n*x : c")).extracting(Problem::code).contains("syntax");
  }

  @Test
  void several_documents_and_none_are_refused() {
    refused("a: 1\n---\nb: 1", "3:1 several_documents");
    refused("", "1:1 empty_document");
    refused("# only a comment\n", "1:1 empty_document");
  }

  @Test
  void a_leading_document_mark_is_fine() {
    assertThat(read("---\na: 1\n")).isInstanceOf(Mapping.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: [", "a: {b", "a: 'x", "a: b: c", "\ta: 1", "@", "a: 1\n  b: 2", "a: \u0007"})
  void what_is_no_yaml_is_refused_at_a_place_and_never_quoted(String text) {
    var found = problems(text);
    assertThat(found).singleElement().extracting(Problem::code).isEqualTo("syntax");
    assertThat(found.getFirst().place().line()).isPositive();
  }

  @Test
  void a_secret_in_a_broken_line_is_not_repeated() {
    assertThat(problems("password: [hunter2-hunter2\nx").toString()).doesNotContain("hunter2");
  }

  @Test
  void problems_before_a_syntax_error_are_named_too() {
    assertThat(problems("a: &x 1\nb: ["))
        .extracting(Problem::code)
        .containsExactly("anchor_not_allowed", "syntax");
  }

  @Test
  void thirty_two_levels_are_read_and_one_more_is_not() {
    assertThat(read("[".repeat(32) + "]".repeat(32))).isInstanceOf(Sequence.class);
    refused("[".repeat(33) + "]".repeat(33), "1:33 too_deep");
    assertThat(problems("[".repeat(500_000))).extracting(Problem::code).containsExactly("too_deep");
    assertThat(problems("{a: ".repeat(200_000)))
        .extracting(Problem::code)
        .containsExactly("too_deep");
  }

  @Test
  void more_than_a_mebibyte_is_refused_by_bytes() {
    assertThat(read("k: " + "x".repeat((1 << 20) - 3))).isInstanceOf(Mapping.class);
    refused("k: " + "x".repeat((1 << 20) - 2), "1:1 too_large");
    refused("k: " + "\u20AC".repeat(1 << 19), "1:1 too_large");
    assertThat(Documents.parse("a", new byte[(1 << 20) + 1])).isInstanceOf(Broken.class);
  }

  @Test
  void bytes_that_are_not_utf8_are_refused() {
    assertThat(Documents.parse("a", "k: \u00e4".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Read.class);
    var broken = (Broken) Documents.parse("a", "k: \u00e4".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(broken.problems()).extracting(Problem::code).containsExactly("not_utf8");
  }
}
