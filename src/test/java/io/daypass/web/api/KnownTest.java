package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Identity;
import io.daypass.identity.TestCallers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownTest {

  private final Set<String> came = Set.of("staff alice", "partner alice", "staff bob");
  private final Known known =
      new Known(
          List.of("staff", "partner"),
          id ->
              came.contains(id.issuer() + " " + id.subject())
                  ? Optional.of(TestCallers.human(id.subject()).identity())
                  : Optional.empty());

  @Test
  void a_subject_that_two_issuers_have_is_one_person_only_with_its_issuer() {
    assertThat(known.named("alice")).hasSize(2);
    assertThat(known.named("partner alice")).hasSize(1);
    assertThat(known.named("bob")).extracting(Identity::shownAs).hasSize(1);
  }

  @Test
  void nobody_is_meant_by_what_names_nobody() {
    for (var text : List.of("", " ", "staff ", "staff carol", "elsewhere alice", "carol")) {
      assertThat(known.named(text)).as(text).isEmpty();
    }
  }
}
