package io.daypass.ledger;

import io.daypass.ledger.LedgerStore.HandedOut;
import io.daypass.ledger.LedgerStore.Intent;
import io.daypass.ledger.LedgerStore.Seal;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.request.AccessRequest;
import io.daypass.request.Opening;
import io.daypass.request.RequestId;
import io.daypass.request.Warrant;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The append-only record of every decision and issuance. Written first: what cannot be written down
 * is not minted, and what cannot be sealed is not handed out.
 */
public final class Ledger {

  private final LedgerStore store;
  private final Supplier<UUID> ids;

  public Ledger(LedgerStore store, Supplier<UUID> ids) {
    this.store = store;
    this.ids = ids;
  }

  /** What became of an intent. */
  public sealed interface Recorded {
    record Intended(RecordedGrant grant) implements Recorded {}

    /** The grant or an approver changed since it was read: judge again. */
    record Changed() implements Recorded {}

    record Refused(IssueRefusal why) implements Recorded {}
  }

  /**
   * What is kept of a credential: enough to recognise it, nothing to use it.
   *
   * @param id the cloud's own public name for it
   * @param fingerprint SHA-256 of its secret part, hex
   * @param livesUntil when the cloud itself stops believing it, if later
   */
  public record Fingerprint(String id, String fingerprint, Instant expiresAt, Instant livesUntil) {

    /** Of a credential that dies when it is said to. */
    public Fingerprint(String id, String fingerprint, Instant expiresAt) {
      this(id, fingerprint, expiresAt, expiresAt);
    }
  }

  /** Writes the intent to issue under {@code warrant}; returns only once it is durable. */
  public Recorded intend(Warrant warrant, String sourceIp) {
    var issuance = ids.get();
    var allowance = warrant.allowance();
    var detail = intentDetail(allowance.role(), allowance.rule().name(), sourceIp);
    detail.put("policies", allowance.policyDigest());
    detail.put("ends_at", warrant.endsAt().toString());
    var intent = store.intend(issuance, warrant, detail);
    // The policies in force may give less than was agreed; the narrower end wins.
    return recorded(
        issuance, allowance.role(), intent, new Ends(warrant.endsAt(), warrant.grantEndsAt()));
  }

  /** Opens a request that its rule approves at once, with the intent to issue under it. */
  public Recorded open(Opening opening, String sourceIp) {
    var issuance = ids.get();
    var allowance = opening.allowance();
    var detail = intentDetail(allowance.role(), allowance.rule().name(), sourceIp);
    detail.put("policies", allowance.policyDigest());
    var intent = store.openAndIntend(issuance, opening, detail);
    return recorded(issuance, allowance.role(), intent, new Ends(Instant.MAX, Instant.MAX));
  }

  /** Seals an issuance. The credential may be handed out only if this answers Written. */
  public Seal seal(RecordedGrant grant, Fingerprint fingerprint) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("credential", fingerprint.id());
    detail.put("fingerprint", fingerprint.fingerprint());
    detail.put("expires_at", fingerprint.expiresAt().toString());
    if (fingerprint.livesUntil().isAfter(fingerprint.expiresAt())) {
      detail.put("lives_until", fingerprint.livesUntil().toString());
    }
    return store.seal(grant, detail);
  }

  /** Writes that the cloud made nothing. */
  public void failed(RecordedGrant grant, String code) {
    store.fail(grant, EntryKind.FAILED, Map.of("code", code));
  }

  /** Writes that the cloud may have made a credential which nobody was given. */
  public void unknown(RecordedGrant grant, String code) {
    store.fail(grant, EntryKind.UNKNOWN, Map.of("code", code));
  }

  public void append(Entry entry) {
    store.append(entry);
  }

  public List<WrittenEntry> read(LedgerQuery query) {
    return store.read(query);
  }

  /** Whether an administrator has stopped issuing on all replicas. */
  public boolean isStopped() {
    return store.isStopped();
  }

  /** What is known of the credential with this fingerprint, if it was handed out to somebody. */
  public Optional<HandedOut> handedOut(String fingerprint) {
    return store.handedOut(fingerprint);
  }

  /**
   * Until when the cloud believes a credential that was handed out under {@code request}, whatever
   * it can still do with it; empty if none was.
   */
  public Optional<Instant> believedUntil(RequestId request) {
    return store.believedUntil(request);
  }

  /** Closes every intent older than {@code age} that has no outcome; says which. */
  public List<UUID> closeOrphans(Duration age) {
    return store.closeOrphans(age);
  }

  /** Stops or resumes issuing on all replicas. False if it was so already. */
  public boolean setStopped(boolean stopped, Entry entry) {
    return store.setStopped(stopped, entry);
  }

  private static Map<String, Object> intentDetail(Role role, String rule, String sourceIp) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("rule", rule);
    detail.put("cloud", role.target().cloud());
    if (role.target() instanceof Target.Aws aws) {
      // Whose sessions are to be cut, should the grant be ended early.
      detail.put("role_arn", aws.roleArn().toString());
    }
    detail.put("source_ip", sourceIp);
    return detail;
  }

  /** The latest ends of a credential and of its grant. */
  private record Ends(Instant credential, Instant grant) {}

  private static Recorded recorded(UUID issuance, Role role, Intent intent, Ends latest) {
    return switch (intent) {
      case Intent.Changed _ -> new Recorded.Changed();
      case Intent.Refused(var why) -> new Recorded.Refused(why);
      case Intent.Written(AccessRequest request, var at, var ends) ->
          new Recorded.Intended(
              new RecordedGrant(
                  issuance,
                  request.id(),
                  request.requester(),
                  role,
                  at,
                  earlier(ends, latest.credential()),
                  earlier(request.times().grantEnds(), latest.grant())));
    };
  }

  private static Instant earlier(@Nullable Instant one, Instant other) {
    return one != null && one.isBefore(other) ? one : other;
  }
}
