package io.daypass.cloud.gcp;

import com.google.api.client.json.GenericJson;
import com.google.auth.oauth2.AccessToken;
import io.daypass.cloud.Credential.GoogleToken;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.Failure;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What came back, compared with what was asked. Anything else than that is not handed out. */
final class ReceivedToken {

  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  // RFC 6750, section 2.1: what a bearer token may be made of.
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{16,16384}=*");

  /** By how much Google's clock and the database's may differ. */
  private static final Duration TOLERANCE = Duration.ofSeconds(60);

  private ReceivedToken() {}

  /** The federated token, as good as it was asked for: of the type, and for a bearer. */
  static AccessToken federated(AccessToken token, byte @Nullable [] answer) throws Failure {
    // The library compares none of this.
    var json = answer == null ? null : GoogleFailures.json(answer);
    if (json == null) {
      throw differs("exchange");
    }
    require(ACCESS_TOKEN.equals(json.get("issued_token_type")), "issued token type");
    require(isBearer(json.get("token_type")), "token type");
    require(livesOn(json), "expires in");
    require(isToken(token.getTokenValue()), "federated token");
    // Without its end: the next call shows whether it lives, and no clock of ours decides it.
    return new AccessToken(token.getTokenValue(), null);
  }

  /**
   * The service account's token, if it ends with its grant at the latest.
   *
   * @param asked the life that was asked for
   */
  static GoogleToken of(AccessToken token, WantedToken wanted, Duration asked) throws Failure {
    require(isToken(token.getTokenValue()), "access token");
    var end = token.getExpirationTime();
    if (end == null) {
      throw differs("expire time");
    }
    var expires = end.toInstant();
    require(expires.isAfter(wanted.now()), "expire time in the past");
    var latest = wanted.now().plus(asked).plus(TOLERANCE);
    require(!expires.isAfter(latest), "expire time too late");
    // A token cannot be ended before its time, so one that would outlive its grant is dropped.
    require(!expires.isAfter(wanted.grant().endsAt()), "expire time after the grant's end");
    return new GoogleToken(
        new Secret(token.getTokenValue()),
        wanted.target().scopes(),
        expires,
        wanted.grant().issuance().toString());
  }

  private static boolean isBearer(@Nullable Object type) {
    return type instanceof String text && text.equalsIgnoreCase("Bearer");
  }

  /** Google leaves it out where the token ends with what it was exchanged for. */
  private static boolean livesOn(GenericJson json) {
    var seconds = json.get("expires_in");
    return seconds == null || (seconds instanceof BigDecimal number && number.signum() > 0);
  }

  private static boolean isToken(@Nullable String text) {
    return text != null && TOKEN.matcher(text).matches();
  }

  private static void require(boolean held, String what) throws Failure {
    if (!held) {
      throw differs(what);
    }
  }

  private static Failure differs(String what) {
    return Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "differs: " + what);
  }
}
