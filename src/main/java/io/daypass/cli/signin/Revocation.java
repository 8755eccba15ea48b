package io.daypass.cli.signin;

import io.daypass.cli.client.Form;
import io.daypass.cli.client.Http.UnreachableException;
import io.daypass.cli.client.SignIn;
import java.net.URI;
import java.util.Map;

/** Makes an issuer forget a sign-in (RFC 7009). */
public final class Revocation {

  private Revocation() {}

  /** What came of it. */
  public enum Outcome {
    /** The issuer has forgotten it. */
    DONE,
    /** There was nothing that outlives the ID token. */
    NOTHING_TO_DO,
    /** The issuer has no way to forget. */
    NOT_POSSIBLE,
    /** It could not be asked, or said no. */
    FAILED
  }

  /** Ends what renews {@code signIn}. */
  public static Outcome of(SignIn signIn) {
    var token = signIn.refreshToken();
    var endpoint = signIn.revocationEndpoint();
    if (token == null) {
      return Outcome.NOTHING_TO_DO;
    }
    if (endpoint == null) {
      return Outcome.NOT_POSSIBLE;
    }
    try {
      var reply =
          Form.post(
              URI.create(endpoint),
              Map.of(
                  "token",
                  token,
                  "token_type_hint",
                  "refresh_token",
                  "client_id",
                  signIn.clientId()));
      return reply.status() == 200 ? Outcome.DONE : Outcome.FAILED;
    } catch (UnreachableException | IllegalArgumentException _) {
      return Outcome.FAILED;
    }
  }
}
