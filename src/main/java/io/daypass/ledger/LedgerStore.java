package io.daypass.ledger;

import io.daypass.request.AccessRequest;
import io.daypass.request.Opening;
import io.daypass.request.RequestId;
import io.daypass.request.Warrant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where entries are kept. Every method returns only once what it wrote is durable, and throws
 * {@link io.daypass.request.StoreUnavailableException} when that is not known.
 */
public interface LedgerStore {

  /**
   * T1 under a grant: in one transaction, checks by the database's clock that the grant is what
   * {@code warrant} says, live and not revoked, that its approvers stand as they did when it was
   * judged and that the broker is not stopped, and writes the intent.
   */
  Intent intend(UUID issuance, Warrant warrant, Map<String, Object> detail);

  /**
   * T1 for a request that its rule approves at once: opens it and writes the intent, or neither.
   */
  Intent openAndIntend(UUID issuance, Opening opening, Map<String, Object> detail);

  /**
   * T2: checks that the grant is still live and not revoked and the broker not stopped, and writes
   * the seal; writes a failure otherwise.
   */
  Seal seal(RecordedGrant grant, Map<String, Object> detail);

  /** Writes that an issuance came to nothing, unless its outcome is written already. */
  void fail(RecordedGrant grant, EntryKind outcome, Map<String, Object> detail);

  void append(Entry entry);

  /** One page; another may follow if it {@linkplain LedgerQuery#isFilledBy fills} the query. */
  List<WrittenEntry> read(LedgerQuery query);

  /** The seal of the credential with this fingerprint, if it was handed out to somebody. */
  Optional<HandedOut> handedOut(String fingerprint);

  /**
   * Until when the cloud believes what was last handed out under {@code request}; empty if nothing
   * was.
   */
  Optional<Instant> believedUntil(RequestId request);

  /** Closes every intent older than {@code age} that has no outcome, as orphaned; says which. */
  List<UUID> closeOrphans(Duration age);

  /** Stops or resumes issuing on all replicas, with its entry. False if it was so already. */
  boolean setStopped(boolean stopped, Entry entry);

  boolean isStopped();

  /** Under which request a credential was handed out, and until when it was good. */
  record HandedOut(RequestId request, Instant expiresAt) {}

  /** What became of an intent. */
  sealed interface Intent {

    /** Written. {@code endsAt} is the grant's end as the database has it. */
    record Written(AccessRequest request, Instant at, Instant endsAt) implements Intent {}

    /** The grant or an approver changed since it was read: judge again. */
    record Changed() implements Intent {}

    /** Not written; the refusal is. */
    record Refused(IssueRefusal why) implements Intent {}
  }

  /** What became of a seal. */
  sealed interface Seal {
    record Written() implements Seal {}

    /** The credential must be dropped; that is written. */
    record Withdrawn(IssueRefusal why) implements Seal {}
  }
}
