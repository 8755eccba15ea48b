package io.daypass.identity;

import java.util.Map;

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
     * @param claims read from the very bytes that were verified
     * @param signedBytesHash SHA-256 of {@code header.payload}, hex
     */
    record Signed(TrustedIssuer issuer, Map<String, Object> claims, String signedBytesHash)
        implements Proof {
      public Signed {
        claims = Map.copyOf(claims);
      }
    }

    record Unsigned(Rejection reason) implements Proof {}

    record KeysUnavailable(String issuer) implements Proof {}
  }
}
