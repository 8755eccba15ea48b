package io.daypass.request;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.SignInClaims;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps how people stand: each verified token of a person says what groups they are in now, and
 * what they approved earlier is judged by it.
 */
public final class People {

  private final RequestStore store;

  // Spares a write where nothing changed. Short-lived, because another replica may have written.
  private final Cache<CallerId, Said> lately =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  public People(RequestStore store) {
    this.store = store;
  }

  /** Remembers what the token of {@code caller} says; machines have no standing. */
  public void seen(Caller caller) {
    if (!caller.isHuman()) {
      return;
    }
    // How they signed in is nothing of how they stand.
    var standing = SignInClaims.without(caller.identity());
    var said = new Said(standing, caller.token().issuedAt());
    var known = lately.getIfPresent(caller.id());
    // An older one, of a session say, changes nothing.
    if (known == null || !(said.equals(known) || known.at().isAfter(said.at()))) {
      store.remember(standing, said.at());
      lately.put(caller.id(), said);
    }
  }

  // When it was said counts too: a newer token that says the same outdates those before it.
  private record Said(Identity identity, Instant at) {}
}
