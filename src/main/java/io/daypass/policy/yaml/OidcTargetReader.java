package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.document.Node;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import io.daypass.policy.Target.Oidc;
import io.daypass.policy.Target.Oidc.Signing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the target of a token that Daypass signs for another audience. */
record OidcTargetReader(MappingReader reader, Installation installation) {

  /** RFC 7519 section 4.1, and what Daypass itself says in a token. */
  private static final Set<String> RESERVED =
      Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "typ", "azp", "act", "daypass");

  /** A token for a cloud's door would be a credential of that cloud without its limits. */
  private static final List<String> CLOUDS =
      List.of(
          "sts.amazonaws.com",
          "daypass-aws-",
          "api://AzureADTokenExchange",
          "//iam.googleapis.com/",
          "https://iam.googleapis.com/");

  Optional<Oidc> read() {
    if (!reader.has("audience")) {
      var message = "without an audience the token would be believed by anybody";
      reader.problem("missing_audience", message);
    }
    var audience = reader.text("audience").filter(this::isFine);
    var claims = new LinkedHashMap<String, Object>();
    reader.mapping("claims").ifPresent(found -> read(found, claims));
    var signing =
        reader.parsed("signing", OidcTargetReader::signing, "RS256 or ES256").orElse(Signing.RS256);
    return audience.map(found -> new Oidc(found, claims, signing));
  }

  private static Optional<Signing> signing(String text) {
    return Stream.of(Signing.values()).filter(known -> known.name().equals(text)).findFirst();
  }

  private boolean isFine(String audience) {
    if (audience.isBlank() || !audience.matches("[!-~]{1,255}") || audience.contains("*")) {
      reader.problem("audience", "missing_audience", "\"audience\" names one receiver exactly");
      return false;
    }
    if (CLOUDS.stream().anyMatch(audience::startsWith)
        || installation.awsAudience().isOf(audience)) {
      var message = "the audience is a cloud's; use the target of that cloud";
      reader.problem("audience", "audience_of_a_cloud", message);
      return false;
    }
    return true;
  }

  private static void read(MappingReader claims, Map<String, Object> into) {
    for (var name : claims.keys()) {
      if (RESERVED.contains(name) || name.startsWith("https://aws.amazon.com/")) {
        claims.problem(name, "claim_reserved", "the claim \"" + name + "\" is Daypass's to set");
      } else {
        claims
            .node(name)
            .flatMap(node -> plain(claims, name, node))
            .ifPresent(v -> into.put(name, v));
      }
    }
  }

  private static Optional<Object> plain(MappingReader claims, String name, Node node) {
    return switch (node) {
      case Scalar scalar -> plain(claims, name, scalar);
      case Sequence(var items, _) ->
          Optional.of(items.stream().flatMap(i -> plain(claims, name, i).stream()).toList());
      case Mapping(var entries, _) -> {
        var map = new LinkedHashMap<String, Object>();
        entries.forEach(
            (key, entry) -> plain(claims, name, entry.value()).ifPresent(v -> map.put(key, v)));
        yield Optional.of(Map.copyOf(map));
      }
    };
  }

  private static Optional<Object> plain(MappingReader claims, String name, Scalar scalar) {
    return switch (scalar.kind()) {
      case STRING -> Optional.of(scalar.text());
      case BOOLEAN -> Optional.of(scalar.text().equals("true"));
      case INTEGER -> {
        if (scalar.text().length() > 15) {
          claims.problem(name, "bad_value", "the number is too large for JSON; quote it");
          yield Optional.empty();
        }
        yield Optional.of(Long.valueOf(scalar.text()));
      }
      case DECIMAL, NULL -> {
        claims.problem(name, "wrong_type", "a claim is text, a whole number or a truth");
        yield Optional.empty();
      }
    };
  }
}
