package io.daypass.cloud.azure;

import com.azure.core.credential.AccessToken;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token that Entra gave, compared with what was asked for: another tenant's, another
 * application's or another audience's is dropped, and so is one that lives longer than Entra's
 * tokens do.
 *
 * @param id the token's name in Entra's sign-in log; empty if it has none
 * @param principal the object id of the application's service principal; empty if the token does
 *     not say
 * @param expiresAt whole seconds
 */
record ReceivedToken(
    Secret value, Optional<String> id, Optional<String> principal, Instant expiresAt) {

  // Entra, "Configurable token lifetimes": 10 minutes to a day; a minute for clocks.
  private static final Duration SHORTEST = Duration.ofMinutes(9);
  private static final Duration LONGEST = Duration.ofHours(24).plusMinutes(1);
  private static final Duration CLOCKS = Duration.ofMinutes(5);

  private static final int LARGEST = 16 * 1024;
  private static final Pattern PLAIN = Pattern.compile("[!-~]{20,}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
  private static final Pattern GUID =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final String SUFFIX = "/.default";
  // Resources that have themselves named by their client id in version 1 tokens too.
  private static final Map<String, String> NAMED_BY_ID =
      Map.of(
          "https://vault.azure.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
          "https://vault.usgovcloudapi.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
          "https://vault.azure.cn", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093");

  static ReceivedToken of(AccessToken token, Entra.Wanted wanted) throws Failure {
    var value = token.getToken();
    require(
        value != null && value.length() <= LARGEST && PLAIN.matcher(value).matches(),
        "not a token");
    require(token.getExpiresAt() != null, "no expiry");
    var told = token.getExpiresAt().toInstant();
    var claims = claims(value);
    var expires = Answers.number(claims, "exp").map(ReceivedToken::instant).orElse(told);
    require(Duration.between(expires, told).abs().compareTo(CLOCKS) <= 0, "two different expiries");
    var life = Duration.between(wanted.assertion().issuedAt(), expires);
    require(
        life.compareTo(SHORTEST) >= 0 && life.compareTo(LONGEST) <= 0,
        "a life of " + life.toSeconds() + " s");
    if (!claims.isEmpty()) {
      compare(claims, wanted);
    }
    return new ReceivedToken(
        new Secret(value),
        Answers.text(claims, "uti").filter(id -> ID.matcher(id).matches()),
        Answers.text(claims, "oid").filter(id -> GUID.matcher(id).matches()),
        expires);
  }

  /** Refuses one that lives longer than {@code most}, counted from {@code from}. */
  void livesNoLongerThan(Duration most, Instant from) throws Failure {
    var life = Duration.between(from, expiresAt);
    if (life.compareTo(most) > 0) {
      throw Failure.lasting(
          Reason.CLOUD_ANSWER_WRONG,
          "entra: a life of %d minutes, where the role accepts %d: a managed identity's tokens live"
                  .formatted(life.toMinutes(), most.toMinutes())
              + " longer than an application's, and so do those of some token lifetime policies");
    }
  }

  private static void compare(Map<?, ?> claims, Entra.Wanted wanted) throws Failure {
    require(same(Answers.text(claims, "tid"), wanted.tenant()), "of another tenant");
    // Version 1 tokens say appid, version 2 tokens azp.
    var client = Answers.text(claims, "appid").or(() -> Answers.text(claims, "azp"));
    require(same(client, wanted.clientId()), "of another application");
    var resource = wanted.scope().substring(0, wanted.scope().length() - SUFFIX.length());
    var audience = Answers.text(claims, "aud").orElse("");
    require(isFor(resource, audience, claims), "for another audience");
  }

  private static boolean isFor(String resource, String audience, Map<?, ?> claims) {
    if (bare(audience).equals(bare(resource))
        || audience.equalsIgnoreCase(NAMED_BY_ID.get(bare(resource)))) {
      return true;
    }
    // A version 2 token names its resource by the resource's client id, which may stand in the
    // scope as api://<id>; a resource with a name of its own cannot be compared with it.
    var isId = GUID.matcher(audience).matches();
    var named = GUID.matcher(resource.replaceFirst("^api://", "")).matches();
    return isId
        && Answers.text(claims, "ver").filter("2.0"::equals).isPresent()
        && (!named || same(Optional.of(audience), resource.replaceFirst("^api://", "")));
  }

  private static String bare(String resource) {
    return resource.replaceFirst("/+$", "").toLowerCase(Locale.ROOT);
  }

  private static boolean same(Optional<String> claim, String wanted) {
    return claim.filter(wanted::equalsIgnoreCase).isPresent();
  }

  /** The claims of a JWT; none if the token is of a form that is its resource's business. */
  private static Map<?, ?> claims(String token) {
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Map.of();
    }
    try {
      return Answers.object(Base64.getUrlDecoder().decode(parts[1]));
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }

  private static Instant instant(long seconds) {
    // What is out of range is so long a life that it is refused for that.
    return seconds < 0 || seconds > 253_402_300_799L ? Instant.MAX : Instant.ofEpochSecond(seconds);
  }

  private static void require(boolean holds, String otherwise) throws Failure {
    if (!holds) {
      throw Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "entra: " + otherwise);
    }
  }
}
