package io.daypass.identity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proves where a token comes from: the issuer by exact string, the key by (issuer, kid), the
 * algorithm by the key. Says nothing of what the token claims.
 */
public interface TokenProof {

  /** Never throws for a token, whatever it looks like. */
  Proof prove(String token);

  /** What became of a token's signature. */
  sealed interface Proof {

    /**
     * Signed by {@code issuer}.
     *
     * @param claims read from the very bytes that were verified; a JSON null stays a null, so that
     *     it is told from an absent claim
     * @param signedBytesHash SHA-256 of {@code header.payload}, hex
     */
    record Signed(
        TrustedIssuer issuer, Map<String, @Nullable Object> claims, String signedBytesHash)
        implements Proof {
      public Signed {
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
      }
    }

    /** Signed by nobody who is believed. */
    record Unsigned(Rejection reason) implements Proof {}

    /**
     * Whether it is signed cannot be known now.
     *
     * @param issuer the configured name
     */
    record KeysUnavailable(String issuer) implements Proof {}
  }
}
