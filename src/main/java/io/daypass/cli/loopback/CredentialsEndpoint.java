package io.daypass.cli.loopback;

import io.daypass.cli.loopback.Loopback.Asked;
import io.daypass.cli.loopback.Loopback.Reply;
import io.daypass.cloud.Secret;
import io.daypass.document.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives a command its AWS keys as a container's agent would (AWS SDKs and Tools reference guide,
 * "Container credential provider"): one path, one method, and only for the token that the command
 * was given.
 */
public final class CredentialsEndpoint implements AutoCloseable {

  private static final String PATH = "/credentials";

  private final Loopback server;
  private final Secret token;
  private final Source source;

  /** Where the keys come from. Asked by several threads at once. */
  @FunctionalInterface
  public interface Source {
    Answer keys();
  }

  /** What the source has. */
  public sealed interface Answer {

    /** Keys that are good now. */
    record Keys(
        String accessKeyId,
        Secret secretAccessKey,
        Secret sessionToken,
        String expiration,
        String accountId)
        implements Answer {}

    /**
     * None.
     *
     * @param code stable, in the words of the broker
     * @param message for whoever reads the SDK's error
     * @param again whether it may come right by itself
     */
    record None(String code, String message, boolean again) implements Answer {}
  }

  /** Serves {@code source} until closed, to whoever shows {@code token}. */
  public CredentialsEndpoint(Source source, Secret token) throws IOException {
    this.source = source;
    this.token = token;
    this.server = new Loopback(this::answer);
  }

  /** What {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} must say. */
  public String url() {
    return server.url(PATH);
  }

  private Reply answer(Asked asked) {
    if (!asked.target().equals(PATH)) {
      return refused(404, "not_found", "nothing is here");
    }
    if (!asked.method().equals("GET")) {
      return refused(405, "method_not_allowed", "only GET is answered");
    }
    if (!Loopback.same(asked.header("Authorization"), token.reveal())) {
      return refused(401, "token_malformed", "this is for the command that daypass exec started");
    }
    return switch (source.keys()) {
      case Answer.Keys keys -> new Reply(200, "application/json", json(keys), Map.of());
      case Answer.None(var code, var message, var again) ->
          refused(again ? 503 : 403, code, message);
    };
  }

  private static String json(Answer.Keys keys) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("AccessKeyId", keys.accessKeyId());
    shape.put("SecretAccessKey", keys.secretAccessKey().reveal());
    shape.put("Token", keys.sessionToken().reveal());
    shape.put("Expiration", keys.expiration());
    shape.put("AccountId", keys.accountId());
    return Json.write((Object) shape);
  }

  private static Reply refused(int status, String code, String message) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("code", code);
    shape.put("message", message);
    return new Reply(status, "application/json", Json.write((Object) shape), Map.of());
  }

  @Override
  public void close() {
    server.close();
  }
}
