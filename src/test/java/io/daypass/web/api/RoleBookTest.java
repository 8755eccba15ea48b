package io.daypass.web.api;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.TestCallers;
import io.daypass.policy.Circumstances;
import io.daypass.request.Roles;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RoleBookTest {

  private static final Circumstances NOW =
      new Circumstances(Instant.parse("2026-11-21T08:00:00Z"), "192.0.2.1");

  private final RoleBook book =
      new RoleBook(
          () ->
              Roles.policies(
                  role("short").max(Duration.ofMinutes(5)).automatic().make(),
                  role("long").automatic().make()),
          new Aftermath(null));

  @Test
  void who_does_not_say_for_how_long_is_told_of_an_hour_or_of_what_the_rule_gives() {
    var alice = TestCallers.human("alice").identity();
    assertThat(book.usual("long", alice, NOW)).isEqualTo(Duration.ofHours(1));
    assertThat(book.usual("short", alice, NOW)).isEqualTo(Duration.ofMinutes(5));
    assertThat(book.usual("none", alice, NOW)).isEqualTo(Duration.ofHours(1));
  }
}
