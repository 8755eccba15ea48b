package io.daypass.cloud;

import java.time.Instant;
import java.util.List;

/** What a cloud gave. */
public sealed interface Credential {

  /** When it stops working: never after the end of its grant. */
  Instant expiresAt();

  /**
   * When the cloud itself stops believing it; after {@link #expiresAt} where the cloud cannot be
   * told to end it with its grant.
   */
  default Instant livesUntil() {
    return expiresAt();
  }

  /** What the ledger calls it: an identifier that is no secret. */
  String id();

  /** SHA-256 of the part that grants access, hex: enough to recognise a leaked credential. */
  String fingerprint();

  /**
   * AWS session keys.
   *
   * @param expiresAt the earlier of STS's expiration and the end of the grant
   */
  record AwsSession(
      String accessKeyId,
      Secret secretAccessKey,
      Secret sessionToken,
      String accountId,
      Instant expiresAt)
      implements Credential {
    @Override
    public String id() {
      return accessKeyId;
    }

    @Override
    public String fingerprint() {
      return sessionToken.fingerprint();
    }
  }

  /**
   * A Google access token.
   *
   * @param scopes what it was asked for, as its role names them
   * @param id names the issuance: Google gives its tokens no public name
   */
  record GoogleToken(Secret accessToken, List<String> scopes, Instant expiresAt, String id)
      implements Credential {
    public GoogleToken {
      scopes = List.copyOf(scopes);
    }

    @Override
    public String fingerprint() {
      return accessToken.fingerprint();
    }
  }

  /**
   * An access token of Microsoft Entra's.
   *
   * @param scope what it is for, as its role names it: {@code RESOURCE/.default}
   * @param expiresAt the earlier of the token's own end and the end of the grant: what its holder
   *     is told
   * @param livesUntil the token's own end, by Entra's choice
   * @param id names the token in Entra's sign-in log, or the issuance where it names none
   * @param outlives whether it still works between {@code expiresAt} and {@code livesUntil}, as its
   *     role accepts; otherwise what it may do is taken away at the end of the grant
   */
  record AzureToken(
      Secret accessToken,
      String scope,
      Instant expiresAt,
      Instant livesUntil,
      String id,
      boolean outlives)
      implements Credential {
    @Override
    public String fingerprint() {
      return accessToken.fingerprint();
    }
  }

  /**
   * A token that Daypass signed itself, for another audience.
   *
   * @param id its jti, which is the issuance's id
   */
  record OidcToken(Secret idToken, Instant expiresAt, String id) implements Credential {
    @Override
    public String fingerprint() {
      return idToken.fingerprint();
    }
  }
}
