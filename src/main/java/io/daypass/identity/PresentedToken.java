package io.daypass.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the token a caller proved itself with; never the token.
 *
 * @param replayKey unique for this token among all of all issuers: made from (issuer, jti), or from
 *     the hash of the signed bytes where the token has no jti; of a poll token, its SHA-256
 * @param signedInAt when the person last signed in ({@code auth_time}), if the token says so
 * @param strength {@code acr} and {@code amr} values of the sign-in, if the token says so
 * @param carriesOn of a poll token, the id of the one request it was handed out for
 */
public record PresentedToken(
    String replayKey,
    TokenUse use,
    Instant issuedAt,
    Instant expiresAt,
    @Nullable Instant signedInAt,
    List<String> strength,
    @Nullable String carriesOn) {

  public PresentedToken {
    strength = List.copyOf(strength);
    if ((use == TokenUse.CARRIES_ON) != (carriesOn != null)) {
      throw new IllegalArgumentException("a poll token carries on a request, and no other does");
    }
  }

  /** Any but a poll token. */
  public PresentedToken(
      String replayKey,
      TokenUse use,
      Instant issuedAt,
      Instant expiresAt,
      @Nullable Instant signedInAt,
      List<String> strength) {
    this(replayKey, use, issuedAt, expiresAt, signedInAt, strength, null);
  }

  /** What its uses count as: all poll tokens of one request are one. */
  public String countsAs() {
    return carriesOn == null ? replayKey : carriesOn;
  }
}
