package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Authorization code with PKCE (RFC 6749, 7636, 9207; OpenID Connect Core 3.1). */
final class CodeFlow {

  private static final String COOKIE = "staff_session";

  private final Provider provider;
  private final Clients clients;
  private final Perishable<Authorization> pending;
  private final Perishable<Code> codes;
  private final Perishable<Session> sessions;

  /** What a client asked for. */
  private record Authorization(
      String clientId,
      String redirectUri,
      Optional<String> state,
      Optional<String> nonce,
      Optional<Challenge> challenge,
      Optional<Long> maxAge,
      boolean loginAsked) {}

  private record Session(Person person, Instant signedInAt, String id) {}

  private record Code(SignIn signIn, String redirectUri, Challenge challenge) {}

  CodeFlow(Provider provider, Clients clients) {
    this.provider = provider;
    this.clients = clients;
    this.pending = new Perishable<>(provider.clock(), Duration.ofMinutes(10));
    this.codes = new Perishable<>(provider.clock(), Duration.ofMinutes(1));
    this.sessions = new Perishable<>(provider.clock(), Duration.ofHours(8));
  }

  void open(Doors doors) {
    doors.open("GET", "/staff/authorize", Endpoint.now(this::authorize));
    doors.open("POST", "/staff/sign-in", Endpoint.now(this::signIn));
  }

  private Reply authorize(Ask ask) {
    var query = ask.query();
    var clientId = query.get("client_id", "");
    var redirectUri = query.get("redirect_uri", "");
    if (!clients.known(clientId) || !clients.mayRedirect(clientId, redirectUri)) {
      // RFC 6749, 4.1.2.1: never send a browser to an address that is not registered.
      return refused("The client or its redirect URI is not registered here.");
    }
    var authorization = read(query, clientId, redirectUri);
    var error = fault(query, authorization);
    if (error.isPresent()) {
      return back(authorization, Map.of("error", error.get()));
    }
    var id = provider.random();
    pending.put(id, authorization);
    var remembered = session(ask).filter(session -> mayContinue(session, authorization));
    if (query.get("prompt", "").equals("none")) {
      return remembered
          .map(session -> grant(authorization, session))
          .orElseGet(() -> back(authorization, Map.of("error", "login_required")));
    }
    return StaffPages.reply(
        200,
        StaffPages.picker(
            "Pick who you are. This is a sandbox: nobody asks for a password.",
            "/staff/sign-in",
            Map.of("id", id),
            remembered.map(Session::person)),
        Optional.of(Clients.origin(redirectUri)));
  }

  private static Authorization read(Form query, String clientId, String redirectUri) {
    return new Authorization(
        clientId,
        redirectUri,
        query.get("state"),
        query.get("nonce"),
        Challenge.of(query),
        query.get("max_age").map(Long::valueOf),
        query.get("prompt", "").contains("login"));
  }

  private static Optional<String> fault(Form query, Authorization authorization) {
    if (!query.get("response_type", "").equals("code")) {
      return Optional.of("unsupported_response_type");
    }
    if (!Set.of(query.get("scope", "").split(" ", 20)).contains("openid")) {
      return Optional.of("invalid_scope");
    }
    return authorization.challenge().isPresent()
        ? Optional.empty()
        : Optional.of("invalid_request");
  }

  private Reply signIn(Ask ask) {
    var form = ask.form();
    var site = ask.header("Sec-Fetch-Site").orElse("same-origin");
    var person = Person.of(form.get("person", ""));
    var authorization = pending.take(form.get("id", ""));
    if (!site.equals("same-origin") || person.isEmpty() || authorization.isEmpty()) {
      return refused("This sign-in is over. Start again from where you came.");
    }
    if (form.get("continue").isPresent()) {
      var session =
          session(ask)
              .filter(s -> s.person().equals(person.get()))
              .filter(s -> mayContinue(s, authorization.get()));
      return session
          .map(s -> grant(authorization.get(), s))
          .orElseGet(() -> refused("The earlier sign-in is too old. Start again."));
    }
    var cookie = provider.random();
    var session = new Session(person.get(), provider.clock().instant(), cookie);
    sessions.put(cookie, session);
    return grant(authorization.get(), session)
        .with("Set-Cookie", COOKIE + "=" + cookie + "; Path=/staff; HttpOnly; SameSite=Lax");
  }

  private Optional<Session> session(Ask ask) {
    return ask.cookie(COOKIE).flatMap(sessions::peek);
  }

  // OpenID Connect Core 3.1.2.1: prompt=login and max_age ask for a sign-in that is fresh.
  private boolean mayContinue(Session session, Authorization authorization) {
    var age = Duration.between(session.signedInAt(), provider.clock().instant()).toSeconds();
    return !authorization.loginAsked()
        && authorization.maxAge().map(longest -> age < longest).orElse(true);
  }

  private Reply grant(Authorization authorization, Session session) {
    var code = provider.random();
    @Nullable String nonce = authorization.nonce().orElse(null);
    var signIn =
        new SignIn(
            session.person(), authorization.clientId(), session.signedInAt(), nonce, session.id());
    codes.put(
        code,
        new Code(signIn, authorization.redirectUri(), authorization.challenge().orElseThrow()));
    return back(authorization, Map.of("code", code));
  }

  private Reply back(Authorization authorization, Map<String, String> answer) {
    var fields = new LinkedHashMap<>(answer);
    authorization.state().ifPresent(state -> fields.put("state", state));
    fields.put("iss", provider.issuer());
    return Reply.seeOther(Form.url(authorization.redirectUri(), fields))
        .with("Referrer-Policy", "no-referrer");
  }

  /** Whom the code in {@code form} stands for; spent by asking. */
  Optional<SignIn> redeem(String clientId, Form form) {
    return codes
        .take(form.get("code", ""))
        .filter(code -> code.signIn().clientId().equals(clientId))
        .filter(code -> code.redirectUri().equals(form.get("redirect_uri", "")))
        .filter(code -> code.challenge().isProvedBy(form))
        .map(Code::signIn);
  }

  private static Reply refused(String why) {
    return StaffPages.reply(400, StaffPages.message("Cannot sign in", why), Optional.empty());
  }
}
