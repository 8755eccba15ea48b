package io.daypass.sandbox.demo;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;

/** What was asked over HTTP, and the answer. */
record Asked(String what, int status, String body) {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  static Asked get(String url) throws IOException, InterruptedException {
    return send("GET " + URI.create(url).getPath(), HttpRequest.newBuilder(URI.create(url)));
  }

  static Asked get(String url, String token) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token);
    return send("GET " + URI.create(url).getPath(), request);
  }

  static Asked post(String url, String token, JsonObject body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
    return send("POST " + URI.create(url).getPath(), request);
  }

  private static Asked send(String what, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var answer =
        CLIENT.send(
            request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    return new Asked(what, answer.statusCode(), answer.body());
  }

  /** The body; empty where it is no JSON object. */
  JsonObject json() {
    try {
      return new JsonObject(body);
    } catch (DecodeException e) {
      return new JsonObject();
    }
  }

  /** A member that is text; empty if there is none. */
  String text(String member) {
    return Objects.requireNonNullElse(json().getString(member), "");
  }

  JsonArray list(String member) {
    return Objects.requireNonNullElse(json().getJsonArray(member), new JsonArray());
  }

  /** Never the body: it may hold a secret. */
  @Override
  public String toString() {
    return what + " -> " + status;
  }
}
