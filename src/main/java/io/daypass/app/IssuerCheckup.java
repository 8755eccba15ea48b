package io.daypass.app;

import io.daypass.cloud.Finding;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Wire;
import io.daypass.cloud.wire.WireException;
import io.daypass.issuer.SigningKeys;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks at Daypass as an issuer from outside, as clouds do: what it says of itself at its public
 * URL, and whether the keys that sign are among those it shows there.
 */
record IssuerCheckup(String issuer, SigningKeys keys) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  List<Finding> findings() {
    try (var wire = new Wire(PATIENCE)) {
      var discovery = read(wire, issuer + "/.well-known/openid-configuration");
      if (discovery.isEmpty()) {
        return List.of(
            wrong(
                "issuer_unreachable",
                "nothing at " + issuer + " says that it is this issuer",
                "have the service run there, with a certificate that this machine and the clouds"
                    + " trust, and let them reach it"));
      }
      if (!issuer.equals(discovery.get().getString("issuer"))) {
        return List.of(
            wrong(
                "issuer_differs",
                "what answers at " + issuer + " says that it is another issuer",
                "set public-url to what the clouds were told, to the letter"));
      }
      var shown = read(wire, issuer + "/.well-known/jwks.json").map(IssuerCheckup::kids);
      var ours = kids(new JsonObject(keys.jwks().body()));
      if (shown.isEmpty() || !shown.get().containsAll(ours)) {
        return List.of(
            wrong(
                "keys_differ",
                "the keys that are shown at " + issuer + " are not those that sign here",
                "use the database and the master key of the service that runs there; after a"
                    + " rotation wait for a minute"));
      }
      return List.of(
          Finding.good("issuer", issuer + " shows the " + ours.size() + " keys that sign"));
    }
  }

  private static List<String> kids(JsonObject jwks) {
    return jwks.getJsonArray("keys", new JsonArray()).stream()
        .map(key -> key instanceof JsonObject one ? one.getString("kid") : null)
        .filter(Objects::nonNull)
        .collect(Collectors.toList());
  }

  private static Finding wrong(String code, String what, String mend) {
    return Finding.wrong(code, what, null, mend);
  }

  private static Optional<JsonObject> read(Wire wire, String url) {
    try {
      var request = HttpRequest.newBuilder(URI.create(url)).GET().build();
      var answer = wire.exchange(request, Deadline.in(PATIENCE));
      return answer.statusCode() == 200
          ? Optional.of(new JsonObject(new String(answer.body(), StandardCharsets.UTF_8)))
          : Optional.empty();
    } catch (WireException | DecodeException | ClassCastException _) {
      return Optional.empty();
    }
  }
}
