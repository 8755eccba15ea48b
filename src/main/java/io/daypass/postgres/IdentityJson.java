package io.daypass.postgres;

import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Identities as they are kept. */
final class IdentityJson {

  /** OpenID Connect Core 5.6.2: distributed claims carry access tokens. */
  private static final Set<String> SECRETIVE = Set.of("_claim_names", "_claim_sources");

  private IdentityJson() {}

  static JsonObject write(Identity identity) {
    return new JsonObject()
        .put("issuer", identity.id().issuer())
        .put("subject", identity.id().subject())
        .put("kind", identity.kind().name().toLowerCase(Locale.ROOT))
        .put("name", identity.name())
        .put("email", identity.email())
        .put("person", identity.person())
        .put("groups", new JsonArray(identity.groups().stream().sorted().toList()))
        .put("claims", new JsonObject(storable(identity.claims())));
  }

  /** Some claims of an identity. */
  static JsonObject write(Map<String, Object> claims) {
    return new JsonObject(storable(claims));
  }

  /** What the other wrote; null for nothing. */
  static @Nullable Map<String, Object> claims(@Nullable JsonObject json) {
    return json == null ? null : plain(json);
  }

  private static Map<String, Object> storable(Map<?, ?> members) {
    var kept = new HashMap<String, Object>();
    members.forEach((name, value) -> {
      if (!SECRETIVE.contains(name)) {
        kept.put(storable((String) name), storable(value));
      }
    });
    return kept;
  }

  private static Object storable(Object value) {
    return switch (value) {
      case String text -> storable(text);
      case Map<?, ?> members -> storable(members);
      case List<?> values -> values.stream().map(IdentityJson::storable).toList();
      default -> value;
    };
  }

  // Postgres has no NUL in its texts.
  private static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }

  static Identity read(JsonObject json) {
    Set<String> groups = new HashSet<>();
    json.getJsonArray("groups").forEach(group -> groups.add((String) group));
    return new Identity(
        new CallerId(json.getString("issuer"), json.getString("subject")),
        Kind.valueOf(json.getString("kind").toUpperCase(Locale.ROOT)),
        json.getString("name"),
        json.getString("email"),
        json.getString("person"),
        groups,
        plain(json.getJsonObject("claims")));
  }

  // Vert.x wraps nested values in its own types; what leaves here has the JDK's only.
  private static Map<String, Object> plain(JsonObject json) {
    var values = new HashMap<String, Object>();
    json.forEach(entry -> {
      var value = plain(entry.getValue());
      if (value != null) {
        values.put(entry.getKey(), value);
      }
    });
    return values;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case JsonObject object -> plain(object);
      case Map<?, ?> map -> plain(JsonObject.mapFrom(map));
      case JsonArray array -> array.stream().map(IdentityJson::plain).toList();
      case List<?> list -> list.stream().map(IdentityJson::plain).toList();
      case Integer number -> number.longValue();
      case null -> null;
      default -> value;
    };
  }
}
