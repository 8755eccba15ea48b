package io.daypass.issuance;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Turn;
import io.daypass.identity.Caller;
import io.daypass.identity.TokenUse;
import io.daypass.issuance.Coverage.Covered;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.Ledger.Fingerprint;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.ledger.LedgerStore.Seal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Target;
import io.daypass.request.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one path to a credential: decide, wait for a turn, record, mint, seal. Verifying the caller
 * came before, and a {@link Caller} proves it.
 */
public final class Issuance {

  private static final Logger LOG = LoggerFactory.getLogger(Issuance.class);
  private static final int TRIES = 4;
  private static final Duration A_MOMENT = Duration.ofMillis(100);

  private final Coverage coverage;
  private final Ledger ledger;
  private final List<Cloud> clouds;
  private final Console console;

  public Issuance(Coverage coverage, Ledger ledger, List<Cloud> clouds, Console console) {
    this.coverage = coverage;
    this.ledger = ledger;
    this.clouds = List.copyOf(clouds);
    this.console = console;
  }

  /** A credential for the errand's role under the caller's grant, or why there is none. */
  public Answer issue(Caller caller, Errand errand, Circumstances circumstances) {
    return issue(caller, errand, circumstances, Terms.any());
  }

  /** The same for a door that cannot hand out everything, or cannot wait for long. */
  public Answer issue(Caller caller, Errand errand, Circumstances circumstances, Terms terms) {
    return run(caller, errand, circumstances, new Finish.HandOut(terms));
  }

  /**
   * A link that signs the caller's browser in to the console of {@code role}.
   *
   * @param destination one of the role's destinations; null for its first
   */
  public Answer console(
      Caller caller, String role, @Nullable String destination, Circumstances circumstances) {
    return run(
        caller,
        Errand.to(role).comingAgain(),
        circumstances,
        new Finish.SignIn(destination, console, ledger));
  }

  private Answer run(Caller caller, Errand errand, Circumstances circumstances, Finish finish) {
    try {
      return switch (coverage.of(caller, errand, circumstances, 0)) {
        case Coverage.Settled(var answer) -> answer;
        case Covered covered -> {
          var unfit = finish.unfit(covered.role().target());
          yield unfit == null
              ? inTurn(covered, new Call(caller, errand, circumstances, finish))
              : coverage.refused(caller, errand.role(), unfit, circumstances).answer();
        }
      };
    } catch (StoreUnavailableException e) {
      return unavailable(e);
    }
  }

  private static Answer unavailable(StoreUnavailableException e) {
    LOG.atError().addKeyValue("reason", e.why()).setCause(e).log("issuance.ledger_unavailable");
    return new Answer.LedgerUnavailable();
  }

  private record Call(Caller caller, Errand errand, Circumstances circumstances, Finish finish) {}

  private static Answer turnedAway() {
    return new Answer.Refused(IssueRefusal.CLOUD_BUSY);
  }

  private Answer inTurn(Covered covered, Call call) {
    var taken = turn(covered.role().target());
    if (taken.isEmpty()) {
      return turnedAway();
    }
    try (var turn = taken.get()) {
      // For somebody who has gone meanwhile nothing is spent.
      return call.finish().isWanted() ? recorded(turn, covered, call) : turnedAway();
    }
  }

  /** Records and mints; what moved before it was recorded is judged again, in the same turn. */
  private Answer recorded(Turn turn, Covered first, Call call) {
    var at = call.circumstances().after(turn.waited());
    var covered = first;
    for (var attempt = 0; attempt < TRIES; attempt++) {
      // After a wait the policies, the hour and the grant may be others.
      if (attempt > 0 || turn.waited().compareTo(A_MOMENT) >= 0) {
        switch (coverage.of(call.caller(), call.errand(), at, attempt)) {
          case Coverage.Settled(var answer) -> {
            return answer;
          }
          case Covered again -> covered = again;
        }
        // The turn is good for where the role led when it was taken.
        if (!covered.role().target().equals(first.role().target())) {
          return turnedAway();
        }
      }
      var answer = recorded(turn, covered, at, call);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return new Answer.LedgerUnavailable();
  }

  private Optional<Answer> recorded(
      Turn turn, Covered covered, Circumstances circumstances, Call call) {
    return switch (covered.record(ledger, circumstances.sourceIp())) {
      // A revocation, a decision or a new standing came between.
      case Recorded.Changed _ -> Optional.empty();
      case Recorded.Refused(var why) -> Optional.of(new Answer.Refused(why));
      case Recorded.Intended(var grant) -> Optional.of(intended(turn, grant, call));
    };
  }

  /** What comes of an intent. A token that is good once is spent by now, whatever comes. */
  private Answer intended(Turn turn, RecordedGrant grant, Call call) {
    Answer answer;
    try {
      answer = mint(turn, grant, call.finish());
    } catch (StoreUnavailableException e) {
      answer = unavailable(e);
    }
    var once = call.caller().token().use() == TokenUse.SINGLE_USE;
    return once && answer instanceof Answer.No no ? new Answer.Spent(no) : answer;
  }

  /** A turn at the cloud; for what no cloud serves, one that ends with a refusal. */
  private Optional<Turn> turn(Target target) {
    for (var cloud : clouds) {
      if (cloud.serves(target)) {
        return cloud.turn(target);
      }
    }
    return Optional.of(
        Turn.atOnce(_ -> {
          throw new MintException(MintException.Reason.CLOUD_REFUSED);
        }));
  }

  private Answer mint(Turn turn, RecordedGrant grant, Finish finish) {
    Credential credential;
    try {
      credential = minted(turn, grant);
    } catch (MintException e) {
      return failed(grant, e);
    }
    if (credential.expiresAt().isAfter(grant.endsAt())) {
      // The cloud's adapter has checked this; a credential that outlives its grant has no way out.
      return failed(grant, new MintException(MintException.Reason.CLOUD_ANSWER_WRONG));
    }
    if (!finish.isWanted()) {
      return failed(grant, new MintException(MintException.Reason.CLOUD_FAILED));
    }
    return sealed(grant, credential, finish);
  }

  private Answer sealed(RecordedGrant grant, Credential credential, Finish finish) {
    Finish.Ready ready;
    try {
      ready = finish.ready(grant, credential);
    } catch (MintException e) {
      // There is a credential, whatever failed after it.
      ledger.unknown(grant, e.reason().code());
      return new Answer.CloudFailed(grant.issuance(), e.reason());
    }
    var fingerprint =
        new Fingerprint(
            credential.id(),
            credential.fingerprint(),
            credential.expiresAt(),
            credential.livesUntil());
    // If this throws the credential is dropped: what nobody wrote down is never handed out. Nothing
    // that takes time comes after it: a grant may be ended at any moment.
    return switch (ledger.seal(grant, fingerprint)) {
      case Seal.Withdrawn(var why) -> new Answer.Refused(why);
      case Seal.Written _ -> ready.handedOut();
    };
  }

  private static Credential minted(Turn turn, RecordedGrant grant) throws MintException {
    try {
      return turn.mint(grant);
    } catch (RuntimeException e) {
      // A bug, or no signing key: whether the cloud was asked is not known, so the ledger says so.
      throw new MintException(MintException.Reason.CLOUD_FAILED, e);
    }
  }

  private Answer failed(RecordedGrant grant, MintException failure) {
    var reason = failure.reason();
    LOG.atWarn()
        .addKeyValue("issuance", grant.issuance())
        .addKeyValue("reason", reason.code())
        .setCause(failure)
        .log("issuance.failed");
    if (failure.mayExist()) {
      ledger.unknown(grant, reason.code());
    } else {
      ledger.failed(grant, reason.code());
    }
    return new Answer.CloudFailed(grant.issuance(), reason);
  }
}
