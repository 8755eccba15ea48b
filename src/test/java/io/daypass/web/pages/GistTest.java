package io.daypass.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GistTest {

  /** The gist of an entry that was written under policies, as all are. */
  private static String gist(String kind, Map<String, String> said) {
    var all = new HashMap<>(said);
    all.put("policies", "5f3a");
    return Gist.of(kind, all);
  }

  @Test
  void theDigestOfThePoliciesIsTheGistOnlyWhereTheyWereLoaded() {
    assertThat(gist("policy_loaded", Map.of("roles", "3"))).isEqualTo("5f3a");
    assertThat(gist("returned", Map.of())).isEqualTo("Details");
  }

  @Test
  void whyComesBeforeWhat() {
    assertThat(gist("approved", Map.of("comment", "go on", "shortened_to_s", "1800")))
        .isEqualTo("go on");
    assertThat(gist("refused", Map.of("code", "not_allowed", "asked", "GET /v1/ledger")))
        .isEqualTo("not_allowed");
  }

  @Test
  void anApprovalSaysForHowLongOrUntilWhen() {
    var ends = "2026-11-25T11:21:00+00:00";
    assertThat(gist("approved", Map.of("comment", "", "grant_ends_at", ends)))
        .isEqualTo("until 2026-11-25 11:21:00");
    assertThat(gist("approved", Map.of("shortened_to_s", "1800", "grant_ends_at", ends)))
        .isEqualTo("for 30m");
    assertThat(gist("approved", Map.of("digest", "77", "grant_ends_at", "soon")))
        .isEqualTo("Details");
    assertThat(gist("request_made", Map.of("duration_s", "5400"))).isEqualTo("for 1h30m");
  }

  @Test
  void aReadingSaysWhatWasRead() {
    assertThat(gist("ledger_read", Map.of("source_ip", "192.0.2.1", "after", "0")))
        .isEqualTo("all entries");
    assertThat(gist("ledger_read", Map.of("kind", "sealed", "role", "prod-admin")))
        .isEqualTo("role prod-admin, kind sealed");
  }
}
