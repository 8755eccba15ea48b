package io.daypass.sandbox.aws;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The federation endpoint that makes console links (IAM user guide, "Enable custom identity broker
 * access to the AWS console"). The console session then lasts as long as the credentials, so a
 * {@code SessionDuration} is refused.
 */
final class SigninStandIn implements Endpoint {

  private static final Duration LINK_LIFE = Duration.ofMinutes(15);
  private static final Pattern CONSOLE =
      Pattern.compile("(?:[a-z]{2}(?:-[a-z]+)+-[0-9]\\.)?console\\.aws\\.amazon\\.com");

  private final Sessions sessions;
  private final Roles roles;
  private final Calls calls;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Map<String, Link> links = new ConcurrentHashMap<>();

  private record Link(Sessions.Session session, Instant until) {}

  SigninStandIn(
      Sessions sessions, Roles roles, Calls calls, SecureRandom random, InstantSource clock) {
    this.sessions = sessions;
    this.roles = roles;
    this.calls = calls;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Future<Reply> answer(Ask ask) {
    var form = ask.form();
    var action = form.get("Action", "");
    var facts = new LinkedHashMap<String, Object>();
    try {
      var reply =
          switch (action) {
            case "getSigninToken" -> token(form, facts);
            case "login" -> login(form, facts);
            default -> throw Refused.validation("Invalid action parameter");
          };
      calls.add("signin", action, 200, "ok", facts);
      return Future.succeededFuture(reply);
    } catch (Refused no) {
      facts.put("message", no.words());
      calls.add("signin", action, no.status(), no.code(), facts);
      return Future.succeededFuture(Reply.text(no.status(), no.words() + "\n"));
    }
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    calls.add("signin", ask.form().get("Action", ""), fault.status(), fault.code(), Map.of());
    return Reply.text(fault.status(), fault.code() + "\n");
  }

  private Reply token(Form form, Map<String, Object> facts) {
    if (form.get("SessionDuration").isPresent()) {
      throw Refused.validation("SessionDuration is not valid for these credentials");
    }
    var given = Json.object(form.get("Session", "")).orElse(Map.of());
    var keyId = given.get("sessionId") instanceof String id ? id : "";
    var session =
        sessions
            .get(keyId)
            .filter(s -> s.secretAccessKey().equals(given.get("sessionKey")))
            .filter(s -> s.sessionToken().equals(given.get("sessionToken")))
            .filter(s -> clock.instant().isBefore(s.terms().expiresAt()))
            .orElseThrow(() -> Refused.validation("Invalid credentials parameter"));
    facts.put("access_key_id", keyId);
    var bytes = new byte[240];
    random.nextBytes(bytes);
    var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var now = clock.instant();
    links.values().removeIf(link -> !now.isBefore(link.until()));
    links.put(token, new Link(session, now.plus(LINK_LIFE)));
    return Reply.json(new JsonObject().put("SigninToken", token));
  }

  private Reply login(Form form, Map<String, Object> facts) {
    var destination = form.get("Destination", "");
    facts.put("destination", destination);
    facts.put("issuer", form.get("Issuer", ""));
    if (!uri(form.get("Issuer", ""))
        .map(URI::getScheme)
        .filter(s -> s.startsWith("http"))
        .isPresent()) {
      throw Refused.validation("Invalid Issuer parameter");
    }
    var host =
        uri(destination)
            .filter(uri -> "https".equals(uri.getScheme()) && uri.getRawUserInfo() == null)
            .flatMap(uri -> Optional.ofNullable(uri.getHost()));
    if (host.filter(name -> CONSOLE.matcher(name).matches()).isEmpty()) {
      throw Refused.validation("Invalid Destination parameter");
    }
    var now = clock.instant();
    var link = links.remove(form.get("SigninToken", ""));
    if (link == null || !now.isBefore(link.until())) {
      throw Refused.validation("Token Expired or already used");
    }
    var session = link.session();
    facts.put("access_key_id", session.accessKeyId());
    var verdict = Verdict.of(session, Optional.empty(), roles, now);
    if (!verdict.allowed()) {
      throw Refused.accessDenied("The console session has ended: " + verdict.why());
    }
    var until = AllowedPage.until(session).toString();
    var page =
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Console (sandbox)</title></head>
        <body>
        <h1>Signed in to the console</h1>
        <p>As <code>%s</code> until <time datetime="%s">%s</time>.</p>
        <p>The real console would now open <code>%s</code>.</p>
        </body>
        </html>
        """
            .formatted(
                Xml.escape(session.arn()),
                until,
                until,
                Xml.escape(destination).replace("\"", "&quot;"));
    return new Reply(
        200,
        "text/html; charset=utf-8",
        page,
        Map.of(
            "Cache-Control", "no-store",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer"));
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
