package io.daypass.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.ledger.Ledger.Fingerprint;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.ledger.LedgerStore.Seal;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How every store of ledger entries closes an intent. */
public abstract class LedgerOutcomesContract extends LedgerStoreFixture {

  @Test
  void a_credential_is_recognised_by_its_fingerprint_once_it_is_sealed() {
    var request = grant();
    var grant = intended(request);
    var fingerprint = "f1".repeat(32);
    assertThat(ledger().handedOut(fingerprint)).isEmpty();
    var expires = now().plusSeconds(90).truncatedTo(ChronoUnit.SECONDS);
    // Good until its own end, however long the cloud believes it.
    ledger().seal(grant, new Fingerprint("id", fingerprint, expires, expires.plusSeconds(900)));
    assertThat(ledger().handedOut(fingerprint))
        .hasValue(new LedgerStore.HandedOut(request.id(), expires));
    assertThat(ledger().handedOut("f2".repeat(32))).isEmpty();
  }

  @Test
  void what_was_handed_out_is_believed_until_the_last_of_it_is_over() {
    var request = grant();
    assertThat(ledger().believedUntil(request.id())).isEmpty();
    var expires = now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    seal(request, new Fingerprint("a", "a1".repeat(32), expires, expires.plusSeconds(900)));
    seal(request, new Fingerprint("b", "b1".repeat(32), expires.plusSeconds(30)));
    assertThat(ledger().believedUntil(request.id())).hasValue(expires.plusSeconds(900));
  }

  private void seal(AccessRequest request, Fingerprint fingerprint) {
    ledger().seal(intended(request), fingerprint);
  }

  @Test
  void c7_what_the_policies_in_force_end_before_the_seal_is_withdrawn() {
    var request = grant();
    var warrant = warrant(alice, request, automatic(Duration.ofMinutes(10)));
    var grant = ((Recorded.Intended) ledger().intend(warrant, "192.0.2.1")).grant();
    var over =
        new RecordedGrant(
            grant.issuance(),
            grant.request(),
            grant.requester(),
            grant.role(),
            grant.recordedAt(),
            now().minusSeconds(1),
            grant.grantEndsAt());
    assertThat(ledger().seal(over, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.GRANT_ENDED));
  }

  @Test
  void d1_a_seal_is_the_one_outcome_of_its_issuance() {
    var grant = intended(grant());
    assertThat(ledger().seal(grant, fingerprint())).isEqualTo(new Seal.Written());
    assertThat(ledger().seal(grant, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.CLOSED));
    ledger().failed(grant, "cloud_refused");
    assertThat(outcomesOf(grant)).containsExactly("sealed");
    assertThat(all().getLast().canonical()).contains("ASIAEXAMPLE", "0".repeat(64));
  }

  @Test
  void p5_no_seal_is_written_after_a_revocation() {
    var ends =
        Map.of(
            State.REVOKED, IssueRefusal.GRANT_REVOKED, State.RETURNED, IssueRefusal.GRANT_RETURNED);
    ends.forEach((to, why) -> {
      var request = grant();
      var grant = intended(request);
      end(request, to);
      assertThat(ledger().seal(grant, fingerprint())).isEqualTo(new Seal.Withdrawn(why));
      assertThat(outcomesOf(grant)).containsExactly("unknown");
    });
  }

  @Test
  void no_seal_is_written_after_the_grants_end() {
    var request = grant();
    var grant = intended(request);
    age(request.id(), HOUR);
    assertThat(ledger().seal(grant, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.GRANT_ENDED));
  }

  @Test
  void p1_nothing_is_sealed_that_was_not_intended() {
    var request = grant();
    var real = intended(request);
    var invented =
        new RecordedGrant(
            UUID.randomUUID(),
            request.id(),
            real.requester(),
            real.role(),
            real.recordedAt(),
            real.endsAt(),
            real.grantEndsAt());
    assertThat(ledger().seal(invented, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.CLOSED));
    assertThat(outcomesOf(invented)).isEmpty();
  }

  @Test
  void the_first_outcome_stands() {
    var failed = intended(grant());
    ledger().failed(failed, "cloud_refused");
    ledger().unknown(failed, "cloud_failed");
    assertThat(outcomesOf(failed)).containsExactly("failed");
    assertThat(ledger().seal(failed, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.CLOSED));
    var unknown = intended(grant());
    ledger().unknown(unknown, "cloud_failed");
    assertThat(outcomesOf(unknown)).containsExactly("unknown");
  }

  @Test
  void e4_an_intent_without_an_outcome_is_closed_once_it_is_old() {
    var lost = intended(grant());
    var sealed = intended(grant());
    ledger().seal(sealed, fingerprint());
    assertThat(ledger().closeOrphans(Duration.ofMinutes(1))).isEmpty();
    assertThat(ledger().closeOrphans(Duration.ZERO)).containsExactly(lost.issuance());
    assertThat(ledger().closeOrphans(Duration.ZERO)).isEmpty();
    assertThat(outcomesOf(lost)).containsExactly("orphaned");
    assertThat(ledger().seal(lost, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.CLOSED));
    assertThat(outcomesOf(sealed)).containsExactly("sealed");
  }
}
