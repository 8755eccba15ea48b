package io.daypass.cli.loopback;

import io.daypass.cli.credential.Keys;
import io.daypass.cli.loopback.Loopback.Asked;
import io.daypass.cli.loopback.Loopback.Reply;
import io.daypass.cloud.Secret;
import io.daypass.document.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives a command its Google access tokens as the token endpoint of an {@code
 * external_account_authorized_user} does (RFC 6749, section 6): for the one refresh token that the
 * command was given, which opens nothing anywhere else. Google's libraries post there when theirs
 * is about to end.
 */
public final class GoogleEndpoint implements AutoCloseable {

  private static final String PATH = "/token";

  private final Loopback server;
  private final Secret token;
  private final Supply supply;
  private final InstantSource clock;

  /** Serves {@code supply} until closed, to whoever shows {@code token}. */
  public GoogleEndpoint(Supply supply, Secret token, InstantSource clock) throws IOException {
    this.supply = supply;
    this.token = token;
    this.clock = clock;
    this.server = new Loopback(this::answer);
  }

  /** What {@code token_url} must say. */
  public String url() {
    return server.url(PATH);
  }

  private Reply answer(Asked asked) {
    if (!asked.target().equals(PATH)) {
      return refused(404, "invalid_request", "nothing is here");
    }
    if (!asked.method().equals("POST")) {
      return refused(405, "invalid_request", "only POST is answered");
    }
    var form = asked.form();
    if (!form.getOrDefault("grant_type", "").equals("refresh_token")) {
      return refused(400, "unsupported_grant_type", "only refresh_token is answered");
    }
    if (!Loopback.same(form.getOrDefault("refresh_token", ""), token.reveal())) {
      return refused(401, "invalid_grant", "this is for the command that daypass exec started");
    }
    return switch (supply.take()) {
      case Supply.Answer.Given(Keys.Google keys, var expires) ->
          new Reply(200, "application/json", json(keys, expires), Map.of());
      case Supply.Answer.Given _ -> refused(Supply.changed());
      case Supply.Answer.None none -> refused(none);
    };
  }

  private String json(Keys.Google keys, Instant expires) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("access_token", keys.accessToken().reveal());
    shape.put("token_type", "Bearer");
    shape.put("expires_in", Math.max(0, Duration.between(clock.instant(), expires).toSeconds()));
    return Json.write((Object) shape);
  }

  private static Reply refused(Supply.Answer.None none) {
    return none.again()
        ? refused(503, "temporarily_unavailable", none.message())
        : refused(400, "invalid_grant", none.message());
  }

  private static Reply refused(int status, String error, String description) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("error", error);
    shape.put("error_description", description);
    return new Reply(status, "application/json", Json.write((Object) shape), Map.of());
  }

  @Override
  public void close() {
    server.close();
  }
}
