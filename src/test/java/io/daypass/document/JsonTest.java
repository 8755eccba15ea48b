package io.daypass.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.document.Documents.Parsed.Broken;
import io.daypass.document.Documents.Parsed.Read;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  private static Documents.Parsed parse(String json) {
    return Documents.parseJson("a.json", json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void json_is_read_strictly_and_written_without_spaces() {
    var root =
        ((Read)
                parse(
                    "{\n\t\"a\": [1, -2.5, true, false, null],\n \"b\" : {\"c\": \"&x \\u00e4\\n\"}}"))
            .root();
    assertThat(Json.write(root))
        .isEqualTo("{\"a\":[1,-2.5,true,false,null],\"b\":{\"c\":\"&x \u00e4\\n\"}}");
    var b = ((Node.Mapping) root).entry("b").orElseThrow();
    assertThat(b.keyPlace()).isEqualTo(new Place("a.json", 3, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "syntax            | {\"a\": }",
        "syntax            | {'a': 1}",
        "syntax            | {\"a\": 1,}",
        "syntax            | {\"a\": 1",
        "syntax            | // comment",
        "duplicate_key     | {\"a\": 1, \"a\": 2}",
        "several_documents | {} {}",
        "empty_document    | ~~"
      })
  void what_is_no_strict_json_is_refused(String code, String json) {
    assertThat(((Broken) parse(json)).problems()).extracting(Problem::code).containsExactly(code);
  }

  @Test
  void json_that_is_too_deep_is_refused() {
    assertThat(((Broken) parse("[".repeat(5000))).problems())
        .extracting(Problem::code)
        .containsExactly("too_deep");
  }

  @Test
  void values_of_the_jdk_are_written_in_order() {
    var value = new LinkedHashMap<String, Object>();
    value.put("text", "a\"b");
    value.put("numbers", List.of(1, 2L, 1.5));
    value.put("truth", true);
    value.put("none", Arrays.asList("x", null));
    value.put("place", new Place("f", 1, 2));
    assertThat(Json.write((Object) value))
        .isEqualTo(
            "{\"text\":\"a\\\"b\",\"numbers\":[1,2,1.5],\"truth\":true,\"none\":[\"x\",null],"
                + "\"place\":\"f:1:2\"}");
  }
}
