package io.daypass.app;

import io.daypass.identity.BrowserSignIn;
import io.daypass.identity.BrowserSignIn.Kept;
import io.daypass.identity.BrowserSignIn.Party;
import io.daypass.identity.Caller;
import io.daypass.identity.SessionVerifier;
import io.daypass.identity.TokenProof;
import io.daypass.identity.oidc.WebClients;
import io.daypass.settings.IssuerSettings;
import io.daypass.settings.Settings;
import io.daypass.web.Limits;
import io.daypass.web.Route;
import io.daypass.web.pages.Pages.Behind;
import io.daypass.web.pages.SignInRoutes;
import io.daypass.web.pages.Templates;
import io.daypass.web.pages.Visitors;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pages, and how people sign in to see them.
 *
 * @param clients at the issuers
 * @param look of all pages
 */
record Pages(
    Settings settings,
    Stores stores,
    TokenProof proof,
    WebClients clients,
    RandomIds ids,
    Templates look) {

  /**
   * All routes.
   *
   * @param limits those of the API, so that who fails at one door has failed at all
   * @param seen told of everybody who signed in
   * @param behind what they see then
   */
  List<Route> routes(Limits limits, Consumer<Caller> seen, Behind behind) {
    var sessions = new SessionVerifier(stores.sessions(), believed());
    var lodge =
        new Visitors.Lodge(
            sessions::verify, behind.reading()::mayRead, limits, settings.publicUrl(), look);
    var kept = new Kept(stores.sessions(), stores.sessions(), seen);
    var signIn = new BrowserSignIn(parties(), kept, proof, stores.clock(), ids::bytes);
    var visitors = new Visitors(lodge);
    var routes = new ArrayList<>(new SignInRoutes(signIn, visitors, lodge).routes());
    routes.addAll(io.daypass.web.pages.Pages.routes(visitors, look, behind));
    return routes;
  }

  private List<Party> parties() {
    return settings.issuers().stream().map(this::party).filter(Objects::nonNull).toList();
  }

  private @Nullable Party party(IssuerSettings issuer) {
    var web = issuer.web();
    if (web == null) {
      return null;
    }
    var done = URI.create(settings.publicUrl() + "/sign-in/" + issuer.trusted().name() + "/done");
    var registration =
        new WebClients.Registration(web.clientId(), web.clientSecret()::reveal, done);
    return new Party(issuer.trusted(), clients.client(issuer.trusted(), registration));
  }

  /** An issuer that is not configured for browsers any more has no sessions from that moment. */
  private Map<String, String> believed() {
    return settings.issuers().stream()
        .filter(issuer -> issuer.web() != null)
        .collect(
            Collectors.toUnmodifiableMap(
                issuer -> issuer.trusted().name(), issuer -> issuer.trusted().issuer()));
  }
}
