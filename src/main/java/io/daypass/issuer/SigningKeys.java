package io.daypass.issuer;

import io.daypass.issuer.KeyStore.StoredKey;
import io.daypass.issuer.Keysmith.Signer;
import io.daypass.issuer.Keysmith.UnopenedKeyException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signing keys of this deployment, in memory. Signing and the public documents need no
 * database: a store that cannot be reached leaves what was loaded last.
 *
 * <p>Thread safe. Call {@link #refresh} at the start, on notice of a rotation, and at least once
 * per {@link Rotation#reload}.
 */
public final class SigningKeys implements Assertions {

  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

  private final IssuerUrl issuer;
  private final KeyStore store;
  private final Keysmith smith;
  private final Rotation rotation;
  private final InstantSource clock;
  private final PublicDocument discovery;
  private final ReentrantLock loading = new ReentrantLock();
  private volatile KeyRing ring = KeyRing.EMPTY;
  private volatile PublicDocument jwks;

  public SigningKeys(
      IssuerUrl issuer, KeyStore store, Keysmith smith, Rotation rotation, InstantSource clock) {
    this.issuer = issuer;
    this.store = store;
    this.smith = smith;
    this.rotation = rotation;
    this.clock = clock;
    this.discovery = PublicDocument.of(Discovery.document(issuer), rotation.maxAge());
    this.jwks = document(KeyRing.EMPTY);
  }

  @Override
  public String sign(Assertion assertion, Algorithm algorithm) {
    var life = Duration.between(assertion.issuedAt(), assertion.expiresAt());
    if (!life.isPositive() || life.compareTo(rotation.longestToken()) > 0) {
      // A longer token could outlive its key's place in the JWKS.
      throw new IllegalArgumentException("an assertion lives no longer than its key is published");
    }
    return ring.signer(algorithm, clock.instant()).sign(issuer.value(), assertion);
  }

  /**
   * What Daypass says of itself and others keep, as a compact JWS by the ES256 key in use. {@code
   * text} is no JSON, so that nobody takes it for a token.
   *
   * @throws KeysUnavailableException if no signing key is loaded
   */
  public String attest(String type, String text) {
    return ring.signer(Algorithm.ES256, clock.instant()).attest(type, text);
  }

  /** Whether there is a key to sign with, of every algorithm. */
  public boolean ready() {
    return ring.complete(clock.instant());
  }

  /** The public keys, for {@code /.well-known/jwks.json}; without keys until some are loaded. */
  public PublicDocument jwks() {
    return jwks;
  }

  /** The document for {@code /.well-known/openid-configuration}. */
  public PublicDocument discovery() {
    return discovery;
  }

  /**
   * Loads the keys of all replicas. Where the store holds none of an algorithm, this is the first
   * start: one is made, usable at once.
   *
   * @throws WrongMasterKeyException if there are keys and none of them opens
   * @throws RuntimeException what the store throws when it cannot be reached; the keys in memory
   *     stay as they are
   */
  public void refresh() {
    // Without the lock a slow load could put back what a later one has replaced.
    loading.lock();
    try {
      load();
    } finally {
      loading.unlock();
    }
  }

  /**
   * Adds a successor to the key of every algorithm that has none waiting yet. It is published at
   * once and used from {@link Rotation#lead} on, so that by then every replica publishes it and no
   * relying party holds a JWKS without it.
   *
   * @return the kids that were added
   */
  public List<String> rotate() {
    loading.lock();
    try {
      load();
      var now = clock.instant();
      var added = new ArrayList<String>();
      for (var algorithm : Algorithm.values()) {
        if (!ring.hasSuccessor(algorithm, now)) {
          added.add(add(algorithm, now, now.plus(rotation.lead())));
        }
      }
      load();
      return List.copyOf(added);
    } finally {
      loading.unlock();
    }
  }

  private void load() {
    var stored = store.load();
    var loaded = open(stored);
    var missing = missing(stored);
    if (!missing.isEmpty()) {
      var now = clock.instant();
      missing.forEach(algorithm -> add(algorithm, now, now));
      // Another replica may have been first: what counts is what the store now holds.
      loaded = open(store.load());
    }
    // Published before it may sign, also within this replica.
    jwks = document(loaded);
    ring = loaded;
  }

  private PublicDocument document(KeyRing keys) {
    return PublicDocument.of(keys.jwks(clock.instant(), rotation), rotation.maxAge());
  }

  private static List<Algorithm> missing(Collection<StoredKey> stored) {
    return List.of(Algorithm.values()).stream()
        .filter(algorithm -> stored.stream().noneMatch(key -> key.algorithm() == algorithm))
        .toList();
  }

  private KeyRing open(Collection<StoredKey> stored) {
    var open = new ArrayList<KeyRing.Key>();
    var unopened = new ArrayList<StoredKey>();
    UnopenedKeyException failure = null;
    for (var key : stored) {
      try {
        open.add(new KeyRing.Key(key, signer(key)));
      } catch (UnopenedKeyException e) {
        // Not published either: whoever can write to the table could add a key of their own.
        failure = e;
        unopened.add(key);
        log.atError()
            .addKeyValue("kid", key.id())
            .addKeyValue("reason", e.getMessage())
            .log("issuer.key.unopened");
      }
    }
    if (open.isEmpty() && failure != null) {
      throw new WrongMasterKeyException(failure);
    }
    return new KeyRing(open, unopened);
  }

  private Signer signer(StoredKey key) throws UnopenedKeyException {
    var known = ring.signerOf(key);
    return known != null ? known : smith.open(key);
  }

  private String add(Algorithm algorithm, Instant now, Instant useFrom) {
    var forged = smith.forge(algorithm);
    store.add(
        new StoredKey(forged.id(), algorithm, forged.wrapped(), forged.publicJwk(), now, useFrom));
    log.atInfo()
        .addKeyValue("kid", forged.id())
        .addKeyValue("algorithm", algorithm)
        .addKeyValue("use_from", useFrom)
        .log("issuer.key.added");
    return forged.id();
  }
}
