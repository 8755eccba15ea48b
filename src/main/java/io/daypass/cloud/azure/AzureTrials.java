package io.daypass.cloud.azure;

import io.daypass.cloud.Credential.AzureToken;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.CloudTime;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Wire;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a checkup tries: the steps of a mint, without what would give anybody access. */
record AzureTrials(
    AzureConfig config, Entra entra, Binder binder, ScopeProbe probe, ScopeLocks locks, Wire wire) {

  /**
   * A token as a caller would get it, with nothing assigned for its grant.
   *
   * @param principal whose it is in the directory; empty if the token does not say
   */
  record Trial(AzureToken token, Optional<String> principal) {}

  /** A token of {@code client}. */
  Trial token(RecordedGrant grant, Target.Azure target, String client) throws MintException {
    return asked(() -> {
      binder.keptFrom(target);
      var token = entra.token(Entra.Wanted.under(grant, target, client, config));
      return new Trial(AzureCloud.credential(grant, target, token, true), token.principal());
    });
  }

  /**
   * What there is at a scope.
   *
   * @param locks what would keep access there; empty if the binder may not see that
   */
  record Look(ScopeProbe.Seen scope, Optional<List<ScopeLocks.Lock>> locks) {}

  /**
   * What the binder sees, and may do.
   *
   * @param about what its assertion is known by
   */
  Look look(ScopeProbe.Look look, UUID about) throws MintException {
    return asked(() -> {
      var token = binder.token(look.tenant(), about);
      return new Look(probe.look(look, token), locks.reaching(look.tenant(), look.scope(), token));
    });
  }

  boolean hasBinder() {
    return config.binder() != null;
  }

  /** How far Entra's clock is ahead of {@code ours}; empty if it does not say what time it is. */
  Optional<Duration> clockAhead(String tenant, InstantSource ours) {
    return CloudTime.ahead(wire, config.discovery(tenant), ours);
  }

  @FunctionalInterface
  private interface Asking<T> {
    T make() throws Failure;
  }

  private static <T> T asked(Asking<T> asking) throws MintException {
    try {
      return asking.make();
    } catch (KeysUnavailableException e) {
      throw new MintException(Reason.KEYS_UNAVAILABLE, e);
    } catch (Failure failure) {
      throw failure.asMintException();
    }
  }
}
