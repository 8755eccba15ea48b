package io.daypass.identity.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The signature algorithms that a key may have: asymmetric ones of RFC 7518 section 3.1. A key has
 * one of them, from its own entry in the issuer's key set and never from a token.
 */
final class Algorithms {

  private static final Set<JWSAlgorithm> OF_RSA_KEYS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  private static final Map<Curve, JWSAlgorithm> OF_CURVES =
      Map.of(
          Curve.P_256, JWSAlgorithm.ES256,
          Curve.P_384, JWSAlgorithm.ES384,
          Curve.P_521, JWSAlgorithm.ES512);

  private Algorithms() {}

  static boolean isKnown(String name) {
    var algorithm = new JWSAlgorithm(name);
    return OF_RSA_KEYS.contains(algorithm) || OF_CURVES.containsValue(algorithm);
  }

  /** Of an RSA key whose entry says {@code named}; RS256 if it says nothing. */
  static Optional<JWSAlgorithm> ofRsaKey(@Nullable String named) {
    var algorithm = named == null ? JWSAlgorithm.RS256 : new JWSAlgorithm(named);
    return Optional.of(algorithm).filter(OF_RSA_KEYS::contains);
  }

  /**
   * Of a key on {@code curve} whose entry says {@code named}, which may only be the curve's own.
   */
  static Optional<JWSAlgorithm> ofCurve(Curve curve, @Nullable String named) {
    return Optional.ofNullable(OF_CURVES.get(curve))
        .filter(algorithm -> named == null || algorithm.getName().equals(named));
  }
}
