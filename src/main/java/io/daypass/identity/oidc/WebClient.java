package io.daypass.identity.oidc;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.Prompt;
import io.daypass.identity.CodeGrant;
import io.daypass.identity.TrustedIssuer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of the pages at one issuer. It proves itself with its secret (client_secret_basic) at
 * the token endpoint that the issuer's discovery names, and shows it nowhere else.
 */
final class WebClient implements CodeGrant {

  private static final Logger LOG = LoggerFactory.getLogger(WebClient.class);

  /** What Daypass reads of people, where the issuer knows it; unknown scopes some would refuse. */
  private static final List<String> WISHES = List.of("profile", "email", "groups");

  /** People wait for it, and a code cannot be redeemed twice. */
  private static final Duration REDEEM_WITHIN = Duration.ofSeconds(8);

  private static final List<String> USUAL = List.of("profile", "email");

  private final TrustedIssuer issuer;
  private final Discovery discovery;
  private final Dial dial;
  private final ClientID id;
  private final Supplier<String> secret;
  private final URI redirect;

  WebClient(
      TrustedIssuer issuer, Discovery discovery, Dial dial, WebClients.Registration registration) {
    this.issuer = issuer;
    this.discovery = discovery;
    this.dial = dial;
    this.id = new ClientID(registration.clientId());
    this.secret = registration.secret();
    this.redirect = registration.redirect();
  }

  @Override
  public String clientId() {
    return id.getValue();
  }

  @Override
  public Sending send(Errand errand) {
    return discovery
        .endpoints()
        .<Sending>map(endpoints -> new Sending.To(address(endpoints, errand)))
        .orElseGet(Sending.Unavailable::new);
  }

  private URI address(Endpoints endpoints, Errand errand) {
    var scope = new Scope("openid");
    (endpoints.scopes().isEmpty() ? USUAL : WISHES)
        .stream()
            .filter(wish -> endpoints.scopes().isEmpty() || endpoints.scopes().contains(wish))
            .forEach(scope::add);
    var request =
        new AuthenticationRequest.Builder(ResponseType.CODE, scope, id, redirect)
            .endpointURI(endpoints.authorization())
            .state(new State(errand.state()))
            .nonce(new Nonce(errand.nonce()))
            .codeChallenge(new CodeVerifier(errand.verifier()), CodeChallengeMethod.S256);
    if (errand.fresh()) {
      request.prompt(Prompt.Type.LOGIN).maxAge(0);
    }
    return request.build().toURI();
  }

  @Override
  public Brought read(Map<String, String> query) {
    var endpoints = discovery.endpoints();
    if (endpoints.isEmpty()) {
      return new Brought.Unavailable();
    }
    var parameters = new LinkedHashMap<String, List<String>>();
    query.forEach((name, value) -> parameters.put(name, List.of(value)));
    try {
      var response = AuthenticationResponseParser.parse(redirect, parameters);
      var from = response.getIssuer();
      var fits =
          from == null ? !endpoints.get().namesItself() : from.getValue().equals(issuer.issuer());
      if (!fits) {
        return new Brought.OtherIssuer();
      }
      if (!response.indicatesSuccess()) {
        return error(response.toErrorResponse().getErrorObject());
      }
      var code = response.toSuccessResponse().getAuthorizationCode();
      return code == null ? new Brought.Unreadable() : new Brought.Code(code.getValue());
    } catch (ParseException | IllegalArgumentException e) {
      return new Brought.Unreadable();
    }
  }

  private static Brought error(ErrorObject error) {
    return new Brought.Denial(
        IssuerWords.code(error.getCode()), IssuerWords.words(error.getDescription()));
  }

  @Override
  public Redeemed redeem(String code, String verifier) {
    var endpoints = discovery.endpoints();
    if (endpoints.isEmpty()) {
      return new Redeemed.Unavailable();
    }
    var grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(code), redirect, new CodeVerifier(verifier));
    var message =
        new TokenRequest.Builder(
                endpoints.get().token(), new ClientSecretBasic(id, new Secret(secret.get())), grant)
            .build()
            .toHTTPRequest();
    var request =
        HttpRequest.newBuilder(endpoints.get().token())
            .header("Authorization", message.getAuthorization())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(message.getBody(), StandardCharsets.US_ASCII))
            .build();
    var end = System.nanoTime() + REDEEM_WITHIN.toNanos();
    return switch (dial.send(request, end)) {
      case Dial.Dialled.Senseless(var reason) -> failed(reason);
      case Dial.Dialled.Unreachable(var reason) -> failed(reason);
      case Dial.Dialled.Answered answered -> token(answered);
    };
  }

  private Redeemed token(Dial.Dialled.Answered answered) {
    if (answered.status() >= 500) {
      return failed("its token endpoint answers with a fault of its own");
    }
    try {
      var message = new HTTPResponse(answered.status());
      message.setContentType(answered.contentType());
      message.setBody(new String(answered.body(), StandardCharsets.UTF_8));
      var response = OIDCTokenResponseParser.parse(message);
      if (response instanceof OIDCTokenResponse tokens) {
        var token = tokens.getOIDCTokens().getIDTokenString();
        return token == null
            ? failed("its token endpoint gives no ID token")
            : new Redeemed.IdToken(token);
      }
      var code = IssuerWords.code(response.toErrorResponse().getErrorObject().getCode());
      LOG.atWarn()
          .addKeyValue("issuer", issuer.name())
          .addKeyValue("error", code)
          .log("sign_in.code_refused");
      return new Redeemed.Refused(code);
    } catch (ParseException | IllegalArgumentException e) {
      return failed("its token endpoint's answer makes no sense");
    }
  }

  private Redeemed failed(String reason) {
    LOG.atWarn()
        .addKeyValue("issuer", issuer.name())
        .addKeyValue("reason", reason)
        .log("sign_in.token_endpoint_failed");
    return new Redeemed.Unavailable();
  }
}
