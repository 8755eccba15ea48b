package io.daypass.sandbox.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** How an endpoint misbehaves. */
public sealed interface Fault {

  /** Nothing is done; the answer is {@code status} with an error of that {@code code}. */
  record Refuse(int status, String code) implements Fault {}

  /** Nothing is done and the connection is closed. */
  record Close() implements Fault {}

  /** It is done, and the right answer comes {@code after} a while. */
  record Delay(Duration after) implements Fault {}

  /** It is done, and no answer ever comes. */
  record Hang() implements Fault {}

  /** It is done, and the answer comes one byte at a time. */
  record Drip(Duration perByte) implements Fault {}

  /** It is done, and the connection is closed after half of the answer. */
  record Cut() implements Fault {}

  /** It is done, and the answer goes on until the client hangs up. */
  record Endless() implements Fault {}

  /** It is done, and the answer is another one. */
  record Rewrite(UnaryOperator<Reply> by) implements Fault {}

  /** An outage: 503. */
  static Fault outage() {
    return new Refuse(503, "ServiceUnavailable");
  }

  /** STS asks for patience: 400 {@code Throttling}, as the Query API does. */
  static Fault throttling() {
    return new Refuse(400, "Throttling");
  }

  /** The answer is {@code body}, whatever was asked. */
  static Fault say(String contentType, String body) {
    return new Rewrite(reply -> new Reply(200, contentType, body, Map.of()));
  }

  static Fault garbage() {
    return say("application/octet-stream", "\u0000\u0001 not what you asked for \ufffd");
  }

  static Fault html() {
    return say("text/html", "<!doctype html><title>Login</title><p>Please sign in to the Wi-Fi");
  }

  /** The right answer, with white space after it until it has {@code size} bytes. */
  static Fault large(int size) {
    return new Rewrite(reply ->
        reply.withBody(reply.body() + " ".repeat(Math.max(0, size - reply.body().length()))));
  }

  /** A key set with {@code count} times its first key, each under another id. */
  static Fault manyKeys(int count) {
    return new Rewrite(reply -> {
      var set = new JsonObject(reply.body());
      var first = set.getJsonArray("keys").getJsonObject(0);
      var keys = new JsonArray();
      for (int i = 0; i < count; i++) {
        keys.add(first.copy().put("kid", "key-" + i));
      }
      return reply.withBody(new JsonObject().put("keys", keys).encode());
    });
  }

  static Fault malformedXml() {
    return new Rewrite(reply -> reply.withBody(reply.body().replace("</Credentials>", "")));
  }

  /** Entities that multiply: a parser that expands them runs out of memory. */
  static Fault xmlBomb() {
    var bomb = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY a0 \"lol\">");
    for (int i = 1; i < 12; i++) {
      bomb.append("<!ENTITY a").append(i).append(" \"").append(("&a" + (i - 1) + ";").repeat(10));
      bomb.append("\">");
    }
    return new Rewrite(reply ->
        reply.withBody(
            bomb + "]>\n" + reply.body().replaceAll("<SessionToken>[^<]*", "<SessionToken>&a11;")));
  }

  /** The session is of a role in another account than the one asked for. */
  static Fault wrongAccount(String account) {
    return new Rewrite(reply ->
        reply.withBody(
            reply.body().replaceAll("arn:aws:sts::[0-9]{12}:", "arn:aws:sts::" + account + ":")));
  }

  /** The session is of another role than the one asked for. */
  static Fault wrongRole(String name) {
    return new Rewrite(reply ->
        reply.withBody(
            reply.body().replaceAll(":assumed-role/[^/]*/", ":assumed-role/" + name + "/")));
  }

  /** The session says it lives until {@code expiration}, ISO 8601. */
  static Fault expiration(String expiration) {
    return new Rewrite(reply ->
        reply.withBody(reply.body().replaceAll("<Expiration>[^<]*", "<Expiration>" + expiration)));
  }

  /** The answer is sent elsewhere. */
  static Fault redirect(String location) {
    return new Rewrite(reply -> new Reply(302, "text/plain", "", Map.of("Location", location)));
  }
}
