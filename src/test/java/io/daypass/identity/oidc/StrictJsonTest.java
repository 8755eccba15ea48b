package io.daypass.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // hands in nulls on purpose
class StrictJsonTest {

  @Test
  void json_is_read_with_its_types() {
    var members =
        read(" { \"s\" : \"a\\n\\\"\\\\\\/\\b\\f\\r\\t\\u00e9\\ud83d\\ude00 é😀\" ,\"l\":-12,\"d\":1.5e+2,\"z\":0,"
                + "\"e\":1E-2,\"t\":true,\"f\":false,\"n\":null,\"a\":[1,\"x\",[]],\"o\":{}} ")
            .orElseThrow();
    assertThat(members)
        .containsEntry("s", "a\n\"\\/\b\f\r\té😀 é😀")
        .containsEntry("l", -12L)
        .containsEntry("d", 150.0)
        .containsEntry("z", 0L)
        .containsEntry("e", 0.01)
        .containsEntry("t", true)
        .containsEntry("f", false)
        .containsEntry("n", null)
        .containsEntry("a", List.of(1L, "x", List.of()))
        .containsEntry("o", Map.of());
    assertThat(new ArrayList<>(members.keySet())).startsWith("s", "l", "d");
  }

  @Test
  void space_may_stand_between_any_two_signs() {
    var spaced = " { \"a\" : [ 1 , [ ] , { } , \"x\" ] , \"b\" : { \"c\" : 9 } } ";
    for (var space : List.of(" ", "\t", "\n", "\r", "  \n")) {
      assertThat(read(spaced.replace(" ", space)))
          .contains(Map.of("a", List.of(1L, List.of(), Map.of(), "x"), "b", Map.of("c", 9L)));
    }
  }

  @Test
  void a13_depth_counts_what_is_open_and_not_what_was() {
    var siblings = "[[]],".repeat(50) + "{\"x\":{}},".repeat(50) + "1";
    assertThat(read("{\"a\":[" + siblings + "]}")).isPresent();
    assertThat(read("{\"a\":" + "[".repeat(7) + "]".repeat(7) + "}")).isPresent();
    assertThat(read("{\"a\":" + "[".repeat(8) + "]".repeat(8) + "}")).isEmpty();
    assertThat(read("{\"a\":".repeat(8) + "1" + "}".repeat(8))).isPresent();
    assertThat(read("{\"a\":".repeat(9) + "1" + "}".repeat(9))).isEmpty();
  }

  @Test
  void the_last_of_what_is_accepted_is_accepted() {
    assertThat(read("{\"a\":0." + "1".repeat(62) + "}")).isPresent();
    assertThat(read("{\"a\":0." + "1".repeat(63) + "}")).isEmpty();
    assertThat(read("{\"a\":\"\\ud7ff\\ue000\\u007F\"}")).isPresent();
    assertThat(read("{\"a\":\"\\udfff\"}")).isEmpty();
    assertThat(read("{\"a\":\"\\u\u0080\u0080\u0080\u0080\"}")).isEmpty();
  }

  @Test
  void what_rfc_8259_does_not_have_is_refused() {
    for (var text :
        List.of(
            "",
            " ",
            "[]",
            "null",
            "\"x\"",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{,}",
            "{\"a\":1}{}",
            "{\"a\":1} x",
            "{'a':1}",
            "{a:1}",
            "{\"a\":01}",
            "{\"a\":+1}",
            "{\"a\":1.}",
            "{\"a\":.5}",
            "{\"a\":1e}",
            "{\"a\":-}",
            "{\"a\":NaN}",
            "{\"a\":Infinity}",
            "{\"a\":0x10}",
            "{\"a\":tru}",
            "{\"a\":True}",
            "{\"a\":[1,]}",
            "{\"a\":[1}",
            "{\"a\":[}",
            "{\"a\":\"\t\"}",
            "{\"a\":\"\\n\t\"}",
            "{\"a\":\"\\q\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\u12g4\"}",
            "{\"a\":\"\\u\uff11\uff11\uff11\uff11\"}",
            "{\"a\":\"x",
            "{\"a\":\"\\",
            "\ufeff{\"a\":1}",
            "/**/{}",
            "{}\u00a0",
            "{\"a\"=1}")) {
      assertThat(read(text)).as(text).isEmpty();
    }
  }

  @Test
  void what_java_would_change_is_refused() {
    for (var text :
        List.of(
            "{\"a\":9223372036854775808}",
            "{\"a\":1e999}",
            "{\"a\":" + "1".repeat(65) + "}",
            "{\"a\":0." + "1".repeat(64) + "}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\udc00\\ud800\"}",
            "{\"a\":\"\\u0000\"}",
            "{\"\\u0000\":1}")) {
      assertThat(read(text)).as(text).isEmpty();
    }
    assertThat(read("{\"a\":9223372036854775807}")).isPresent();
  }

  @Test
  void bytes_that_are_not_utf_8_are_refused() {
    for (var bytes :
        List.of(
            new byte[] {(byte) 0xff},
            new byte[] {(byte) 0xc0, (byte) 0x80},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            new byte[] {(byte) 0xe2, (byte) 0x82})) {
      var text = "{\"a\":\"x\"}".getBytes(StandardCharsets.UTF_8);
      var broken = Arrays.copyOf(text, text.length + bytes.length);
      System.arraycopy(text, 6, broken, 6 + bytes.length, text.length - 6);
      System.arraycopy(bytes, 0, broken, 6, bytes.length);
      assertThat(StrictJson.object(broken)).isEmpty();
    }
  }

  @Test
  void base64url_has_one_spelling() {
    assertThat(Base64Url.decode("AQAB")).contains(new byte[] {1, 0, 1});
    assertThat(Base64Url.decode("AQ")).contains(new byte[] {1});
    assertThat(Base64Url.decode("AQA")).contains(new byte[] {1, 0});
    for (var text :
        List.of(
            "", "A", "AQAB=", "AQ==", "AR", "AQB", "A+AB", "A/AB", "A AB", "AQ\n", "AQABA", "é")) {
      assertThat(Base64Url.decode(text)).as(text).isEmpty();
    }
  }

  private static Optional<Map<String, Object>> read(String text) {
    return StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
  }
}
