package io.daypass.web.api;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;

/** A broker in memory, and how its answers are read. */
abstract class ApiCalls {

  final World world = new World();

  @AfterEach
  void stop() {
    world.close();
  }

  static JsonObject json(HttpResponse<String> answer) {
    return new JsonObject(answer.body());
  }

  static String code(HttpResponse<String> answer) {
    return json(answer).getString("code");
  }
}
