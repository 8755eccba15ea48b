package io.daypass.postgres;

import io.daypass.request.NewRequest;
import io.daypass.request.OpenLimits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** New requests as open_request takes them. */
final class NewRequestJson {

  private NewRequestJson() {}

  static JsonObject write(NewRequest request, OpenLimits open) {
    var lines = new JsonArray();
    request
        .basis()
        .lines()
        .forEach(line ->
            lines.add(new JsonObject().put("from", line.from()).put("count", line.count())));
    var json =
        new JsonObject()
            .put("id", request.id().value())
            .put("requester", IdentityJson.write(request.requester()))
            .put("role", request.role())
            .put("duration_s", request.wish().duration().toSeconds())
            .put("reason", request.wish().reason())
            .put("ticket", request.wish().ticket())
            .put("rule", request.basis().rule())
            .put("lines", lines)
            .put("policy_digest", request.basis().policyDigest())
            .put("role_digest", request.basis().roleDigest())
            .put("digest", request.basis().digest())
            .put("automatic", request.automatic())
            .put("lapse_after_s", request.lapseAfter().toSeconds())
            .put("open_limit", open.of(request.requester().kind()));
    var startsAt = request.startsAt();
    if (startsAt != null) {
      json.put("starts_at", startsAt.toString());
    }
    var opener = request.opener();
    if (opener != null) {
      json.put("token_key", opener.replayKey())
          .put("token_scope", opener.singleUse() ? "" : request.role())
          .put("token_expires_at", opener.expiresAt().toString());
    }
    var idempotency = request.idempotency();
    if (idempotency != null) {
      json.put("idempotency_key", idempotency.key())
          .put("idempotency_digest", idempotency.digest());
    }
    var extended = request.extendsRequest();
    if (extended != null) {
      json.put("extends", extended.value());
    }
    return json;
  }
}
