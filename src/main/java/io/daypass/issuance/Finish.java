package io.daypass.issuance;

import io.daypass.cloud.Console;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Secret;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with a credential. */
sealed interface Finish {

  /** What stands in the way for this target, before anything is intended; null if nothing. */
  @Nullable IssueRefusal unfit(Target target);

  /** Whether a credential would still reach somebody. */
  default boolean isWanted() {
    return true;
  }

  /**
   * Makes of {@code credential} what its caller gets, with whatever that takes of the cloud.
   *
   * @throws MintException if the cloud does not let it come about
   */
  Ready ready(RecordedGrant grant, Credential credential) throws MintException;

  /** What the caller gets once the credential is sealed. */
  @FunctionalInterface
  interface Ready {
    Answer handedOut();
  }

  /** Goes to the caller, as the door's terms have it. */
  record HandOut(Terms terms) implements Finish {
    @Override
    public @Nullable IssueRefusal unfit(Target target) {
      return terms.takes().test(target) ? null : IssueRefusal.NOT_AT_THIS_DOOR;
    }

    @Override
    public boolean isWanted() {
      return terms.wanted().getAsBoolean();
    }

    @Override
    public Ready ready(RecordedGrant grant, Credential credential) {
      return () ->
          new Answer.Issued(grant.issuance(), grant.request(), credential, grant.grantEndsAt());
    }
  }

  /**
   * Signs a browser in to the console.
   *
   * @param destination one of the role's; null for its first
   */
  record SignIn(@Nullable String destination, Console console, Ledger ledger) implements Finish {

    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);

    @Override
    public @Nullable IssueRefusal unfit(Target target) {
      return place(target) == null ? IssueRefusal.NO_SUCH_DESTINATION : null;
    }

    private @Nullable String place(Target target) {
      if (!(target instanceof Target.Aws aws) || aws.console().isEmpty()) {
        return null;
      }
      var wanted = destination == null ? aws.console().getFirst() : destination;
      return aws.console().contains(wanted) ? wanted : null;
    }

    private Secret linked(RecordedGrant grant, Target.Aws aws, AwsSession session, String place)
        throws MintException {
      try {
        return console.link(aws, session, place);
      } catch (MintException e) {
        throw logged(grant, e);
      } catch (RuntimeException e) {
        throw logged(grant, new MintException(MintException.Reason.CLOUD_FAILED, e));
      }
    }

    private static MintException logged(RecordedGrant grant, MintException failure) {
      LOG.atWarn()
          .addKeyValue("issuance", grant.issuance())
          .addKeyValue("reason", failure.reason().code())
          .setCause(failure)
          .log("issuance.console_failed");
      return failure;
    }

    /** Whoever has the link has the session, so it is asked for before the seal. */
    @Override
    public Ready ready(RecordedGrant grant, Credential credential) throws MintException {
      var target = grant.role().target();
      var place = place(target);
      if (place == null
          || !(target instanceof Target.Aws aws)
          || !(credential instanceof AwsSession session)) {
        return () -> new Answer.Refused(IssueRefusal.NO_SUCH_DESTINATION);
      }
      var link = linked(grant, aws, session, place);
      return () -> {
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
      };
    }
  }
}
