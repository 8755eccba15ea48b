package io.daypass.issuance;

import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Secret;
import io.daypass.identity.PollToken;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Denial;
import io.daypass.request.AccessRequest;
import io.daypass.request.RefusalCode;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything a call for a credential can come to. */
public sealed interface Answer {

  /**
   * Sealed in the ledger, and so handed out.
   *
   * @param endsAt the end of the grant: if the credential ends earlier, there may be another
   */
  record Issued(UUID issuance, RequestId request, Credential credential, Instant endsAt)
      implements Answer {}

  /** Sealed in the ledger, and so handed out: a link that signs a browser in. */
  record ConsoleLink(UUID issuance, RequestId request, Secret url, Instant expiresAt)
      implements Answer {}

  /**
   * People must decide first.
   *
   * @param token to carry on with; null where the caller holds one, or has to come again with what
   *     it came with
   */
  record Pending(AccessRequest request, @Nullable PollToken token) implements Answer {}

  /** Nothing was handed out, and waiting for people would not change it. */
  sealed interface No extends Answer {}

  /** The policies say no. */
  record Denied(Denial denial) implements No {}

  /** Nothing is issued under the grant. */
  record Refused(IssueRefusal why) implements No {}

  /** The policies know no rule for the machine, nor for too many others of its issuer lately. */
  record TooManyStrangers(Duration comeAfter) implements No {}

  /** A request could not be made for the caller. */
  record NotOpened(RefusalCode why) implements No {}

  /** The cloud refused, failed or lied; the issuance stands in the ledger as failed or unknown. */
  record CloudFailed(UUID issuance, MintException.Reason reason) implements No {}

  /** The ledger did not take what had to be written; whatever was minted is dropped. */
  record LedgerUnavailable() implements No {}

  /** Nothing came of an intent, and the token, good once, was spent on it: it gets nothing more. */
  record Spent(No why) implements No {}
}
