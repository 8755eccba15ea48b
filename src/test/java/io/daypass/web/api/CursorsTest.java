package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.CallerId;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorsTest {

  private static final CallerId ALICE = new CallerId("https://login.example.com", "alice");
  private static final CallerId BOB = new CallerId("https://login.example.com", "bob");

  private final byte[] old = key();
  private final byte[] next = key();

  private static byte[] key() {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  @Test
  void a_cursor_is_good_for_its_list_and_its_reader_only() {
    var cursors = new Cursors(List.of(old));
    var cursor = cursors.sign("requests", ALICE, "7");
    assertThat(cursors.read("requests", ALICE, cursor)).contains("7");
    assertThat(cursors.read("ledger", ALICE, cursor)).isEmpty();
    assertThat(cursors.read("requests", BOB, cursor)).isEmpty();
    assertThat(new Cursors(List.of(next)).read("requests", ALICE, cursor)).isEmpty();
  }

  @Test
  void a_cursor_is_written_in_one_way_only() {
    var cursors = new Cursors(List.of(old));
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (var position : List.of("7", "78", "789")) {
      var cursor = cursors.sign("requests", ALICE, position);
      var start = cursor.substring(0, cursor.length() - 1);
      assertThat(alphabet.chars().mapToObj(last -> start + (char) last))
          .filteredOn(text -> cursors.read("requests", ALICE, text).isPresent())
          .containsExactly(cursor);
      for (var padding : List.of("=", "==")) {
        assertThat(cursors.read("requests", ALICE, cursor + padding)).isEmpty();
      }
    }
  }

  @Test
  void while_the_key_is_exchanged_lists_that_were_begun_go_on() {
    var before = new Cursors(List.of(old));
    var both = new Cursors(List.of(next, old));
    var after = new Cursors(List.of(next));
    var begun = before.sign("requests", ALICE, "7");
    assertThat(both.read("requests", ALICE, begun)).contains("7");
    assertThat(both.read("requests", BOB, begun)).isEmpty();
    assertThat(after.read("requests", ALICE, both.sign("requests", ALICE, "8"))).contains("8");
    assertThat(after.read("requests", ALICE, begun)).isEmpty();
  }
}
