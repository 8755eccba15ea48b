package io.daypass.sandbox;

import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;

/** An Entra whose tokens say something else than was asked for. */
public final class EntraLies {

  private EntraLies() {}

  /** The right answer, but for what {@code lie} does to the claims of its token. */
  public static Fault of(Consumer<JsonObject> lie) {
    return new Fault.Rewrite(reply -> {
      var body = new JsonObject(reply.body());
      if (!body.containsKey("access_token")) {
        return reply;
      }
      var parts = body.getString("access_token").split("\\.", -1);
      var claims =
          new JsonObject(
              new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
      lie.accept(claims);
      var payload =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(claims.encode().getBytes(StandardCharsets.UTF_8));
      body.put("access_token", parts[0] + "." + payload + "." + parts[2]);
      return reply.withBody(body.encode());
    });
  }
}
