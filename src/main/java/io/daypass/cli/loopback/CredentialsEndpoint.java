package io.daypass.cli.loopback;

import io.daypass.cli.credential.Keys;
import io.daypass.cli.loopback.Loopback.Asked;
import io.daypass.cli.loopback.Loopback.Reply;
import io.daypass.cloud.Secret;
import io.daypass.document.Json;
import java.io.IOException;
import java.time.Instant;
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
  private final Supply supply;

  /** Serves {@code supply} until closed, to whoever shows {@code token}. */
  public CredentialsEndpoint(Supply supply, Secret token) throws IOException {
    this.supply = supply;
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
    return switch (supply.take()) {
      case Supply.Answer.Given(Keys.Aws keys, var expires) ->
          new Reply(200, "application/json", json(keys, expires), Map.of());
      case Supply.Answer.Given _ -> refused(Supply.changed());
      case Supply.Answer.None none -> refused(none);
    };
  }

  private static String json(Keys.Aws keys, Instant expires) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("AccessKeyId", keys.accessKeyId());
    shape.put("SecretAccessKey", keys.secretAccessKey().reveal());
    shape.put("Token", keys.sessionToken().reveal());
    shape.put("Expiration", expires.toString());
    shape.put("AccountId", keys.accountId());
    return Json.write((Object) shape);
  }

  private static Reply refused(Supply.Answer.None none) {
    return refused(none.again() ? 503 : 403, none.code(), none.message());
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
