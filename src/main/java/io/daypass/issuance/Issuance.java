package io.daypass.issuance;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.identity.Caller;
import io.daypass.issuance.Coverage.Covered;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.Ledger.Fingerprint;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.ledger.LedgerStore.Seal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Target;
import io.daypass.request.StoreUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one path to a credential: decide, record, mint, seal. Verifying the caller came before, and a
 * {@link Caller} proves it.
 */
public final class Issuance {

  private static final Logger LOG = LoggerFactory.getLogger(Issuance.class);
  private static final int TRIES = 4;

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
    return run(caller, errand, circumstances, new HandOut(terms));
  }

  /**
   * A link that signs the caller's browser in to the console of {@code role}.
   *
   * @param destination one of the role's destinations; null for its first
   */
  public Answer console(
      Caller caller, String role, @Nullable String destination, Circumstances circumstances) {
    return run(caller, Errand.to(role), circumstances, new SignIn(destination));
  }

  private Answer run(Caller caller, Errand errand, Circumstances circumstances, Finish finish) {
    try {
      for (var attempt = 0; attempt < TRIES; attempt++) {
        var step = coverage.of(caller, errand, circumstances, attempt);
        switch (step) {
          case Coverage.Settled(var answer) -> {
            return answer;
          }
          case Covered covered -> {
            var unfit = finish.unfit(covered.role().target());
            if (unfit != null) {
              return unfit;
            }
            var answer = recorded(covered, circumstances, finish);
            if (answer.isPresent()) {
              return answer.get();
            }
          }
        }
      }
      return new Answer.LedgerUnavailable();
    } catch (StoreUnavailableException e) {
      LOG.atError().setCause(e).log("issuance.ledger_unavailable");
      return new Answer.LedgerUnavailable();
    }
  }

  /** The answer; empty if it all has to be judged again. */
  private Optional<Answer> recorded(Covered covered, Circumstances circumstances, Finish finish) {
    var place = turn(covered.role().target());
    if (place.isEmpty()) {
      return Optional.of(new Answer.Refused(IssueRefusal.CLOUD_BUSY));
    }
    try (var _ = place.get()) {
      return switch (covered.record(ledger, circumstances.sourceIp())) {
        // A revocation, a decision or a new standing came between.
        case Recorded.Changed _ -> Optional.empty();
        case Recorded.Refused(var why) -> Optional.of(new Answer.Refused(why));
        case Recorded.Intended(var grant) -> Optional.of(mint(grant, finish));
      };
    }
  }

  /** A place at the cloud; one that no cloud serves is refused when it is minted. */
  private Optional<Turn> turn(Target target) {
    for (var cloud : clouds) {
      if (cloud.serves(target)) {
        return cloud.turn(target);
      }
    }
    return Optional.of(() -> {});
  }

  private Answer mint(RecordedGrant grant, Finish finish) {
    try {
      var credential = minted(grant);
      if (credential.expiresAt().isAfter(grant.endsAt())) {
        // The cloud's adapter has checked this; a credential that outlives its grant has no way
        // out.
        return failed(grant, MintException.Reason.CLOUD_ANSWER_WRONG, null);
      }
      if (!finish.isWanted()) {
        return failed(grant, MintException.Reason.CLOUD_FAILED, null);
      }
      var fingerprint =
          new Fingerprint(
              credential.id(),
              credential.fingerprint(),
              credential.expiresAt(),
              credential.livesUntil());
      // If this throws the credential is dropped: what nobody wrote down is never handed out.
      return switch (ledger.seal(grant, fingerprint)) {
        case Seal.Withdrawn(var why) -> new Answer.Refused(why);
        case Seal.Written _ -> finish.answer(grant, credential);
      };
    } catch (MintException e) {
      return failed(grant, e.reason(), e);
    }
  }

  private Credential minted(RecordedGrant grant) throws MintException {
    try {
      return cloudOf(grant).mint(grant);
    } catch (RuntimeException e) {
      // A bug, or no signing key: whether the cloud was asked is not known, so the ledger says so.
      throw new MintException(MintException.Reason.CLOUD_FAILED, e);
    }
  }

  private Answer failed(
      RecordedGrant grant, MintException.Reason reason, @Nullable MintException cause) {
    LOG.atWarn()
        .addKeyValue("issuance", grant.issuance())
        .addKeyValue("reason", reason.code())
        .setCause(cause)
        .log("issuance.failed");
    if (reason.mayExist()) {
      ledger.unknown(grant, reason.code());
    } else {
      ledger.failed(grant, reason.code());
    }
    return new Answer.CloudFailed(grant.issuance(), reason);
  }

  private Cloud cloudOf(RecordedGrant grant) throws MintException {
    for (var cloud : clouds) {
      if (cloud.serves(grant.role().target())) {
        return cloud;
      }
    }
    throw new MintException(MintException.Reason.CLOUD_REFUSED);
  }

  /** What is done with a sealed credential. */
  private sealed interface Finish {

    /** What stands in the way for this target, before anything is recorded; null if nothing. */
    @Nullable Answer unfit(Target target);

    /** Whether a credential would still reach somebody. */
    default boolean isWanted() {
      return true;
    }

    Answer answer(RecordedGrant grant, Credential credential);
  }

  private record HandOut(Terms terms) implements Finish {
    @Override
    public @Nullable Answer unfit(Target target) {
      return terms.takes().test(target) ? null : new Answer.Refused(IssueRefusal.NOT_AT_THIS_DOOR);
    }

    @Override
    public boolean isWanted() {
      return terms.wanted().getAsBoolean();
    }

    @Override
    public Answer answer(RecordedGrant grant, Credential credential) {
      return new Answer.Issued(grant.issuance(), grant.request(), credential, grant.endsAt());
    }
  }

  private final class SignIn implements Finish {

    private final @Nullable String destination;

    SignIn(@Nullable String destination) {
      this.destination = destination;
    }

    @Override
    public @Nullable Answer unfit(Target target) {
      return place(target) == null ? new Answer.NoSuchDestination() : null;
    }

    private @Nullable String place(Target target) {
      if (!(target instanceof Target.Aws aws) || aws.console().isEmpty()) {
        return null;
      }
      var wanted = destination == null ? aws.console().getFirst() : destination;
      return aws.console().contains(wanted) ? wanted : null;
    }

    private Secret linked(Target.Aws aws, AwsSession session, String place) throws MintException {
      try {
        return console.link(aws, session, place);
      } catch (RuntimeException e) {
        throw new MintException(MintException.Reason.CLOUD_FAILED, e);
      }
    }

    @Override
    public Answer answer(RecordedGrant grant, Credential credential) {
      var target = grant.role().target();
      var place = place(target);
      if (place == null
          || !(target instanceof Target.Aws aws)
          || !(credential instanceof AwsSession session)) {
        return new Answer.NoSuchDestination();
      }
      try {
        var link = linked(aws, session, place);
        ledger.append(
            new Entry(
                EntryKind.CONSOLE_LINK,
                grant.request(),
                grant.issuance(),
                grant.role().name(),
                grant.requester().id(),
                Map.of("destination", place)));
        return new Answer.ConsoleLink(
            grant.issuance(), grant.request(), link, credential.expiresAt());
      } catch (MintException e) {
        // The session is sealed and in nobody's hands; the ledger over-reports, never
        // under-reports.
        LOG.atWarn()
            .addKeyValue("issuance", grant.issuance())
            .addKeyValue("reason", e.reason().code())
            .setCause(e)
            .log("issuance.console_failed");
        return new Answer.CloudFailed(grant.issuance(), e.reason());
      }
    }
  }
}
