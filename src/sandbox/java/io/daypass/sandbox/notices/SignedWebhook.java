package io.daypass.sandbox.notices;

import io.daypass.sandbox.http.Ask;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies as the Standard Webhooks specification tells receivers to, and takes nothing else. */
final class SignedWebhook {

  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final byte[] key;
  private final InstantSource clock;

  SignedWebhook(byte[] key, InstantSource clock) {
    this.key = key.clone();
    this.clock = clock;
  }

  byte[] key() {
    return key.clone();
  }

  /** What is wrong with {@code ask}; empty if it may be believed. */
  Optional<String> wrong(Ask ask) {
    var id = ask.header("webhook-id").orElse("");
    var timestamp = ask.header("webhook-timestamp").orElse("");
    if (id.isEmpty() || !timestamp.matches("[0-9]{1,12}")) {
      return Optional.of("unsigned");
    }
    var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), clock.instant());
    if (age.abs().compareTo(TOLERANCE) > 0) {
      return Optional.of("too old, or of tomorrow");
    }
    var given = ask.header("webhook-signature").orElse("").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(given, signature(id, timestamp, ask.body().getBytes()))) {
      return Optional.of("the signature is another");
    }
    return isWellFormed(ask, id) ? Optional.empty() : Optional.of("malformed");
  }

  private static boolean isWellFormed(Ask ask, String id) {
    try {
      var body = new JsonObject(ask.body());
      Instant.parse(body.getString("timestamp"));
      return ask.header("Content-Type").orElse("").equals("application/json")
          && UUID.fromString(id).toString().equals(body.getString("id"))
          && body.getInteger("version") == 1
          && !body.getString("type").isEmpty()
          && body.getJsonObject("data").containsKey("url");
    } catch (DecodeException | ClassCastException | NullPointerException e) {
      return false;
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      return false;
    }
  }

  private byte[] signature(String id, String timestamp, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      var encoded = Base64.getEncoder().encodeToString(mac.doFinal(body));
      return ("v1," + encoded).getBytes(StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
