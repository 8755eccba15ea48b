package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Tokens as GitHub Actions gives them to a job (GitHub docs, "OpenID Connect reference"): all ids
 * are strings, they live five minutes, and {@code sub} says environment, pull request or ref.
 */
public final class GithubIssuer {

  private static final Set<String> TIMES = Set.of("exp", "iat", "nbf");
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final Provider provider;

  public GithubIssuer(Provider provider) {
    this.provider = provider;
  }

  public Provider provider() {
    return provider;
  }

  public void open(Doors doors) {
    provider.open(doors, Map.of());
    doors.open("GET", "/github/token", Endpoint.now(this::token));
  }

  /**
   * A token for a job.
   *
   * @param claims what differs from a push to main of acme/shop; name at least {@code aud}
   */
  public String token(Map<String, Object> claims) {
    return token(LIFE, claims);
  }

  /** The same with another life. */
  public String token(Duration life, Map<String, Object> claims) {
    return provider.token(life, shaped(claims));
  }

  private Map<String, Object> shaped(Map<String, Object> given) {
    var repository = text(given, "repository", "acme/shop");
    var owner = repository.substring(0, Math.max(0, repository.indexOf('/')));
    var ref = text(given, "ref", "refs/heads/main");
    var event = text(given, "event_name", "push");
    var claims = new LinkedHashMap<String, Object>();
    claims.put("sub", subject(repository, ref, event, given));
    claims.put("aud", "https://github.com/" + owner);
    claims.put("ref", ref);
    claims.put("sha", String.format("%08x", crc(repository + ref)).repeat(5));
    claims.put("repository", repository);
    claims.put("repository_owner", owner);
    claims.put("repository_id", id(repository, "acme/shop", "7351"));
    claims.put("repository_owner_id", id(owner, "acme", "42"));
    claims.put("repository_visibility", "private");
    claims.put("run_id", "1");
    claims.put("run_number", "1");
    claims.put("run_attempt", "1");
    claims.put("check_run_id", "1");
    claims.put("actor", "alice");
    claims.put("actor_id", "1001");
    claims.put("workflow", "deploy");
    claims.put("head_ref", "");
    claims.put("base_ref", "");
    claims.put("event_name", event);
    claims.put("ref_type", ref.startsWith("refs/tags/") ? "tag" : "branch");
    claims.put("ref_protected", "true");
    claims.put("workflow_ref", repository + "/.github/workflows/deploy.yml@" + ref);
    claims.put("job_workflow_ref", repository + "/.github/workflows/deploy.yml@" + ref);
    claims.put("runner_environment", "github-hosted");
    claims.put("nbf", provider.clock().instant().getEpochSecond() - 1);
    claims.putAll(given);
    return claims;
  }

  private static String subject(
      String repository, String ref, String event, Map<String, Object> given) {
    var environment = text(given, "environment", "");
    if (!environment.isEmpty()) {
      // A colon inside a value would pass for a separator: GitHub writes it as %3A.
      return "repo:" + repository + ":environment:" + environment.replace(":", "%3A");
    }
    return event.equals("pull_request")
        ? "repo:" + repository + ":pull_request"
        : "repo:" + repository + ":ref:" + ref;
  }

  private static String text(Map<String, Object> given, String name, String otherwise) {
    var value = given.get(name);
    return value instanceof String text ? text : otherwise;
  }

  private static String id(String of, String known, String knownId) {
    return of.equals(known) ? knownId : String.valueOf(100_000 + crc(of) % 900_000_000);
  }

  private static long crc(String text) {
    var crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  private static Object typed(String claim, String value) {
    return TIMES.contains(claim) ? (Object) Long.valueOf(value) : value;
  }

  private Reply token(Ask ask) {
    var claims = new LinkedHashMap<String, Object>();
    ask.query().fields().forEach((name, value) -> claims.put(name, typed(name, value)));
    var audience = claims.remove("audience");
    if (audience != null) {
      claims.put("aud", audience);
    }
    return Reply.json(new JsonObject().put("value", token(claims)));
  }
}
