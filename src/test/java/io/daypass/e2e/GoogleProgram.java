package io.daypass.e2e;

import com.google.auth.oauth2.GoogleCredentials;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/** A program as others write them: it asks Google's own library for a token of its surroundings. */
final class GoogleProgram {

  private GoogleProgram() {}

  public static void main(String... arguments) {
    try {
      var credentials =
          GoogleCredentials.getApplicationDefault()
              .createScoped("https://www.googleapis.com/auth/cloud-platform");
      var token = credentials.refreshAccessToken();
      System.out.println(
          new JsonObject()
              .put("token", token.getTokenValue())
              .put("expires", token.getExpirationTime().toInstant().getEpochSecond())
              .encode());
    } catch (IOException e) {
      System.out.println(new JsonObject().put("error", String.valueOf(e.getMessage())).encode());
    }
  }
}
