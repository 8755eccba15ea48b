package io.daypass.e2e;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A client of one replica, over plain HTTP; notes what every answer says beside its body. */
final class Api {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /** Headers of all answers of all replicas: none may hold a secret. */
  static final Queue<String> HEADERS = new ConcurrentLinkedQueue<>();

  /** Bodies of all refusals of all replicas: the same holds of them. */
  static final Queue<String> REFUSALS = new ConcurrentLinkedQueue<>();

  private final String url;

  Api(String url) {
    this.url = url;
  }

  /** An answer. */
  record Answer(int status, String body, java.net.http.HttpHeaders headers) {

    JsonObject json() {
      try {
        return new JsonObject(body);
      } catch (DecodeException e) {
        throw new AssertionError("not a JSON object (" + status + "): " + body, e);
      }
    }

    String text(String member) {
      return json().getString(member);
    }

    Instant instant(String member) {
      return Instant.parse(text(member));
    }

    List<JsonObject> list(String member) {
      var objects = new ArrayList<JsonObject>();
      json().getJsonArray(member).forEach(one -> objects.add((JsonObject) one));
      return objects;
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    /** The answer, which must have this status. */
    Answer is(int expected) {
      if (status != expected) {
        throw new AssertionError("expected " + expected + ", got " + status + ": " + body);
      }
      return this;
    }

    /** The answer, which must be this refusal, worded as RFC 9457 has it. */
    Answer is(int expected, String code) {
      is(expected);
      if (!header("Content-Type").equals("application/problem+json")
          || !code.equals(text("code"))
          || json().getInteger("status") != expected
          || text("title").isBlank()
          || text("detail").isBlank()
          || text("next").isBlank()
          || !text("type").equals("urn:daypass:problem:" + code)) {
        throw new AssertionError("expected " + code + ", got " + header("Content-Type") + body);
      }
      return this;
    }
  }

  String url() {
    return url;
  }

  Answer get(String path, String token) {
    return wait(send(request(path, token)));
  }

  Answer get(String path) {
    return wait(send(HttpRequest.newBuilder(URI.create(url + path))));
  }

  Answer post(String path, String token, String... members) {
    return wait(postLater(path, token, members));
  }

  /** With members as name, value, name, value. */
  CompletableFuture<Answer> postLater(String path, String token, String... members) {
    return send(body(request(path, token), json(members).encode()));
  }

  Answer postWith(String path, String token, String header, String value, String... members) {
    return wait(send(body(request(path, token).header(header, value), json(members).encode())));
  }

  Answer postText(String path, String token, String text) {
    return wait(send(body(request(path, token), text)));
  }

  Answer any(HttpRequest.Builder request) {
    return wait(send(request));
  }

  HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Authorization", "Bearer " + token);
  }

  Answer credentials(String role, String token) {
    return post("/v1/roles/" + role + "/credentials", token);
  }

  CompletableFuture<Answer> credentialsLater(String role, String token) {
    return postLater("/v1/roles/" + role + "/credentials", token);
  }

  /** The id of a new request. */
  String ask(String token, String role, String duration, String reason) {
    return post(
            "/v1/requests",
            token,
            "role",
            role,
            "duration",
            duration,
            "reason",
            reason,
            "ticket",
            "OPS-1")
        .is(201)
        .text("id");
  }

  Answer on(String request, String verb, String token, String... members) {
    return wait(onLater(request, verb, token, members));
  }

  CompletableFuture<Answer> onLater(String request, String verb, String token, String... members) {
    return postLater("/v1/requests/" + request + "/" + verb, token, members);
  }

  boolean isReady() {
    try {
      return get("/readyz").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static HttpRequest.Builder body(HttpRequest.Builder request, String body) {
    return request
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  static JsonObject json(String... members) {
    var json = new JsonObject();
    for (int i = 0; i < members.length; i += 2) {
      json.put(members[i], members[i + 1]);
    }
    return json;
  }

  private static CompletableFuture<Answer> send(HttpRequest.Builder request) {
    return CLIENT
        .sendAsync(
            request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(answer -> {
          HEADERS.add(answer.headers().map().toString());
          if (answer.statusCode() >= 400) {
            REFUSALS.add(answer.body());
          }
          return new Answer(answer.statusCode(), answer.body(), answer.headers());
        });
  }

  /** The answer; no answer is an {@link UncheckedIOException}. */
  static Answer wait(CompletableFuture<Answer> answer) {
    try {
      return answer.join();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof IOException io) {
        throw new UncheckedIOException(io);
      }
      throw e;
    }
  }
}
