package io.daypass.notice.webhook;

import io.daypass.identity.Identity;
import io.daypass.notice.Message;
import io.daypass.policy.Durations;
import io.daypass.request.AccessRequest;
import io.daypass.request.Approval;
import io.daypass.request.RunOrigin;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook is sent. Its version changes when a member changes its meaning or goes; members
 * may be added. {@code request} has the API's own members; absent ones are left out.
 */
final class Payload {

  private static final int VERSION = 1;

  private Payload() {}

  static Map<String, Object> of(Message message) {
    var notice = message.notice();
    var data = new Members();
    var about = message.about();
    data.put("request", about == null ? null : request(about, message.page().toString()));
    data.put("role", role(message));
    data.put("issuance", notice.issuance());
    data.put("by", by(message));
    for (var name : new String[] {"reason", "cloud", "code", "tries"}) {
      data.put(name, notice.detail().get(name));
    }
    data.put("url", message.page());
    var payload = new Members();
    payload.put("version", VERSION);
    payload.put("id", notice.id());
    payload.put("type", notice.kind().code());
    payload.put("timestamp", notice.at());
    payload.put("data", data.map);
    return payload.map;
  }

  private static Map<String, Object> request(Message.About about, String page) {
    var request = about.request();
    var times = request.times();
    var json = new Members();
    json.put("id", request.id());
    json.put("url", page);
    json.put("state", word(about.status()));
    json.put("role", request.role());
    json.put("requester", person(request.requester()));
    json.put("origin", RunOrigin.of(request.requester()).map(Payload::origin).orElse(null));
    json.put("duration", Durations.show(request.wish().duration()));
    json.put("reason", request.wish().reason());
    json.put("ticket", request.wish().ticket());
    json.put("starts_at", request.startsAt());
    json.put("rule", request.basis().rule());
    json.put(
        "approval",
        request.basis().lines().stream()
            .map(line -> Map.of("from", line.from(), "count", line.count()))
            .toList());
    json.put("approvals", request.approvals().stream().map(Payload::approval).toList());
    json.put("made_at", times.madeAt());
    json.put("lapses_at", times.lapsesAt());
    json.put("grant_starts_at", times.grantStarts());
    json.put("grant_ends_at", times.grantEnds());
    json.put("ended", ending(request.ending()));
    json.put("extends_request", request.extendsRequest());
    return json.map;
  }

  private static Map<String, Object> origin(RunOrigin origin) {
    var json = new Members();
    json.put("repository", origin.repository());
    json.put("ref", origin.ref());
    json.put("commit", origin.commit());
    json.put("actor", origin.actor());
    json.put("run", origin.run());
    return json.map;
  }

  private static Map<String, Object> approval(Approval approval) {
    var shorter = approval.shortenedTo();
    var json = new Members();
    json.put("approver", person(approval.approver().identity()));
    json.put("verdict", word(approval.verdict()));
    json.put("comment", approval.comment());
    json.put("duration", shorter == null ? null : Durations.show(shorter));
    json.put("at", approval.at());
    return json.map;
  }

  private static @Nullable Map<String, Object> ending(AccessRequest.@Nullable Ending ending) {
    if (ending == null) {
      return null;
    }
    var json = new Members();
    json.put("at", ending.at());
    json.put("by", ending.by());
    json.put("reason", ending.reason());
    return json.map;
  }

  private static Map<String, Object> person(Identity identity) {
    var json = new Members();
    json.put("issuer", identity.id().issuer());
    json.put("subject", identity.id().subject());
    json.put("kind", word(identity.kind()));
    json.put("shown_as", identity.shownAs());
    return json.map;
  }

  private static @Nullable Map<String, Object> role(Message message) {
    var name = message.notice().role();
    if (name == null) {
      return null;
    }
    var json = new Members();
    json.put("name", name);
    var role = message.role();
    if (role != null) {
      json.put("description", role.description());
      json.put("access", word(role.access()));
      json.put("sensitivity", word(role.sensitivity()));
      json.put("cloud", role.target().cloud());
    }
    return json.map;
  }

  private static @Nullable Map<String, Object> by(Message message) {
    var known = message.by();
    var id = message.notice().by();
    if (known != null) {
      return person(known);
    }
    return id == null ? null : Map.of("issuer", id.issuer(), "subject", id.subject());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Members in order; absent ones are left out. */
  private static final class Members {
    private final Map<String, Object> map = new LinkedHashMap<>();

    void put(String name, @Nullable Object value) {
      if (value != null) {
        map.put(name, value);
      }
    }
  }
}
