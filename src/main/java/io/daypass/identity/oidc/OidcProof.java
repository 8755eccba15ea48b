package io.daypass.identity.oidc;

import io.daypass.identity.Rejection;
import io.daypass.identity.TokenProof;
import io.daypass.identity.TrustedIssuer;
import io.daypass.log.Guarded;
import java.net.http.HttpClient;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves tokens with the keys that the configured issuers publish. Keeps those keys fresh in the
 * background until it is closed; {@link #prove} waits for an issuer only if a token names a key
 * that is not known yet.
 */
public final class OidcProof implements TokenProof, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OidcProof.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** By the exact {@code iss}. */
  private final Map<String, Trusted> byIssuer;

  private final HttpClient http;
  private final ScheduledExecutorService ticker;

  private OidcProof(Map<String, Trusted> byIssuer, HttpClient http) {
    this.byIssuer = byIssuer;
    this.http = http;
    this.ticker =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("issuer-keys").factory());
  }

  /**
   * Begins to fetch all issuers' keys and returns at once; tokens that come before the keys wait
   * for them.
   *
   * @param issuers each with an {@code iss} of its own
   * @param crypto makes the keys and verifies with them; the JDK's providers if null
   */
  public static OidcProof start(
      List<TrustedIssuer> issuers, @Nullable Provider crypto, InstantSource clock) {
    var proof = idle(issuers, crypto, clock, Limits.STANDARD);
    proof.look(LOOK_EVERY);
    return proof;
  }

  /** Refreshes now, and at every {@code interval} from then on. */
  void look(Duration interval) {
    refresh();
    var _ =
        ticker.scheduleWithFixedDelay(
            this::refresh, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Fetches keys when a token asks for them, or when told to {@link #refresh}. */
  static OidcProof idle(
      List<TrustedIssuer> issuers, @Nullable Provider crypto, InstantSource clock, Limits limits) {
    var http = Dial.client(limits.deadline());
    var reader = new KeyReader(crypto);
    var byIssuer = new LinkedHashMap<String, Trusted>();
    for (var issuer : issuers) {
      var site = new IssuerSite(issuer, http, reader, limits.deadline());
      var keys = new IssuerKeys(issuer.name(), site::fetch, clock, limits);
      if (byIssuer.put(issuer.issuer(), new Trusted(issuer, keys)) != null) {
        throw new IllegalArgumentException("two entries have the issuer " + issuer.issuer());
      }
    }
    return new OidcProof(byIssuer, http);
  }

  @Override
  public Proof prove(String token) {
    return switch (CompactToken.parse(token)) {
      case CompactToken.Parsed.Refused(var reason) -> new Proof.Unsigned(reason);
      case CompactToken.Parsed.Token(var parsed) -> prove(parsed);
    };
  }

  /** One line for each issuer, in the order of the configuration. Asks nobody. */
  public List<IssuerHealth> health() {
    return byIssuer.values().stream().map(trusted -> trusted.keys().health()).toList();
  }

  /** Starts the fetches that are due and waits for none. Never throws: the ticker would end. */
  void refresh() {
    byIssuer.values().forEach(OidcProof::refresh);
  }

  private static void refresh(Trusted trusted) {
    Guarded.run(
        trusted.keys()::refreshIfDue,
        e ->
            LOG.atError()
                .setCause(e)
                .addKeyValue("issuer", trusted.issuer().name())
                .log("issuer.keys.watch_failed"));
  }

  /** Ends all fetches. What is held stays usable until it is too old. */
  @Override
  public void close() {
    ticker.shutdownNow();
    http.shutdownNow();
  }

  private Proof prove(CompactToken token) {
    if (!token.claims().containsKey("iss")) {
      return new Proof.Unsigned(Rejection.CLAIM_MISSING);
    }
    if (!(token.claims().get("iss") instanceof String iss)) {
      return new Proof.Unsigned(Rejection.CLAIM_WRONG_TYPE);
    }
    var trusted = byIssuer.get(iss);
    if (trusted == null) {
      return new Proof.Unsigned(Rejection.ISSUER_UNKNOWN);
    }
    return switch (trusted.keys().find(token.header().kid())) {
      case IssuerKeys.Found.Unknown() -> new Proof.Unsigned(Rejection.KEY_UNKNOWN);
      case IssuerKeys.Found.Unavailable() -> new Proof.KeysUnavailable(trusted.issuer().name());
      case IssuerKeys.Found.Key(var key) -> prove(token, key, trusted.issuer());
    };
  }

  private static Proof prove(CompactToken token, VerifyingKey key, TrustedIssuer issuer) {
    if (!key.isFor(token.header().algorithm())) {
      return new Proof.Unsigned(Rejection.ALGORITHM_NOT_ALLOWED);
    }
    if (!key.hasThumbprints(token.header())) {
      return new Proof.Unsigned(Rejection.HEADER_NOT_ALLOWED);
    }
    if (!key.verifies(token)) {
      return new Proof.Unsigned(Rejection.SIGNATURE_INVALID);
    }
    return new Proof.Signed(issuer, token.claims(), sha256(token.signedBytes()));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private record Trusted(TrustedIssuer issuer, IssuerKeys keys) {}
}
