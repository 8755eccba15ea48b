package io.daypass.issuance;

import io.daypass.cloud.Secret;
import io.daypass.identity.Identity;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.LedgerStore.HandedOut;
import io.daypass.request.AccessRequest;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Tells whoever holds a credential whom it was handed out to. To have it is proof enough, and
 * nothing is told of one that the ledger does not know, nor of one whose grant is over.
 */
public final class Recognition {

  private final Ledger ledger;
  private final RequestStore requests;
  private final InstantSource clock;

  /**
   * @param clock the database's
   */
  public Recognition(Ledger ledger, RequestStore requests, InstantSource clock) {
    this.ledger = ledger;
    this.requests = requests;
    this.clock = clock;
  }

  /** Who has a credential, as what, under which request, and until when. */
  public record Holder(Identity identity, String role, RequestId request, Instant expiresAt) {}

  /** The holder of {@code credential}; empty if it is none of ours, or no more. */
  public Optional<Holder> holderOf(Secret credential) {
    return ledger.handedOut(credential.fingerprint()).flatMap(this::holder);
  }

  private Optional<Holder> holder(HandedOut handed) {
    var now = clock.instant();
    return now.isBefore(handed.expiresAt())
        ? requests
            .find(handed.request())
            .filter(request -> request.grantAt(now).isPresent())
            .map(request -> holder(request, handed))
        : Optional.empty();
  }

  private static Holder holder(AccessRequest request, HandedOut handed) {
    return new Holder(request.requester(), request.role(), request.id(), handed.expiresAt());
  }
}
