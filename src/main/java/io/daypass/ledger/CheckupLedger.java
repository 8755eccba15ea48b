package io.daypass.ledger;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Role;
import io.daypass.request.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a checkup has minted, written down as everything is that is minted: intent first, then what
 * it came to. An intent that never gets that far is closed as any other is. Nobody is handed
 * anything, so there is no request and no caller; the entries say so.
 */
public final class CheckupLedger {

  /** No issuer of the settings has this name: names begin with a letter or a digit. */
  private static final CallerId NOBODY = new CallerId("_daypass", "checkup");

  /** No request: real ids are drawn, and this one never. */
  private static final RequestId NONE = new RequestId("0000000000000000");

  private static final String MARK = "checkup";

  private final Ledger ledger;
  private final Supplier<UUID> ids;

  public CheckupLedger(Ledger ledger, Supplier<UUID> ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /** Whether an administrator has stopped issuing, and checkups with it. */
  public boolean isStopped() {
    return ledger.isStopped();
  }

  /** Writes the intent; returns only once it is durable. */
  public RecordedGrant intend(Role role, String policies, Instant now, Duration life) {
    var at = now.truncatedTo(ChronoUnit.SECONDS);
    var nobody = new Identity(NOBODY, Kind.WORKLOAD, null, null, null, Set.of(), Map.of());
    var grant = new RecordedGrant(ids.get(), NONE, nobody, role, at, at.plus(life), at.plus(life));
    write(
        EntryKind.INTENT,
        grant,
        Map.of(
            "cloud",
            role.target().cloud(),
            "policies",
            policies,
            "ends_at",
            grant.endsAt().toString()));
    return grant;
  }

  /** Writes that a credential was minted, which nobody was or will be given. */
  public void minted(RecordedGrant grant, Ledger.Fingerprint fingerprint) {
    write(
        EntryKind.SEALED,
        grant,
        Map.of(
            "credential", fingerprint.id(),
            "fingerprint", fingerprint.fingerprint(),
            "expires_at", fingerprint.expiresAt().toString(),
            "handed_out", false));
  }

  /** Writes that nothing came of it, or that nothing is known of what did. */
  public void failed(RecordedGrant grant, String code, boolean mayExist) {
    write(mayExist ? EntryKind.UNKNOWN : EntryKind.FAILED, grant, Map.of("code", code));
  }

  private void write(EntryKind kind, RecordedGrant grant, Map<String, Object> detail) {
    var marked = new LinkedHashMap<>(detail);
    marked.put(MARK, true);
    ledger.append(new Entry(kind, null, grant.issuance(), grant.role().name(), NOBODY, marked));
  }
}
