package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signing in on another device (RFC 8628), with PKCE, which Keycloak asks of public clients. */
final class DeviceFlow {

  static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

  private static final Duration LIFE = Duration.ofMinutes(10);
  // RFC 8628, 3.2 has 5 as the default; a sandbox need not make anybody wait for so long.
  private static final int INTERVAL_SECONDS = 1;
  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

  private final Provider provider;
  private final Clients clients;
  private final Perishable<Device> byUserCode;
  private final Perishable<Device> byDeviceCode;

  /** A device that waits; guarded by itself. */
  private static final class Device {
    private final String clientId;
    private final Challenge challenge;
    private @Nullable SignIn signIn;
    private boolean denied;
    private Instant nextPoll = Instant.MIN;

    Device(String clientId, Challenge challenge) {
      this.clientId = clientId;
      this.challenge = challenge;
    }
  }

  /** What a poll finds. */
  sealed interface Poll {
    record Done(SignIn signIn) implements Poll {}

    record NotYet(String error) implements Poll {}
  }

  DeviceFlow(Provider provider, Clients clients) {
    this.provider = provider;
    this.clients = clients;
    this.byUserCode = new Perishable<>(provider.clock(), LIFE);
    this.byDeviceCode = new Perishable<>(provider.clock(), LIFE);
  }

  void open(Doors doors) {
    doors.open("POST", "/staff/oauth2/device", Endpoint.now(this::begin));
    doors.open("GET", "/staff/device", Endpoint.now(this::page));
    doors.open("POST", "/staff/device", Endpoint.now(this::decide));
  }

  private Reply begin(Ask ask) {
    var form = ask.form();
    var client = clients.authenticate(ask, form);
    if (client.isEmpty() || !client.get().equals(Clients.CLI)) {
      return Reply.json(401, new JsonObject().put("error", "invalid_client"));
    }
    var challenge = Challenge.of(form);
    if (challenge.isEmpty()) {
      return Reply.json(
          400,
          new JsonObject()
              .put("error", "invalid_request")
              .put("error_description", "Missing parameter: code_challenge_method"));
    }
    var device = new Device(client.get(), challenge.get());
    var deviceCode = provider.random();
    var userCode = userCode();
    byDeviceCode.put(deviceCode, device);
    byUserCode.put(userCode, device);
    var page = provider.issuer() + "/device";
    return Reply.json(
        new JsonObject()
            .put("device_code", deviceCode)
            .put("user_code", userCode)
            .put("verification_uri", page)
            .put("verification_uri_complete", Form.url(page, Map.of("user_code", userCode)))
            .put("expires_in", LIFE.toSeconds())
            .put("interval", INTERVAL_SECONDS));
  }

  private Reply page(Ask ask) {
    var userCode = normal(ask.query().get("user_code", ""));
    if (byUserCode.peek(userCode).isEmpty()) {
      return StaffPages.reply(200, StaffPages.enterCode(), Optional.empty());
    }
    return StaffPages.reply(
        200,
        StaffPages.picker(
            "A device asks to sign in as you. Go on only if it shows the code " + userCode + ".",
            "/staff/device",
            Map.of("user_code", userCode),
            Optional.empty()),
        Optional.empty());
  }

  private Reply decide(Ask ask) {
    var form = ask.form();
    var site = ask.header("Sec-Fetch-Site").orElse("same-origin");
    var person = Person.of(form.get("person", ""));
    var device = byUserCode.take(normal(form.get("user_code", "")));
    if (!site.equals("same-origin") || device.isEmpty()) {
      return StaffPages.reply(
          400, StaffPages.message("Too late", "This code is not valid."), Optional.empty());
    }
    synchronized (device.get()) {
      if (person.isPresent()) {
        device.get().signIn =
            new SignIn(
                person.get(),
                device.get().clientId,
                provider.clock().instant(),
                null,
                provider.random());
      } else {
        device.get().denied = true;
      }
    }
    return StaffPages.reply(
        200,
        StaffPages.message("Done", "You may close this page and go back to the device."),
        Optional.empty());
  }

  /** How the sign-in that the code in {@code form} stands for is getting on; done only once. */
  Poll poll(String clientId, Form form) {
    var deviceCode = form.get("device_code", "");
    var device = byDeviceCode.peek(deviceCode).filter(d -> d.clientId.equals(clientId));
    if (device.isEmpty()) {
      return new Poll.NotYet("expired_token");
    }
    if (!device.get().challenge.isProvedBy(form)) {
      return new Poll.NotYet("invalid_grant");
    }
    synchronized (device.get()) {
      var now = provider.clock().instant();
      var signIn = device.get().signIn;
      if (signIn != null) {
        return byDeviceCode.take(deviceCode).isPresent()
            ? new Poll.Done(signIn)
            : new Poll.NotYet("expired_token");
      }
      if (device.get().denied) {
        return new Poll.NotYet("access_denied");
      }
      boolean early = now.isBefore(device.get().nextPoll);
      // A little under the interval: clients measure theirs from the answer.
      device.get().nextPoll = now.plusMillis(INTERVAL_SECONDS * 900L);
      return new Poll.NotYet(early ? "slow_down" : "authorization_pending");
    }
  }

  private String userCode() {
    var random = provider.random();
    var code = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      int value = Integer.parseInt(random.substring(4 * i, 4 * i + 4), 16);
      code.append(i == 4 ? "-" : "").append(LETTERS.charAt(value % LETTERS.length()));
    }
    return code.toString();
  }

  private static String normal(String userCode) {
    var letters = userCode.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
    return letters.length() == 8 ? letters.substring(0, 4) + "-" + letters.substring(4) : "";
  }
}
