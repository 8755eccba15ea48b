package io.daypass.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.IssueRefusal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A credential is written down before it is minted and before it leaves, or nobody has it. */
class IssuanceTest extends IssuanceWorld {

  @Test
  void an_approved_request_gives_a_credential_that_was_written_down_first() {
    var request = approved();
    var answer = issue(alice, "asked");
    assertThat(answer).isInstanceOf(Answer.Issued.class);
    var issued = (Answer.Issued) answer;
    assertThat(issued.request()).isEqualTo(request.id());
    assertThat(issued.credential().expiresAt()).isEqualTo(request.times().grantEnds());
    assertThat(entries.kinds()).endsWith("intent", "sealed");
    assertThat(entries.entries().getLast().issuance()).isEqualTo(issued.issuance());
  }

  @Test
  void p7_the_ledger_keeps_a_fingerprint_and_no_secret() {
    approved();
    issue(alice, "asked");
    var seal = entries.entries().getLast().canonical();
    assertThat(seal).contains(new Secret("token").fingerprint(), "ASIAEXAMPLE");
    assertThat(seal).doesNotContain("\"token\"", "\"key\"");
  }

  @Test
  void e7_nothing_is_minted_when_the_ledger_cannot_be_written() {
    approved();
    entries.breakAt("intent");
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.LedgerUnavailable());
    nothingWasMinted();
    entries.breakAt("any");
    assertThat(issue(TestCallers.machine("job", "jti").make(), "now"))
        .isEqualTo(new Answer.LedgerUnavailable());
    assertThat(issue(alice, "frozen")).isEqualTo(new Answer.LedgerUnavailable());
    nothingWasMinted();
  }

  @Test
  void f3_nothing_is_minted_when_requests_cannot_be_read() {
    approved();
    store.setDown(true);
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.LedgerUnavailable());
    nothingWasMinted();
  }

  @Test
  void f34_a_stack_that_overflows_in_one_request_leaves_nothing_half_done() {
    approved();
    // Itself, again and again.
    mint = grant -> mint.mint(grant);
    assertThatThrownBy(() -> issue(alice, "asked")).isInstanceOf(StackOverflowError.class);
    assertThat(turns).isZero();
    assertThat(entries.kinds()).endsWith("intent").doesNotContain("sealed");
    mint = IssuanceWorld::session;
    assertThat(issue(alice, "asked")).isInstanceOf(Answer.Issued.class);
    clock.advance(Duration.ofMinutes(2));
    assertThat(new Reconciler(ledger, Reconciler.AGE).run()).isEqualTo(1);
    assertThat(entries.kinds()).endsWith("intent", "sealed", "orphaned");
  }

  @Test
  void f6_a_credential_whose_seal_fails_is_dropped() {
    approved();
    entries.breakAt("sealed");
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.LedgerUnavailable());
    assertThat(minted).isEqualTo(1);
    assertThat(entries.kinds()).doesNotContain("sealed");
    entries.breakAt();
    clock.advance(Duration.ofMinutes(2));
    assertThat(new Reconciler(ledger, Reconciler.AGE).run()).isEqualTo(1);
    assertThat(new Reconciler(ledger, Reconciler.AGE).run()).isZero();
    assertThat(entries.kinds()).endsWith("orphaned");
  }

  @Test
  void c7_a_credential_that_outlives_its_grant_is_dropped() {
    approved();
    mint = grant -> session(grant.endsAt().plusSeconds(1));
    assertThat(issue(alice, "asked"))
        .isInstanceOfSatisfying(
            Answer.CloudFailed.class,
            f -> assertThat(f.reason()).isEqualTo(Reason.CLOUD_ANSWER_WRONG));
    assertThat(entries.kinds()).endsWith("intent", "unknown");
  }

  @Test
  void every_failure_of_the_cloud_has_its_outcome() {
    for (var reason : Reason.values()) {
      approved();
      mint =
          _ -> {
            throw new MintException(reason);
          };
      assertThat(issue(alice, "asked"))
          .isInstanceOfSatisfying(
              Answer.CloudFailed.class, f -> assertThat(f.reason()).isEqualTo(reason));
      assertThat(entries.kinds()).endsWith("intent", reason.mayExist() ? "unknown" : "failed");
    }
    assertThat(entries.kinds()).doesNotContain("sealed");
  }

  @Test
  void p1_what_fails_when_the_cloud_has_given_a_credential_is_never_written_as_nothing_made() {
    for (var reason : Reason.values()) {
      approved();
      mint =
          _ -> {
            throw new MintException(reason).afterCredential();
          };
      assertThat(issue(alice, "asked"))
          .isInstanceOfSatisfying(
              Answer.CloudFailed.class, f -> assertThat(f.reason()).isEqualTo(reason));
      assertThat(entries.kinds()).endsWith("intent", "unknown");
      assertThat(entries.entries().getLast().canonical()).contains(reason.code());
    }
  }

  @Test
  void a_bug_in_a_cloud_is_an_unknown_outcome_and_no_exception() {
    approved();
    mint =
        _ -> {
          throw new IllegalStateException("bug");
        };
    assertThat(issue(alice, "asked")).isInstanceOf(Answer.CloudFailed.class);
    assertThat(entries.kinds()).endsWith("intent", "unknown");
  }

  @Test
  void a_failure_that_cannot_be_written_down_is_no_credential_either() {
    approved();
    mint =
        _ -> {
          entries.breakAt("any");
          throw new MintException(Reason.CLOUD_FAILED);
        };
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.LedgerUnavailable());
  }

  @Test
  void a_target_that_no_cloud_serves_is_a_failure() {
    approved();
    assertThat(issuance(List.of()).issue(alice, Errand.to("asked"), now()))
        .isInstanceOf(Answer.CloudFailed.class);
    assertThat(entries.kinds()).endsWith("intent", "failed");
  }

  @Test
  void every_refusal_says_what_to_do_next() {
    for (var why : IssueRefusal.values()) {
      assertThat(why.code()).isEqualTo(why.name().toLowerCase(java.util.Locale.ROOT));
      assertThat(why.detail()).isNotBlank();
      assertThat(why.next()).isNotBlank();
    }
  }
}
