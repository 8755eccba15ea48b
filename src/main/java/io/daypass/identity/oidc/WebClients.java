package io.daypass.identity.oidc;

import io.daypass.identity.CodeGrant;
import io.daypass.identity.TrustedIssuer;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Makes the clients of the pages, over one HTTP client that they share. */
public final class WebClients implements AutoCloseable {

  private final InstantSource clock;
  private final Limits limits;
  private final HttpClient http;

  /** Clients that hold what issuers say of themselves by {@code clock}. */
  public WebClients(InstantSource clock) {
    this(clock, Limits.STANDARD);
  }

  WebClients(InstantSource clock, Limits limits) {
    this.clock = clock;
    this.limits = limits;
    this.http = Dial.client(limits.deadline());
  }

  /**
   * How the pages are known to an issuer.
   *
   * @param secret read where it is sent, kept nowhere
   * @param redirect where the issuer sends people back to; one of its own for each issuer
   */
  public record Registration(String clientId, Supplier<String> secret, URI redirect) {}

  /** The client that is registered at {@code issuer} like this. Asks nobody yet. */
  public CodeGrant client(TrustedIssuer issuer, Registration registration) {
    var dial = new Dial(http);
    return new WebClient(issuer, new Discovery(issuer, dial, clock, limits), dial, registration);
  }

  /** Ends all calls. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
