package io.daypass.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Documents.Parsed.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MappingReaderTest {

  private enum Colour {
    RED,
    DARK_BLUE
  }

  private final List<Problem> problems = new ArrayList<>();

  private MappingReader reader(String text) {
    var root = ((Read) Documents.parse("a.yaml", text)).root();
    return new MappingReader((Node.Mapping) root, problems);
  }

  private void found(String... expected) {
    assertThat(problems).extracting(Problem::toString).containsExactly(expected);
  }

  @Test
  void values_of_the_right_kind_are_handed_out() {
    var reader =
        reader(
            "{t: x, i: 7, b: true, e: dark-blue, l: [p, q], m: {n: 1}, id: 0042, id2: 42, ms: [{a:"
                + " b}]}");
    assertThat(reader.requiredText("t")).contains("x");
    assertThat(reader.integer("i", 1, 7)).contains(7L);
    assertThat(reader.bool("b")).contains(true);
    assertThat(reader.enumOf("e", Colour.class)).contains(Colour.DARK_BLUE);
    assertThat(reader.texts("l")).containsExactly("p", "q");
    assertThat(reader.requiredMapping("m").orElseThrow().identifier("n")).contains("1");
    assertThat(reader.identifier("id")).contains("0042");
    assertThat(reader.identifier("id2")).contains("42");
    assertThat(reader.mappings("ms")).hasSize(1);
    assertThat(reader.parsed("t", Optional::of, "anything")).contains("x");
    reader.finish();
    assertThat(problems).isEmpty();
    assertThat(reader.keys()).contains("t", "ms").hasSize(9);
  }

  @Test
  void values_of_the_wrong_kind_are_problems_with_their_place() {
    var reader = reader("t: 7\ni: x\nb: 'true'\nl: x\nm: [1]\nl2: [1]\nms: [x]\ni2: 7.5\n");
    assertThat(reader.text("t")).isEmpty();
    assertThat(reader.integer("i", 0, 1)).isEmpty();
    assertThat(reader.bool("b")).isEmpty();
    assertThat(reader.list("l")).isEmpty();
    assertThat(reader.mapping("m")).isEmpty();
    assertThat(reader.texts("l2")).isEmpty();
    assertThat(reader.mappings("ms")).isEmpty();
    assertThat(reader.integer("i2", 0, 9)).isEmpty();
    found(
        "a.yaml:1:4: wrong_type: expected \"t\" as text (quote it), found a whole number",
        "a.yaml:2:4: wrong_type: expected \"i\" as a whole number, found text",
        "a.yaml:3:4: wrong_type: expected \"b\" as true or false, found text",
        "a.yaml:4:4: wrong_type: expected a list, found text",
        "a.yaml:5:4: wrong_type: expected a mapping, found a list",
        "a.yaml:6:6: wrong_type: expected text, found a whole number",
        "a.yaml:7:6: wrong_type: expected a mapping, found text",
        "a.yaml:8:5: wrong_type: expected \"i2\" as a whole number, found a decimal number");
  }

  @Test
  void values_outside_the_bounds_are_problems() {
    var reader = reader("i: 8\nj: 99999999999999999999\ne: pink\n");
    assertThat(reader.integer("i", 1, 7)).isEmpty();
    assertThat(reader.integer("j", 1, 7)).isEmpty();
    assertThat(reader.enumOf("e", Colour.class)).isEmpty();
    found(
        "a.yaml:1:4: bad_value: \"i\" is a number from 1 to 7",
        "a.yaml:2:4: bad_value: \"j\" is a number from 1 to 7",
        "a.yaml:3:4: bad_value: \"e\" must be one of red, dark-blue");
  }

  @Test
  void a_missing_key_is_a_problem_only_where_it_is_required() {
    var reader = reader("a: 1\n");
    assertThat(reader.text("x")).isEmpty();
    assertThat(reader.has("x")).isFalse();
    assertThat(reader.requiredText("y")).isEmpty();
    assertThat(reader.requiredMapping("z")).isEmpty();
    found("a.yaml:1:1: missing_key: \"y\" is missing", "a.yaml:1:1: missing_key: \"z\" is missing");
  }

  @Test
  void a_key_with_nothing_is_a_problem() {
    assertThat(reader("a:\n").requiredText("a")).isEmpty();
    found("a.yaml:1:1: empty_value: \"a\" has no value; leave the key out if none is meant");
  }

  @Test
  void a_key_that_nobody_asked_for_is_a_problem_with_a_guess() {
    var reader = reader("sessionpolicy: x\nzzz: 1\n" + "k".repeat(100) + ": 1\n");
    reader.text("session-policy");
    reader.finish();
    assertThat(problems).extracting(Problem::code).containsOnly("unknown_key").hasSize(3);
    assertThat(problems.get(0).message()).endsWith("did you mean \"session-policy\"?");
    assertThat(problems.get(1).message()).isEqualTo("the key \"zzz\" is not known here");
  }

  @Test
  void own_problems_stand_at_the_key_or_at_the_mapping() {
    var reader = reader("a: 1\nb: 2\n");
    reader.problem("b", "odd", "b is odd");
    reader.problem("c", "odd", "no c");
    reader.problem("odd", "all of it");
    found("a.yaml:2:1: odd: b is odd", "a.yaml:1:1: odd: no c", "a.yaml:1:1: odd: all of it");
  }

  @Test
  void only_a_mapping_has_a_reader() {
    var list = ((Read) Documents.parse("a.yaml", "[1]")).root();
    assertThat(MappingReader.of(list, problems)).isEmpty();
    found("a.yaml:1:1: wrong_type: expected a mapping, found a list");
  }
}
