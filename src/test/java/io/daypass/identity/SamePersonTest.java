package io.daypass.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two identities that may be one person are taken for one. */
class SamePersonTest {

  @Test
  void an_identity_that_may_be_the_same_person_is_the_same_person() {
    var alice = new CallerId("staff", "1");
    var one = new Identity(alice, Kind.HUMAN, null, "A@example.com", "e-7", Set.of(), Map.of());
    var two =
        new Identity(
            new CallerId("other", "2"),
            Kind.HUMAN,
            null,
            "a@EXAMPLE.com",
            null,
            Set.of(),
            Map.of());
    var three =
        new Identity(new CallerId("other", "3"), Kind.HUMAN, null, null, "e-7", Set.of(), Map.of());
    assertThat(one.samePersonAs(two)).isTrue();
    assertThat(one.samePersonAs(three)).isTrue();
    assertThat(two.samePersonAs(three)).isFalse();
    assertThat(two.samePersonAs(two)).isTrue();
  }

  private static Identity known(String subject, @Nullable String email, @Nullable String person) {
    var id = new CallerId(subject, subject);
    return new Identity(id, Kind.HUMAN, null, email, person, Set.of(), Map.of());
  }

  @Test
  void c1_issuers_may_write_the_same_person_differently() {
    var one = known("okta", null, "josé@corp.example");
    for (var same :
        List.of(
            known("entra", null, "JOSÉ@Corp.example"),
            known("entra", null, "jose\u0301@corp.example "),
            known("entra", "José@corp.example", "7"))) {
      assertThat(one.samePersonAs(same)).isTrue();
      assertThat(same.samePersonAs(one)).isTrue();
    }
    assertThat(one.samePersonAs(known("entra", "jose@corp.example", "8"))).isFalse();
    assertThat(known("okta", " ", null).samePersonAs(known("entra", "", null))).isFalse();
  }
}
