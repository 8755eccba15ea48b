package io.daypass.cli.signin;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Form;
import io.daypass.cli.client.Members;
import io.daypass.cli.loopback.Redirect;
import io.daypass.cli.loopback.Redirect.Arrival;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Signing in with a browser on this machine: authorization code with PKCE, sent back to a port that
 * is open for this one sign-in (RFC 8252, RFC 7636, OpenID Connect Core 3.1).
 */
public final class CodeSignIn implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Issuer issuer;
  private final InstantSource clock;
  private final String state;
  private final String nonce;
  private final Pkce pkce;
  private final Redirect redirect;

  /**
   * Opens the port.
   *
   * @param unguessable new random text each time, at least 128 bits
   */
  public CodeSignIn(Issuer issuer, InstantSource clock, Supplier<String> unguessable) {
    this.issuer = issuer;
    this.clock = clock;
    this.state = unguessable.get();
    this.nonce = unguessable.get();
    this.pkce = Pkce.of(unguessable);
    try {
      this.redirect = new Redirect(state, issuer.url(), issuer.namesItself());
    } catch (IOException _) {
      throw Failure.of(
          "no port of this machine can be opened for the browser's answer",
          "daypass login --device");
    }
  }

  /**
   * Where the person signs in.
   *
   * @param fresh asks for it again although they are signed in there
   */
  public String address(boolean fresh) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("response_type", "code");
    fields.put("client_id", issuer.clientId());
    fields.put("redirect_uri", redirect.uri());
    fields.put("scope", issuer.scope());
    fields.put("state", state);
    fields.put("nonce", nonce);
    fields.putAll(pkce.challenge());
    if (fresh) {
      fields.put("prompt", "login");
      fields.put("max_age", "0");
    }
    var base = issuer.authorization().toString();
    return base + (base.contains("?") ? "&" : "?") + Form.encode(fields);
  }

  /** Waits until the person has signed in. */
  public Granted granted() throws InterruptedException {
    return switch (redirect.await(PATIENCE).orElse(null)) {
      case null ->
          throw Failure.of("nobody signed in within five minutes", "daypass login --device");
      case Arrival.Denied(var error) -> throw denied(error);
      case Arrival.Code(var code) -> exchanged(code);
    };
  }

  private Granted exchanged(String code) {
    var reply =
        Granted.ask(
            issuer,
            Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                redirect.uri(),
                "client_id",
                issuer.clientId(),
                "code_verifier",
                pkce.verifier()));
    var answer = Members.read(reply.body());
    if (reply.status() != 200 || answer.isEmpty()) {
      throw Granted.wrong(
          "it does not take its own code (" + Form.words(reply, code, pkce.verifier()) + ")");
    }
    return Granted.read(issuer, answer.get(), nonce, clock.instant());
  }

  private static Failure denied(String error) {
    return switch (error) {
      case "access_denied" -> Failure.of("the sign-in was refused", "daypass login");
      case "another_issuer" ->
          Failure.of("another issuer answered this sign-in; nothing was kept", "daypass login");
      default -> Failure.of("the issuer did not sign you in: " + error, "daypass login");
    };
  }

  /** Tells the person in the browser that it worked. */
  public void done(String text) throws InterruptedException {
    redirect.show("Signed in", text);
  }

  /** Tells the person in the browser that it did not, and what to do. */
  public void failed(Failure failure) throws InterruptedException {
    redirect.show(
        "Not signed in", "Daypass: " + failure.error() + ".\nIn the terminal: " + failure.hint());
  }

  @Override
  public void close() {
    redirect.close();
  }
}
