package io.daypass.cli.loopback;

import io.daypass.cli.credential.Keys;
import io.daypass.cli.loopback.Loopback.Asked;
import io.daypass.cli.loopback.Loopback.Reply;
import io.daypass.cloud.Secret;
import io.daypass.document.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives a command its Azure access tokens as the managed identity of an App Service does (App
 * Service documentation, "Use managed identities", REST endpoint reference, 2019-08-01): only for
 * the header that the command was given, and only tokens for what the role's are for, or one
 * service would be shown what is another's. Whichever identity is asked for, it is the role's.
 */
public final class IdentityEndpoint implements AutoCloseable {

  private static final String PATH = "/msi/token";
  private static final String VERSION = "2019-08-01";
  private static final String ANYTHING = "/.default";

  /**
   * Azure Resource Manager under both its names, in each of Azure's clouds; az asks for the older.
   */
  private static final List<Set<String>> RESOURCE_MANAGERS =
      List.of(
          Set.of("https://management.azure.com", "https://management.core.windows.net"),
          Set.of(
              "https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net"),
          Set.of(
              "https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn"));

  private final Loopback server;
  private final Secret header;
  private final Supply supply;

  /** Serves {@code supply} until closed, to whoever shows {@code header}. */
  public IdentityEndpoint(Supply supply, Secret header) throws IOException {
    this.supply = supply;
    this.header = header;
    this.server = new Loopback(this::answer);
  }

  /** What {@code IDENTITY_ENDPOINT} must say. */
  public String url() {
    return server.url(PATH);
  }

  private Reply answer(Asked asked) {
    if (!asked.path().equals(PATH)) {
      return refused(404, "not_found", "nothing is here");
    }
    if (!asked.method().equals("GET")) {
      return refused(405, "method_not_allowed", "only GET is answered");
    }
    if (!Loopback.same(asked.header("X-IDENTITY-HEADER"), header.reveal())) {
      return refused(401, "token_malformed", "this is for the command that daypass exec started");
    }
    var query = asked.query();
    var resource = query.getOrDefault("resource", "");
    if (!query.getOrDefault("api-version", "").equals(VERSION) || resource.isEmpty()) {
      return refused(400, "invalid_request", "ask with api-version=" + VERSION + " and resource=");
    }
    return switch (supply.take()) {
      case Supply.Answer.Given(Keys.Azure keys, var expires) ->
          isFor(keys.scope(), resource)
              ? new Reply(200, "application/json", json(keys, expires, resource), Map.of())
              : refused(
                  400, "invalid_resource", "the role's tokens are for " + resource(keys.scope()));
      case Supply.Answer.Given _ -> refused(Supply.changed());
      case Supply.Answer.None none -> refused(none);
    };
  }

  private static boolean isFor(String scope, String resource) {
    var ours = resource(scope);
    var asked = resource(resource);
    return asked.equals(ours)
        || RESOURCE_MANAGERS.stream()
            .anyMatch(names -> names.contains(asked) && names.contains(ours));
  }

  /** A resource as it is compared: some clients end it with a slash, some leave the scope in. */
  private static String resource(String text) {
    var bare =
        text.endsWith(ANYTHING) ? text.substring(0, text.length() - ANYTHING.length()) : text;
    return bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
  }

  private static String json(Keys.Azure keys, Instant expires, String resource) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("access_token", keys.accessToken().reveal());
    // Text, as App Service has it.
    shape.put("expires_on", Long.toString(expires.getEpochSecond()));
    shape.put("resource", resource);
    shape.put("token_type", "Bearer");
    return Json.write((Object) shape);
  }

  private static Reply refused(Supply.Answer.None none) {
    return refused(none.again() ? 503 : 403, none.code(), none.message());
  }

  private static Reply refused(int status, String error, String message) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("statusCode", status);
    // Some libraries show the one, some the other.
    shape.put("message", message);
    shape.put("error", error);
    shape.put("error_description", message);
    return new Reply(status, "application/json", Json.write((Object) shape), Map.of());
  }

  @Override
  public void close() {
    server.close();
  }
}
