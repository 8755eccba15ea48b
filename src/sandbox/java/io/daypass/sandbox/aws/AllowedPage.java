package io.daypass.sandbox.aws;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Says of an access key id whether its session may act right now: what AWS would decide. */
final class AllowedPage {

  private final Sessions sessions;
  private final Roles roles;
  private final InstantSource clock;

  AllowedPage(Sessions sessions, Roles roles, InstantSource clock) {
    this.sessions = sessions;
    this.roles = roles;
    this.clock = clock;
  }

  Reply reply(Ask ask) {
    var query = ask.query();
    var session = sessions.get(query.get("access_key_id", ""));
    if (session.isEmpty()) {
      return Reply.json(
          404, new JsonObject().put("allowed", false).put("why", "no such access key id"));
    }
    return Reply.json(judge(session.get(), query.get("action")));
  }

  private JsonObject judge(Sessions.Session session, Optional<String> action) {
    var terms = session.terms();
    var verdict = Verdict.of(session, action, roles, clock.instant());
    return new JsonObject()
        .put("allowed", verdict.allowed())
        .put("why", verdict.why())
        .put("until", until(session).toString())
        .put("policy_end", policyEnd(session).map(Instant::toString).orElse(null))
        .put("expires_at", terms.expiresAt().toString())
        .put("role_arn", terms.role().arn())
        .put("session_name", terms.name())
        .put("source_identity", terms.sourceIdentity())
        .put("tags", new JsonObject(new LinkedHashMap<>(terms.tags())));
  }

  /** When a session ends at the latest: by its expiry or by its policy. */
  static Instant until(Sessions.Session session) {
    var expiry = session.terms().expiresAt();
    return policyEnd(session).filter(end -> end.isBefore(expiry)).orElse(expiry);
  }

  private static Optional<Instant> policyEnd(Sessions.Session session) {
    return Optional.ofNullable(session.terms().policy()).flatMap(PolicyDocument::end);
  }
}
