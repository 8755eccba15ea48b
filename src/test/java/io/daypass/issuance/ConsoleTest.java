package io.daypass.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.ledger.IssueRefusal;
import io.daypass.request.AccessRequest.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A link that signs a browser in is handed out as a credential is. */
class ConsoleTest extends IssuanceWorld {

  @Test
  void a_console_link_is_written_down_before_it_is_given() {
    approved();
    var link = issuance().console(alice, "asked", null, now());
    assertThat(link)
        .isInstanceOfSatisfying(
            Answer.ConsoleLink.class,
            l -> assertThat(l.url().reveal()).isEqualTo("https://console.example.com/ec2"));
    assertThat(entries.kinds()).endsWith("intent", "sealed", "console_link");
    assertThat(entries.entries().getLast().canonical()).doesNotContain("https://");
    entries.breakAt("console_link");
    assertThat(issuance().console(alice, "asked", "s3", now()))
        .isEqualTo(new Answer.LedgerUnavailable());
  }

  @Test
  void p8_a_console_link_leads_where_the_role_says_and_nowhere_else() {
    approved();
    for (var place : List.of("https://evil.example.com", "iam", "")) {
      refused(issuance().console(alice, "asked", place, now()), IssueRefusal.NO_SUCH_DESTINATION);
    }
    nothingWasMinted();
    assertThat(entries.kinds()).doesNotContain("intent");
    assertThat(entries.kinds()).filteredOn("refused"::equals).hasSize(3);
  }

  @Test
  void p5_no_link_is_given_under_a_grant_that_was_ended_while_it_was_asked_for() {
    var request = approved();
    console =
        (_, _, _) -> {
          end(request, State.REVOKED);
          return new Secret("https://console.example.com/ec2");
        };
    assertThat(issuance().console(alice, "asked", null, now()))
        .isEqualTo(new Answer.Refused(IssueRefusal.GRANT_REVOKED));
    assertThat(entries.kinds()).endsWith("intent", "unknown");
  }

  @Test
  void a_console_that_fails_gives_no_link() {
    approved();
    console =
        (_, _, _) -> {
          throw new MintException(Reason.CLOUD_THROTTLED);
        };
    assertThat(issuance().console(alice, "asked", null, now()))
        .isInstanceOf(Answer.CloudFailed.class);
    console =
        (_, _, _) -> {
          throw new IllegalStateException("bug");
        };
    assertThat(issuance().console(alice, "asked", null, now()))
        .isInstanceOf(Answer.CloudFailed.class);
    // The session is there, whatever became of its link.
    assertThat(entries.kinds()).endsWith("intent", "unknown", "intent", "unknown");
  }
}
