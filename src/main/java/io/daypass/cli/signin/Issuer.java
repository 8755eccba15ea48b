package io.daypass.cli.signin;

import io.daypass.cli.client.BrokerUrl;
import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Http;
import io.daypass.cli.client.Http.UnreachableException;
import io.daypass.cli.client.Members;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An issuer as its own document describes it (OpenID Connect Discovery 1.0).
 *
 * @param device where a sign-in on another device begins (RFC 8628); null if it knows none
 * @param revocation where it forgets tokens (RFC 7009); null if it cannot
 * @param scopes what it says it gives; empty if it does not say
 * @param namesItself whether it names itself in its answers (RFC 9207)
 */
public record Issuer(
    String url,
    String clientId,
    URI authorization,
    URI token,
    @Nullable URI device,
    @Nullable URI revocation,
    List<String> scopes,
    boolean namesItself) {

  /** What is asked for where the issuer has it; the broker needs the groups, we the renewal. */
  private static final List<String> WISHES =
      List.of("profile", "email", "groups", "offline_access");

  /** Without a list of the issuer's, only what OpenID Connect Core 5.4 and 11 define. */
  private static final List<String> USUAL = List.of("profile", "email", "offline_access");

  /** Asks {@code url} what it is; whatever does not fit ends the command. */
  public static Issuer discover(String url, String clientId) {
    var base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    var document = endpoint(base + "/.well-known/openid-configuration");
    if (document.isEmpty()) {
      throw unfit(url, "its address is not https");
    }
    try {
      var reply = Http.send("GET", document.get(), Map.of("Accept", "application/json"), null);
      var members = reply.status() == 200 ? Members.read(reply.body()) : Optional.<Members>empty();
      return members
          .map(found -> read(url, clientId, found))
          .orElseThrow(() -> unfit(url, "it has no document that describes it"));
    } catch (UnreachableException e) {
      throw Failure.of(
          "the issuer " + url + " cannot be reached: " + e.why(),
          "look at the network, then try again");
    }
  }

  private static Issuer read(String url, String clientId, Members found) {
    // OpenID Connect Discovery, 4.3: exactly, or what answers is somebody else.
    if (!found.text("issuer").equals(Optional.of(url))) {
      throw unfit(url, "its document is another issuer's");
    }
    var authorization = found.text("authorization_endpoint").flatMap(Issuer::endpoint);
    var token = found.text("token_endpoint").flatMap(Issuer::endpoint);
    if (authorization.isEmpty() || token.isEmpty()) {
      throw unfit(url, "it names no safe endpoint for signing in");
    }
    return new Issuer(
        url,
        clientId,
        authorization.get(),
        token.get(),
        found.text("device_authorization_endpoint").flatMap(Issuer::endpoint).orElse(null),
        found.text("revocation_endpoint").flatMap(Issuer::endpoint).orElse(null),
        found.texts("scopes_supported"),
        found.isTrue("authorization_response_iss_parameter_supported"));
  }

  private static Optional<URI> endpoint(String text) {
    try {
      return Optional.of(URI.create(text)).filter(BrokerUrl::isSafe);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** What to ask for: an unknown scope would be refused by some. */
  String scope() {
    var wished = scopes.isEmpty() ? USUAL : WISHES.stream().filter(scopes::contains).toList();
    return Stream.concat(Stream.of("openid"), wished.stream()).collect(Collectors.joining(" "));
  }

  private static Failure unfit(String url, String why) {
    return Failure.of(
        "nobody can sign in at the issuer " + url + ": " + why,
        "ask whoever runs the broker to look at its settings");
  }
}
