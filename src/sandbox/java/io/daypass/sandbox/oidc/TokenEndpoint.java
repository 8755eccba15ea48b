package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens for codes and refresh tokens (RFC 6749, 7009). Refresh tokens rotate: one that comes back
 * a second time ends its whole family (RFC 9700, 4.14.2). Revoking one ends all that its client got
 * in the same session of a browser, as Keycloak does.
 */
final class TokenEndpoint {

  private static final Duration REFRESH_LIFE = Duration.ofHours(8);

  private final StaffIssuer staff;
  private final CodeFlow codes;
  private final DeviceFlow devices;
  private final Perishable<Refresh> live;
  private final Perishable<String> spent;
  private final Set<String> endedFamilies = ConcurrentHashMap.newKeySet();

  private final Map<Owner, Set<String>> families = new ConcurrentHashMap<>();

  private record Refresh(SignIn signIn, String family) {}

  /** What is revoked as one. */
  private record Owner(String clientId, String session) {
    static Owner of(SignIn signIn) {
      return new Owner(signIn.clientId(), signIn.session());
    }
  }

  TokenEndpoint(StaffIssuer staff, CodeFlow codes, DeviceFlow devices) {
    this.staff = staff;
    this.codes = codes;
    this.devices = devices;
    this.live = new Perishable<>(staff.provider().clock(), REFRESH_LIFE);
    this.spent = new Perishable<>(staff.provider().clock(), REFRESH_LIFE);
  }

  void open(Doors doors) {
    doors.open("POST", "/staff/oauth2/token", Endpoint.now(this::token));
    doors.open("POST", "/staff/oauth2/revoke", Endpoint.now(this::revoke));
  }

  private Reply token(Ask ask) {
    var form = ask.form();
    var client = staff.clients().authenticate(ask, form);
    if (client.isEmpty()) {
      return error(401, "invalid_client");
    }
    return switch (form.get("grant_type", "")) {
      case "authorization_code" ->
          codes
              .redeem(client.get(), form)
              .map(signIn -> tokens(signIn, staff.provider().random()))
              .orElseGet(() -> error(400, "invalid_grant"));
      case "refresh_token" -> refresh(client.get(), form);
      case DeviceFlow.GRANT ->
          switch (devices.poll(client.get(), form)) {
            case DeviceFlow.Poll.Done(var signIn) -> tokens(signIn, staff.provider().random());
            case DeviceFlow.Poll.NotYet(var error) -> error(400, error);
          };
      default -> error(400, "unsupported_grant_type");
    };
  }

  private Reply refresh(String client, Form form) {
    var token = form.get("refresh_token", "");
    spent.peek(token).ifPresent(endedFamilies::add);
    var refresh = live.peek(token).filter(r -> r.signIn().clientId().equals(client));
    if (refresh.isEmpty() || endedFamilies.contains(refresh.get().family())) {
      return error(400, "invalid_grant");
    }
    if (live.take(token).isEmpty()) {
      return error(400, "invalid_grant");
    }
    spent.put(token, refresh.get().family());
    var signIn = refresh.get().signIn();
    // OpenID Connect Core 12.2: auth_time stays that of the sign-in, and no nonce is needed.
    return tokens(
        new SignIn(signIn.person(), signIn.clientId(), signIn.signedInAt(), null, signIn.session()),
        refresh.get().family());
  }

  private Reply tokens(SignIn signIn, String family) {
    var refresh = staff.provider().random();
    live.put(refresh, new Refresh(signIn, family));
    families.computeIfAbsent(Owner.of(signIn), _ -> ConcurrentHashMap.newKeySet()).add(family);
    return Reply.json(
            new JsonObject()
                .put("access_token", staff.provider().random())
                .put("token_type", "Bearer")
                .put("expires_in", 3600)
                .put("id_token", staff.idToken(signIn))
                .put("refresh_token", refresh))
        .with("Pragma", "no-cache");
  }

  private Reply revoke(Ask ask) {
    var form = ask.form();
    var client = staff.clients().authenticate(ask, form);
    if (client.isEmpty()) {
      return error(401, "invalid_client");
    }
    var token = form.get("token", "");
    live.peek(token)
        .filter(r -> r.signIn().clientId().equals(client.get()))
        .map(r -> families.remove(Owner.of(r.signIn())))
        .ifPresent(endedFamilies::addAll);
    // RFC 7009, 2.2: 200 also for a token nobody knows.
    return Reply.text(200, "");
  }

  private static Reply error(int status, String code) {
    return Reply.json(status, new JsonObject().put("error", code));
  }
}
