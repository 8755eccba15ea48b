package io.daypass.cli.credential;

import io.daypass.cli.client.Members;
import io.daypass.cloud.Secret;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a cloud gave for a role, in its parts. */
public sealed interface Keys {

  /** Session keys of AWS. */
  record Aws(String accessKeyId, Secret secretAccessKey, Secret sessionToken, String accountId)
      implements Keys {}

  /** An access token of Google's. */
  record Google(Secret accessToken) implements Keys {}

  /**
   * An access token of Azure's.
   *
   * @param scope what it is for, as {@code RESOURCE/.default}
   */
  record Azure(Secret accessToken, String scope) implements Keys {}

  /** A token that Daypass signed for another audience. */
  record Oidc(Secret idToken) implements Keys {}

  /**
   * Keys and their end.
   *
   * @param expires the end, or that of their grant if it is earlier
   * @param outlivesUntil when they die by themselves, if they work on after their grant; else null
   */
  record Dated(Keys keys, Instant expires, @Nullable Instant outlivesUntil) {}

  /**
   * The keys in the broker's answer, told apart by members that only one cloud's have
   * (openapi.yaml, Credential); empty if they are none that are known here.
   */
  static Optional<Dated> read(Members answer) {
    try {
      var expires =
          answer.text("Expiration").or(() -> answer.text("expires_at")).map(Instant::parse);
      var outlives = outlivesUntil(answer);
      return expires.flatMap(end -> keys(answer).map(keys -> new Dated(keys, end, outlives)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static @Nullable Instant outlivesUntil(Members answer) {
    return answer
        .text("after_end")
        .filter("outlives_approval"::equals)
        .flatMap(_ -> answer.text("lives_until"))
        .map(Instant::parse)
        .orElse(null);
  }

  private static Optional<Keys> keys(Members answer) {
    return aws(answer)
        .or(() -> secret(answer, "id_token").map(Oidc::new))
        .or(() -> secret(answer, "access_token").map(token -> bearer(answer, token)));
  }

  private static Optional<Keys> aws(Members answer) {
    var id = answer.text("AccessKeyId");
    var secret = secret(answer, "SecretAccessKey");
    var token = secret(answer, "SessionToken");
    return id.isEmpty() || secret.isEmpty() || token.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Aws(id.get(), secret.get(), token.get(), answer.text("AccountId").orElse("")));
  }

  private static Keys bearer(Members answer, Secret token) {
    return answer
        .text("scope")
        .<Keys>map(scope -> new Azure(token, scope))
        .orElseGet(() -> new Google(token));
  }

  /** Text that is the same in a header, a file and JSON as it is, as all keys and tokens are. */
  private static Optional<Secret> secret(Members answer, String name) {
    return answer.text(name).filter(BearerToken::isPlain).map(Secret::new);
  }
}
