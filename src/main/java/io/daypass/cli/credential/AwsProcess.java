package io.daypass.cli.credential;

import io.daypass.cli.client.Members;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code credential_process} (AWS SDKs and Tools reference guide, "Process credential provider"):
 * one JSON object of known members, nothing else.
 */
public final class AwsProcess implements Format {

  @Override
  public String name() {
    return "aws";
  }

  @Override
  public String suits() {
    return "a role of AWS";
  }

  @Override
  public Optional<Shaped> shape(Members answer) {
    var id = plain(answer, "AccessKeyId");
    var secret = plain(answer, "SecretAccessKey");
    var token = plain(answer, "SessionToken");
    var expires = answer.text("Expiration").flatMap(AwsProcess::instant);
    if (id.isEmpty() || secret.isEmpty() || token.isEmpty() || expires.isEmpty()) {
      return Optional.empty();
    }
    var json = new StringBuilder("{\"Version\":1");
    member(json, "AccessKeyId", id.get());
    member(json, "SecretAccessKey", secret.get());
    member(json, "SessionToken", token.get());
    member(json, "Expiration", expires.get().toString());
    plain(answer, "AccountId").ifPresent(account -> member(json, "AccountId", account));
    return Optional.of(new Shaped(json.append('}').toString(), expires.get()));
  }

  private static void member(StringBuilder json, String name, String value) {
    json.append(",\"").append(name).append("\":\"").append(value).append('"');
  }

  /** Text that is the same in JSON as it is, as all keys and tokens of AWS are. */
  private static Optional<String> plain(Members answer, String name) {
    return answer.text(name).filter(BearerToken::isPlain);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
